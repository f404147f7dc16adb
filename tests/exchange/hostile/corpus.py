"""What nobody sends by mistake: files that no server may take in, by name. Each is made when it is asked for."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256

from tests.vectors.lines_made import line_of
from tests.vectors.test_vectors import BAD, DATA, LINES
from tests.vectors.writing import TOP, Key, Writer, document, first_line, line, lines_of, manifest, parts, sign, zipped

MIB = 1 << 20
Made = tuple[str, bytes]
"""The form of a file, and what is in it."""

ZIP, JSON, JSONL = ".pn.zip", ".pn.json", ".pn.jsonl"


def _writer() -> Writer:
    return Writer("north", "Ada")


OPS = [_writer().make("discussion", title="Rooms", body="Where do we meet?")]
KEY = Key("south")
BAG = parts(KEY, OPS)
TEXT = document(KEY, OPS)


def corpus() -> Iterator[tuple[str, Callable[[], Made]]]:
    """Every hostile file, by its name."""
    for vector in LINES["bad"]:
        yield f"line: {vector['name']}", lambda line_=vector: (JSONL, _between(line_of(line_)))
    for name in BAD:
        content = (DATA / "bundles/bad" / name).read_bytes()
        form = f".pn.{name.rpartition('.')[2]}"
        yield f"bundle: {name}", lambda form=form, content=content: (form, content)
    for name, odd in ODD.items():
        yield f"bundle.json: {name}", lambda odd=odd: (ZIP, _bag(**{"bundle.json": _with(BAG["bundle.json"], odd)}))
        yield f"signature.json: {name}", lambda odd=odd: (ZIP, zipped({**BAG, "signature.json": _with(SIGNATURE, odd)}))
        yield f"the head of a document: {name}", lambda odd=odd: (JSON, _with(TEXT, odd))
        yield f"a first line: {name}", lambda odd=odd: (JSONL, _with(first_line(KEY, OPS), odd) + lines_of(OPS))
    for name, made in {**ZIPS, **OTHERS}.items():
        yield name, made


def _between(bad: bytes) -> bytes:
    return lines_of(OPS) + bad + b"\n" + lines_of(OPS)


SIGNATURE = BAG["signature.json"]
ODD: dict[str, bytes] = {
    "23 digits": b"12345678901234567890123",
    "NaN": b"NaN",
    "a fraction": b"1.5",
    "4,301 digits": b"1" * 4301,
    "a key twice": b'{"a":1,"a":1}',
    "U+0000": b'"\\u0000"',
    "half a character": b'"\\udc00"',
    "half a character in a key": b'{"\\ud83c":1}',
    "broken UTF-8": b'"\xff"',
    "200,000 open brackets": b"[" * 200_000,
    "200,000 brackets": b"[" * 100_000 + b"]" * 100_000,
    "17 levels": b"[" * 17 + b"]" * 17,
    "a million empty lists": b"[" + b"[]," * 999_999 + b"[]]",
}


def _with(text: bytes, odd: bytes) -> bytes:
    """JSON with something odd in an unknown field: in the first line inside `bundle`, else at its own start."""
    at = text.index(b"{", 1 if text.startswith(b'{"bundle"') else 0) + 1
    return text[:at] + b'"odd":' + odd + b"," + text[at:]


def _bag(**changed: bytes) -> bytes:
    """A bag whose files were changed by whoever signed it: all hashes and the signature are good."""
    files = {**BAG, **changed}
    payload = {name: content for name, content in files.items() if name.startswith("data/")}
    files["manifest-sha256.txt"] = manifest(payload)
    tags = ("bagit.txt", "bag-info.txt", "README.txt", "bundle.json", "manifest-sha256.txt")
    files["tagmanifest-sha256.txt"] = manifest({name: files[name] for name in tags})
    files["signature.json"] = json.dumps(sign(KEY, files["tagmanifest-sha256.txt"])).encode()
    return zipped(files)


def _packed(name: str, content: bytes, files: dict[str, bytes] = BAG) -> bytes:
    """A bag in which one file is packed as densely as can be."""
    out = io.BytesIO(zipped({key: value for key, value in files.items() if key != name}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(f"{TOP}/{name}", content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def _renamed(old: str, new: str) -> bytes:
    return zipped({new if name == old else name: content for name, content in BAG.items()})


def _patched(at: int, value: bytes, sign_: bytes = b"PK\1\2") -> bytes:
    raw = bytearray(zipped(BAG))
    start = raw.index(sign_) + at
    raw[start : start + len(value)] = value
    return bytes(raw)


def _twice() -> bytes:
    """Two lines of the table of contents that lead to the same bytes."""
    raw = zipped(BAG)
    end = raw.rindex(b"PK\5\6")
    count, size, offset = struct.unpack("<HLL", raw[end + 10 : end + 20])
    name = f"{TOP}/data/ops.jsonl".encode()
    first = raw[offset : offset + 46 + len(name)]
    assert first.endswith(name)
    again = first.replace(b"data/ops.jsonl", b"data/blobs/" + b"0" * 64).replace(
        struct.pack("<H", len(name)), struct.pack("<H", len(name) + 61), 1
    )
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count + 1, count + 1, size + len(again), offset, 0)
    return raw[:end] + again + tail


def _lying_blob() -> bytes:
    name = sha256(b"what it should be").hexdigest()
    return zipped(parts(KEY, OPS, {name: b"what it is"}))


def _many() -> bytes:
    return zipped({**BAG, **{f"data/blobs/{n:064x}": b"" for n in range(20_030)}})


ZIPS: dict[str, Callable[[], Made]] = {
    "a README that unpacks to 3 MiB": lambda: (ZIP, _packed("README.txt", bytes(3 * MIB))),
    "a header over 4 MiB": lambda: (ZIP, _packed("bundle.json", b" " * (5 * MIB))),
    "an attachment that unpacks a thousandfold": lambda: (ZIP, _packed("data/blobs/" + "0" * 64, bytes(64 * MIB))),
    "ops that unpack a thousandfold": lambda: (ZIP, _packed("data/ops.jsonl", b"\n" * (64 * MIB))),
    "two names for the same bytes": lambda: (ZIP, _twice()),
    "more files than a bundle may have": lambda: (ZIP, _many()),
    "an attachment whose hash lies": lambda: (ZIP, _lying_blob()),
    "capitals in a name": lambda: (ZIP, _renamed("data/ops.jsonl", "data/OPS.jsonl")),
    "a name that is the same after folding": lambda: (ZIP, _renamed("data/ops.jsonl", "data/opſ.jsonl")),
    "a wide letter in a name": lambda: (ZIP, _renamed("bagit.txt", "ｂagit.txt")),
    "a name with a nought in it": lambda: (ZIP, zipped(BAG).replace(b"bagit.txt", b"bagit\0txt")),
    "a name with an arrow that turns it": lambda: (ZIP, _renamed("README.txt", "README\u202etxt.")),
    "a folder of dots": lambda: (ZIP, zipped(BAG, top="..")),
    "a folder of 300 letters": lambda: (ZIP, zipped(BAG, top="a" * 300)),
    "no folder": lambda: (ZIP, zipped(BAG, top="")),
    "a device": lambda: (ZIP, zipped(BAG, mode=0o020666)),
    "a password": lambda: (ZIP, _patched(8, b"\1")),
    "an unknown packing": lambda: (ZIP, _patched(10, b"\x5f")),
    "a wrong size": lambda: (ZIP, _patched(24, struct.pack("<L", 7))),
    "a huge size": lambda: (ZIP, _patched(24, b"\xfe\xff\xff\xff")),
    "a wrong checksum": lambda: (ZIP, _patched(16, b"\0\0\0\0")),
    "a place beyond the end": lambda: (ZIP, _patched(42, b"\xfe\xff\xff\x7f")),
    "a table of contents at nought": lambda: (ZIP, _patched(16, b"\0\0\0\0", b"PK\5\6")),
    "a count that lies": lambda: (ZIP, _patched(10, b"\xff\xff", b"PK\5\6")),
    "another disk": lambda: (ZIP, _patched(4, b"\7\0\7\0", b"PK\5\6")),
    "a manifest of a million lines": lambda: (ZIP, _packed("manifest-sha256.txt", b"\n" * MIB)),
    "no zip at all": lambda: (ZIP, b"hello"),
    "an end without a beginning": lambda: (ZIP, b"PK\5\6" + bytes(18)),
    "a long end": lambda: (ZIP, b"PK\6\6" + bytes(52) + b"PK\6\7" + bytes(16) + b"PK\5\6" + b"\xff" * 16 + bytes(2)),
}


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("ops.jsonl"))
    return out.getvalue()


OTHERS: dict[str, Callable[[], Made]] = {
    "a million empty lines": lambda: (JSONL, b"\n" * 1_000_000),
    "an empty line at the start": lambda: (JSONL, b"\n" + lines_of(OPS)),
    "lines that end as on Windows": lambda: (JSONL, lines_of(OPS).replace(b"\n", b"\r\n")),
    "lines in UTF-16": lambda: (JSONL, lines_of(OPS).decode().encode("utf-16")),
    "lines with a byte-order mark": lambda: (JSONL, b"\xef\xbb\xbf" + lines_of(OPS)),
    "a line without an end of 40 MiB": lambda: (JSONL, b"[" * (40 * MIB)),
    "packed lines": lambda: (JSONL, gzip.compress(lines_of(OPS) * 1_000)),
    "a packed archive": lambda: (ZIP, _tar()),
    "a trap of gzip": lambda: (JSONL, gzip.compress(bytes(64 * MIB))),
    "something behind a document": lambda: (JSON, TEXT + b"[]"),
    "a document of open brackets": lambda: (JSON, b"[" * (15 * MIB)),
    "a document of open quotes": lambda: (JSON, b'{"bundle":' + b'"\\"' * (5 * MIB)),
    "a document of braces": lambda: (JSON, b'{"bundle":' + b"{}" * (7 * MIB)),
    "a document whose head is a long list": lambda: (JSON, b'{"bundle":[' + b"[]," * (5 * MIB) + b'[]],"ops":[]}'),
    "a document of empty entries": lambda: (JSON, _with_ops(b"{}," * (4 * MIB) + b"{}")),
    "a document of long numbers": lambda: (JSON, b'{"bundle":{"a":' + b"1" * (8 * MIB) + b"}}"),
    "a document in UTF-16": lambda: (JSON, TEXT.decode().encode("utf-16")),
    "a document in a document": lambda: (JSON, TEXT.replace(line_start(), b'"ops": ' + TEXT, 1)),
    "an id with a Kelvin sign": lambda: (JSONL, _folded("k", "\u212a")),
    "an id with a long s": lambda: (JSONL, _folded("s", "ſ")),
    "an id with a wide letter": lambda: (JSONL, _folded("a", "ａ")),
}


def line_start() -> bytes:
    return b'"ops": ['


def _with_ops(ops: bytes) -> bytes:
    value = json.loads(TEXT)
    head = json.dumps({"bundle": value["bundle"], "signature": value["signature"]}).encode()
    return head[:-1] + b',"ops":[' + ops + b"]}"


def _folded(plain: str, odd: str) -> bytes:
    """A line in whose id a letter stands that becomes the right one when case or width is folded."""
    op = OPS[0]
    return line({**op, "id": op["id"].replace(plain, odd, 1) if plain in op["id"] else odd + op["id"][1:]}) + b"\n"
