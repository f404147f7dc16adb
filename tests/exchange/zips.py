"""Zip files that are not what they should be."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

Members = list[tuple[zipfile.ZipInfo, bytes]]


def members(path: Path) -> Members:
    """The files of a zip, to be written again otherwise."""
    with zipfile.ZipFile(path) as archive:
        return [(info, archive.read(info)) for info in archive.infolist()]


def rewritten(path: Path, change: Callable[[Members], Members]) -> Path:
    """The zip written again by the standard library, after a change to its files."""
    out = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(out, "w") as archive:
        for info, content in change(members(path)):
            fresh = zipfile.ZipInfo(info.filename, (2026, 3, 2, 12, 0, 0))
            fresh.compress_type, fresh.external_attr = info.compress_type, info.external_attr
            archive.writestr(fresh, content)
    return out


def added(
    name: str, content: bytes = b"", method: int = zipfile.ZIP_STORED, mode: int = 0o100644
) -> Callable[[Members], Members]:
    """A change that adds a file; `{top}` is the folder of the bag."""

    def change(present: Members) -> Members:
        top = present[0][0].filename.partition("/")[0]
        info = zipfile.ZipInfo(name.format(top=top))
        info.compress_type, info.external_attr = method, mode << 16
        return [*present, (info, content)]

    return change


def replaced(name: str, change: Callable[[bytes], bytes]) -> Callable[[Members], Members]:
    """A change to the content of one file."""
    return lambda present: [
        (info, change(content) if info.filename.endswith(name) else content) for info, content in present
    ]


def without(name: str) -> Callable[[Members], Members]:
    """A change that leaves a file out."""
    return lambda present: [(info, content) for info, content in present if not info.filename.endswith(name)]


def patched(path: Path, name: str, at: int, value: bytes, *, local: int | None = None) -> Path:
    """The zip with some bytes of one file's line in the table of contents changed (and of its own header)."""
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = next(info for info in archive.infolist() if info.filename.endswith(name))
    line = raw.find(b"PK\1\2")
    while raw[line + 46 : line + 46 + len(info.filename)] != info.filename.encode():
        line = raw.find(b"PK\1\2", line + 4)
    raw[line + at : line + at + len(value)] = value
    if local is not None:
        start = info.header_offset + local
        raw[start : start + len(value)] = value
    out = path.with_name("patched.pn.zip")
    out.write_bytes(raw)
    return out


def overlapping(path: Path) -> Path:
    """A zip in which a second name leads to the bytes of the ops."""
    raw = path.read_bytes()
    end = raw.rfind(b"PK\5\6")
    count, size, offset = struct.unpack("<HLL", raw[end + 10 : end + 20])
    directory = raw[offset : offset + size]
    lines, at = [], 0
    while at < len(directory):
        name, extra, comment = struct.unpack("<3H", directory[at + 28 : at + 34])
        lines.append(bytearray(directory[at : at + 46 + name + extra + comment]))
        at += 46 + name + extra + comment
    ops, blob = (next(line for line in lines if part in line) for part in (b"ops.jsonl", b"data/blobs/"))
    blob[42:46] = ops[42:46]
    blob[20:28] = ops[20:28]
    out = path.with_name("overlapping.pn.zip")
    out.write_bytes(raw[:offset] + b"".join(lines) + raw[end:])
    assert count == len(lines)
    return out


def with_bytes_of_no_file(path: Path, before: int) -> Path:
    """The zip with something that its table of contents does not know, before the file of that number."""
    out, hidden = io.BytesIO(), b"<script>"
    with zipfile.ZipFile(out, "w") as archive:
        for number, (info, content) in enumerate(members(path)):
            if number == before:
                archive.start_dir += out.write(hidden)
            archive.writestr(zipfile.ZipInfo(info.filename), content)
        if before > number:
            out.seek(archive.start_dir)
            archive.start_dir += out.write(hidden)
    found = path.with_name("hidden.pn.zip")
    found.write_bytes(out.getvalue())
    return found


def bomb(path: Path, name: str, size: int) -> Path:
    """The zip with a file that unpacks to very much more than it is."""
    return rewritten(path, added(name, bytes(size), zipfile.ZIP_DEFLATED))


def empty() -> bytes:
    """A zip with nothing in it."""
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    return out.getvalue()
