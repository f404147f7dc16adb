"""Bundles that were good, changed at random: their bytes, their lines, their zip, what they say of themselves.

Half of the changes are signed again with the keys of the vectors, so that they come past the signatures to what lies
behind. Everything follows from the source of chance that is handed in.
"""

import json
import random
import zipfile
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import rfc8785

from tests.vectors.make import KEYS
from tests.vectors.reader.bundles import canonical
from tests.vectors.reader.bundles import read as read_bundle
from tests.vectors.reader.lines import written
from tests.vectors.test_vectors import DATA, GOOD, STORIES
from tests.vectors.writing import START, Key, document, header, manifest, parts, sign, signed, zipped

ZIP, JSON, JSONL = ".pn.zip", ".pn.json", ".pn.jsonl"
Made = tuple[str, bytes]

SIGNERS = {key.public: key for key in map(Key, KEYS)}
SENDER = Key("south")
SEEDS: list[Made] = [(f".pn.{name.rpartition('.')[2]}", (DATA / "bundles/good" / name).read_bytes()) for name in GOOD]


def _ops() -> list[list[dict[str, Any]]]:
    """The ops of each story, and of a bundle with erased ones and an attachment."""
    stories = [json.loads((DATA / f"stories/{name}.json").read_text())["lines"] for name in STORIES]
    return [[json.loads(line) for line in lines] for lines in stories]


STORIES_OPS = _ops()
BLOBS = read_bundle(*next(("x" + form, content) for form, content in SEEDS if form == ZIP))["blobs"]
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**53 - 1, 2**53, -(2**53), 10**22, "", "x", "node", "public", "\0", "\ud800", "🏮",
    "a" * 52, "a" * 26, "0" * 64, "x" * 70_000, [], {}, [[]], {"a": {}}, ["a" * 52], START, "edit", "redact", "mark",
)  # fmt: skip
CANNOT_BE_WRITTEN = (UnicodeEncodeError, TypeError, AttributeError, rfc8785.CanonicalizationError)


def mutated(source: random.Random) -> Made:
    """One changed bundle, of any form."""
    return source.choice((_bytes, _lines, _lines, _whole_document, _whole_zip, _zip_of_other_shape))(source)


def _bytes(source: random.Random) -> Made:
    """A good bundle with some bytes changed, gone, doubled or added."""
    form, whole = source.choice(SEEDS)
    raw = bytearray(whole)
    for _ in range(source.randint(1, 4)):
        at, kind = source.randrange(len(raw) or 1), source.randrange(6)
        if kind == 0 and raw:
            raw[at] ^= 1 << source.randrange(8)
        elif kind == 1:
            del raw[at : at + source.randint(1, 40)]
        elif kind == 2:
            raw[at:at] = source.randbytes(source.randint(1, 9))
        elif kind == 3:
            raw[at:at] = raw[at : at + source.randint(1, 400)]
        elif kind == 4:
            raw[at : at + 4] = source.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"}}}}", b'""""', b"\xed\xa0\x80\n"))
        else:
            raw[at : at + 1] = source.choice((b"1e9", b"-0", b"\\u0000", b"\\ud800", b"[[", b",,", b"\n", b"\r\n"))
    return form, bytes(raw)


def _lines(source: random.Random) -> Made:
    """The ops of a story, some of them changed and signed again, some doubled, bare or in another order."""
    lines = [_encoded(op) for op in changed_ops(source)]
    return JSONL, b"".join(line + b"\n" for line in lines)


def changed_ops(source: random.Random) -> list[dict[str, Any]]:
    """The ops of a story, changed and signed again."""
    ops = [json.loads(json.dumps(op)) for op in source.choice(STORIES_OPS)]
    for _ in range(source.randint(1, 3)):
        at = source.randrange(len(ops))
        op, kind = ops[at], source.randrange(7)
        if not isinstance(op, dict) or not {"b", "h"} <= op.keys():
            continue  # it was changed before
        if kind == 0:
            ops.insert(source.randrange(len(ops)), op)
        elif kind == 1:
            ops.append(ops.pop(at))
        elif kind == 2:
            ops[at] = {**op, "b": None}
        elif kind == 3:
            ops[at] = _change(op, source)
        else:
            ops[at] = again(_change({"h": op["h"], "b": op["b"]}, source), op)
    return ops


