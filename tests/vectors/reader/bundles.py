"""Bundles of every form: what they hold, once all of it was checked (section “A bundle”)."""

import hashlib
import json
import re
import zipfile
import zlib

from . import lines
from .lines import Bad, Later, base32, strict

TAGS = ("bagit.txt", "bag-info.txt", "README.txt", "bundle.json", "manifest-sha256.txt")
PAGE = re.compile(r"data/readable(-([2-9]|[1-9][0-9]{1,2}))?\.html")
OPS = "data/ops.jsonl"
BLOB = re.compile(r"data/blobs/([0-9a-f]{64})")
NODE = re.compile(r"[a-z2-7]{52}")
MIB = 1 << 20


def read(name, content):
    """A bundle as `header`, `sender`, `ops`, `later` (lines of later versions) and `blobs`; raises Bad."""
    try:
        if name.endswith(".zip"):
            return read_zip(content)
        if name.endswith(".json"):
            return read_document(content)
        return read_lines(content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise Bad("zip") from error


def result(header, sender, given, blobs=None):
    """Parse the lines of a bundle; one bad one spoils all of it."""
    ops, later = [], []
    for line in given:
        try:
            ops.append(lines.parse(line))
        except Later:
            later.append(line)
    said = (header.get("counts") or {}).get("ops")
    if said is not None and said != len(given):
        raise Bad("count")
    return {"header": header, "sender": sender, "ops": ops, "later": later, "blobs": blobs or {}}


def read_lines(content):
    given = content.removesuffix(b"\n").split(b"\n") if content else []
    header = {}
    if given and given[0].startswith(b'{"bundle":'):
        first = strict(given.pop(0))
        lines.check(first, keys=None)
        header = check_header(first.get("bundle"))
    if not given and (header.get("counts") or {}).get("ops") != 0:
        raise Bad("empty")
    return result(header, None, given)


def read_document(content):
    if len(content) > 16 * MIB:
        raise Bad("long")
    value = strict(content)
    if (
        not isinstance(value, dict)
        or set(value) != {"bundle", "signature", "ops"}
        or not isinstance(value["ops"], list)
    ):
        raise Bad("parts")
    header = check_header(value["bundle"])
    given = []
    for op in value["ops"]:
        lines.check(op)
        given.append(canonical(op))
    if hashlib.sha256(b"".join(line + b"\n" for line in given)).hexdigest() != header.get("ops_sha256"):
        raise Bad("hash")
    sender = check_signature(value["signature"], hashlib.sha256(canonical(header)).digest(), header)
    return result(header, sender, given)


def read_zip(content):
    import io

    archive = zipfile.ZipFile(io.BytesIO(content))
    if not content.endswith(b"PK\5\6" + archive_end(content)):
        raise Bad("zip")
    names, tops = {}, set()
    for info in archive.infolist():
        top, _, name = info.filename.partition("/")
        tops.add(top)
        if info.flag_bits & 0x2041 or info.compress_type not in (0, 8) or info.filename != info.orig_filename:
            raise Bad("zip")
        if name in ("", "data/", "data/blobs/") and info.file_size == 0:
            continue
        known = (*TAGS, "tagmanifest-sha256.txt", "signature.json", OPS)
        if name in names or not (name in known or BLOB.fullmatch(name) or PAGE.fullmatch(name)):
            raise Bad("name")
        if (info.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise Bad("name")
        if info.file_size > max(MIB, 100 * info.compress_size):
            raise Bad("dense")
        names[name] = info
    if len(tops) != 1 or re.search(r"[\\\x00-\x1f]|^\.{0,2}$", top) or len(top) > 200:
        raise Bad("name")
    places(content, archive.infolist(), archive.start_dir)
    files = {name: archive.read(info) for name, info in names.items()}
    tag_manifest = manifest(files.get("tagmanifest-sha256.txt"))
    if set(tag_manifest) != set(TAGS):
        raise Bad("manifest")
    payload = manifest(files.get("manifest-sha256.txt"))
    blobs = {BLOB.fullmatch(name)[1]: files[name] for name in files if BLOB.fullmatch(name)}
    if set(payload) != {OPS, *(name for name in files if BLOB.fullmatch(name) or PAGE.fullmatch(name))}:
        raise Bad("manifest")
    for name, digest in [*tag_manifest.items(), *payload.items()]:
        if name not in files or hashlib.sha256(files[name]).hexdigest() != digest:
            raise Bad("hash")
    if any(payload[f"data/blobs/{sha256}"] != sha256 for sha256 in blobs):
        raise Bad("hash")
    header = check_header(strict(files["bundle.json"]))
    whole = hashlib.sha256(files["tagmanifest-sha256.txt"]).digest()
    sender = check_signature(strict(files.get("signature.json", b"")), whole, header)
    given = files[OPS].removesuffix(b"\n").split(b"\n") if files[OPS] else []
    return result(header, sender, given, blobs)


def archive_end(content):
    """What follows the signature of the end record, which must close the file and have no comment."""
    return content[-18:] if content[-2:] == b"\0\0" else b"?"


def places(content, infos, directory):
    """Refuse entries that lie in the same bytes, and bytes that are no entry's."""
    end, after = 0, (0,)
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset - end not in after:
            raise Bad("zip")
        sizes = content[info.header_offset + 26 : info.header_offset + 30]
        names = int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")
        end = info.header_offset + 30 + names + info.compress_size
        after = (12, 16, 20, 24) if info.flag_bits & 8 else (0,)
    if directory - end not in after:
        raise Bad("zip")


def manifest(content):
    """Hashes by name."""
    entries = [re.fullmatch(r"([0-9a-f]{64})  ([^\r\n]+)", line) for line in (content or b"").decode().splitlines()]
    if not entries or not all(entries) or len({entry[2] for entry in entries}) != len(entries):
        raise Bad("manifest")
    return {entry[2]: entry[1] for entry in entries}


def check_header(header):
    """Hold the header of a bundle against its table."""
    if not isinstance(header, dict):
        raise Bad("header")
    lines.check(header, keys=None)
    number = re.fullmatch(r"partnernet-bundle/([1-9][0-9]{0,5})", str(header.get("format")))
    if not number:
        raise Bad("format")
    if number[1] != "1":
        raise Bad("newer")
    sender = header.get("from", {})
    texts = [(header, "created", 40), (header, "note", 4_000)]
    if not isinstance(sender, dict) or not all(
        isinstance(some.get(name, ""), str) and len(some.get(name, "")) <= limit
        for some, name, limit in [*texts, (sender, "node", 52), (sender, "network", 300), (sender, "server", 300)]
    ):
        raise Bad("header")
    if not (sender.get("node", "") == "" or NODE.fullmatch(sender["node"])):
        raise Bad("header")
    for name, type_ in (("selection", dict), ("counts", dict), ("have", dict), ("blobs", list), ("left_out", list)):
        if not isinstance(header.get(name, type_()), type_):
            raise Bad("header")
    ops, blobs, left = header.get("counts", {}).get("ops"), header.get("blobs", []), header.get("left_out", [])
    if not (ops is None or (lines.whole(ops) and ops >= 0)) or len(blobs) > 40_000 or len(left) > 1_000:
        raise Bad("header")
    if not all(map(is_blob, blobs)) or not all(map(is_left_out, left)):
        raise Bad("header")
    for key, held in header.get("have", {}).items():
        check_have(key, held)
    return header


def is_blob(value):
    size = value.get("size", 0) if isinstance(value, dict) else None
    return (
        isinstance(value, dict) and re.fullmatch("[0-9a-f]{64}", str(value.get("sha256"))) is not None
        and (size is None or (lines.whole(size) and 0 <= size <= 500 * MIB))
    )  # fmt: skip


def is_left_out(value):
    return isinstance(value, dict) and all(
        isinstance(value.get(name, ""), str) and len(value.get(name, "")) <= limit
        for name, limit in (("what", 300), ("why", 1_000))
    )


def check_have(key, held):
    node, inc, log = ([*key.split("/", 2), "", ""])[:3]
    good = NODE.fullmatch(node) and re.fullmatch("[a-z2-7]{26}", inc) and lines.LOG.fullmatch(log)
    if not good or not isinstance(held, dict) or not re.fullmatch("[0-9a-f]{16}", str(held.get("x"))):
        raise Bad("have")
    last = -1
    for part in str(held["r"]).split(",") if held.get("r") else ():
        first, _, end = part.partition("-")
        if not all(re.fullmatch("[1-9][0-9]{0,15}", number) for number in (first, end or first)):
            raise Bad("have")
        if int(first) <= last + 1 or (end and int(end) <= int(first)) or int(end or first) >= 2**53:
            raise Bad("have")
        last = int(end or first)


def check_signature(signature, digest, header):
    """The node that handed a bundle over."""
    lines.check(signature, keys=None)
    if not isinstance(signature, dict) or not all(isinstance(signature.get(name), str) for name in ("node", "sig")):
        raise Bad("signature")
    lines.check_signature(base32(signature["node"], 32), b"partnernet-bundle-v1\n" + digest, signature["sig"])
    if signature["node"] != header.get("from", {}).get("node"):
        raise Bad("signature")
    return signature["node"]


def canonical(value):
    """The canonical bytes of JSON whose keys are ASCII."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