def again(changed: Any, op: dict[str, Any]) -> dict[str, Any]:
    """An op with another header and body, hashed and signed as by its own node; as it was, where that cannot be."""
    try:
        h, b = dict(changed["h"]), changed["b"]
        if isinstance(b, dict):
            h["bh"] = written(sha256(rfc8785.dumps(b)).digest())
        return dict(signed(SIGNERS[op["h"]["node"]], h, b))
    except (TypeError, KeyError, ValueError, rfc8785.CanonicalizationError):
        return op


def _change(value: Any, source: random.Random) -> Any:
    """JSON with something odd somewhere in it, or something gone."""
    if isinstance(value, dict) and value and source.random() < 0.85:
        name = source.choice(sorted(value))
        if source.random() < 0.15:
            return {key: item for key, item in value.items() if key != name}
        if source.random() < 0.15:
            return {**value, source.choice(("odd", "ops", "mem", "for", "who", "re", "Odd", "set")): source.choice(ODD)}
        return {**value, name: _change(value[name], source)}
    if isinstance(value, list) and value and source.random() < 0.7:
        at = source.randrange(len(value))
        return [*value[:at], _change(value[at], source), *value[at:][source.randrange(2) :]]
    return source.choice(ODD)


def _encoded(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")


def _whole_document(source: random.Random) -> Made:
    """A document whose header was changed by whoever signed it, or its parts afterwards."""
    ops = changed_ops(source)
    if source.random() < 0.5:
        try:
            return JSON, document(SENDER, ops, **_header_changes(source, ops))
        except CANNOT_BE_WRITTEN:
            pass
    value = json.loads(document(SENDER, source.choice(STORIES_OPS)))
    return JSON, json.dumps(_change(value, source), ensure_ascii=False).encode(errors="surrogatepass")


def _header_changes(source: random.Random, ops: list[Any]) -> dict[str, Any]:
    said = header(SENDER, ops)
    changed = _change(said, source)
    return {name: changed.get(name) for name in said if changed.get(name) != said[name]} if changed else {}


def _whole_zip(source: random.Random) -> Made:
    """A bag whose files were changed by whoever signed it: every hash and signature is good."""
    ops = changed_ops(source)
    try:
        files = parts(SENDER, ops, BLOBS, **_header_changes(source, ops))
    except CANNOT_BE_WRITTEN:
        files = parts(SENDER, source.choice(STORIES_OPS), BLOBS)
    if source.random() < 0.4:
        name = source.choice(sorted(files))
        files[name] = source.choice((b"", b"\n", b"{}", b"[]", files[name] * 2, files[name][:-3], b"\xff"))
    if source.random() < 0.7:
        payload = {name: content for name, content in files.items() if name.startswith("data/")}
        files["manifest-sha256.txt"] = manifest(payload)
        tags = {name: files[name] for name in files if not name.startswith(("data/", "tagmanifest", "signature"))}
        files["tagmanifest-sha256.txt"] = manifest(tags)
        files["signature.json"] = json.dumps(sign(SENDER, files["tagmanifest-sha256.txt"])).encode()
    return ZIP, zipped(files, method=source.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def _zip_of_other_shape(source: random.Random) -> Made:
    """A good bag with other names, an order of its own, or its table of contents changed."""
    files = parts(SENDER, source.choice(STORIES_OPS), BLOBS)
    names = sorted(files)
    source.shuffle(names)
    change = _name_changes(source)
    shaped = {change(name) if source.random() < 0.1 else name: files[name] for name in names}
    raw = bytearray(zipped(shaped, top=source.choice(("a", "a", "a", "", "..", "a/b", "a\\b"))))
    for _ in range(source.randrange(4)):
        starts = [raw.find(mark) for mark in (b"PK\1\2", b"PK\3\4", b"PK\5\6")]
        at = max(0, source.choice(starts)) + source.randrange(46)
        raw[min(at, len(raw) - 1)] = source.choice((0, 1, 0xFF, 0x7F, 8))
    return ZIP, bytes(raw)


def _name_changes(source: random.Random) -> Callable[[str], str]:
    return source.choice((str.upper, lambda name: "/" + name, lambda name: "../" + name, lambda name: name + "/",
                          lambda name: name + "x", lambda name: name.replace(".", "\u2024")))  # fmt: skip


__all__ = ("JSON", "JSONL", "SEEDS", "STORIES_OPS", "ZIP", "again", "canonical", "changed_ops", "mutated")
