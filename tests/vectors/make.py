"""Make the vectors: `python -m tests.vectors.make` writes them anew beside this file, the same bytes each time."""

import json
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.vectors.lines_made import lines
from tests.vectors.reader import merging
from tests.vectors.stories import STORIES
from tests.vectors.writing import Key, Writer, document, first_line, line, lines_of, parts, zipped

HERE = Path(__file__).parent / "data"
PAGES = {f"data/readable{more}.html": b"<!doctype html><title>Words</title>\n" for more in ("", "-2", "-999")}
KEYS = ("north", "south", "east", "network", "other network")


def files():
    """Every file of the vectors: its content by its name."""
    Writer.clock = 0
    yield "keys.json", shown([Key(name).said() for name in KEYS])
    yield "lines.json", shown(lines())
    for name, (says, tell) in STORIES.items():
        Writer.clock = 0
        yield f"stories/{name}.json", shown(told(says, tell()))
    Writer.clock = 0
    good, bad = bundles()
    for name, content in good.items():
        yield f"bundles/good/{name}", content
    for name, (_, content) in bad.items():
        yield f"bundles/bad/{name}", content
    yield "bundles/bad.json", shown({name: reason for name, (reason, _) in bad.items()})


def told(says, ops):
    """A story: its lines, some orders in which to take them in, and what they show in any order."""
    order, random = list(range(len(ops))), Random(len(ops))
    return {
        "says": says,
        "lines": [line(op).decode() for op in ops],
        "orders": [order, order[::-1], *(random.sample(order, len(order)) for _ in range(3))],
        "expected": {**merging.project(ops), "have": merging.have(ops)},
    }


def bundles():
    """Small bundles: good ones, and bad ones with what is wrong."""
    _, tell = STORIES["erased-for-good"]
    ops = tell()
    for op in ops:
        op["b"] = None if op["id"] in merging.project(ops)["erased"] else op["b"]
    key, poster = Key("south"), b"\x89PNG a poster, for the tests"
    blobs = {sha256(poster).hexdigest(): poster}
    file = {"sha256": sha256(poster).hexdigest(), "name": "poster.png", "type": "image/png", "size": len(poster)}
    ops.append(Writer("north", "Ada").make("note", title="With a poster", files=[file]))
    bag, text = parts(key, ops, blobs), document(key, ops)
    later = Writer("north", "Ada").op("idea", v=2)
    first, newer = first_line(key, ops), first_line(key, ops, format="partnernet-bundle/2")
    good = {
        "stored.pn.zip": zipped(bag), "deflated.pn.zip": zipped(bag, method=zipfile.ZIP_DEFLATED),
        "unknown-fields.pn.zip": zipped(parts(key, ops, blobs, later={"any": ["thing"]})),
        "nothing.pn.zip": zipped(parts(key, [])),
        "from-a-server-with-a-name.pn.zip": zipped(parts(key, ops, blobs, **named(key, "Northside Dance"))),
        "from-a-server-with-a-name.pn.json": document(key, ops, **named(key, "Northside Dance")),
        "with-pages-for-people.pn.zip": zipped(parts(key, ops, blobs, PAGES)),
        "document.pn.json": text, "compact.pn.json": json.dumps(json.loads(text), separators=(",", ":")).encode(),
        "lines.pn.jsonl": lines_of(ops), "lines-with-a-header.pn.jsonl": first + lines_of(ops),
        "an-op-of-a-later-version.pn.jsonl": lines_of([*ops, later]),
        "no-newline-at-the-end.pn.jsonl": lines_of(ops)[:-1],
    }  # fmt: skip
    return good, {**bad_zips(key, ops, blobs, bag), **bad_documents(key, ops, text), **bad_lines(ops, first, newer)}


def bad_zips(key, ops, blobs, bag):
    other = parts(Key("north"), ops, blobs)
    inside = {f"a/{name}": content for name, content in bag.items()}
    return {
        "a-file-more.pn.zip": ("name", zipped({**bag, "data/run.sh": b"#!/bin/sh\n"})),
        "a-way-out.pn.zip": ("name", zipped({**bag, "../../etc/passwd": b""})),
        "an-absolute-name.pn.zip": ("name", zipped({"/etc/passwd": b"x", **inside}, top="")),
        "a-page-of-another-name.pn.zip": ("name", zipped(parts(key, ops, pages={"data/readable-1.html": b""}))),
        "a-page-that-is-not-listed.pn.zip": ("manifest", zipped({**bag, "data/readable.html": b"<p>"})),
        "an-altered-page.pn.zip": ("hash", zipped({**parts(key, ops, pages=PAGES), "data/readable.html": b"<p>"})),
        "a-blob-more.pn.zip": ("manifest", zipped({**bag, "data/blobs/" + "0" * 64: b""})),
        "no-signature.pn.zip": ("json", zipped({n: c for n, c in bag.items() if n != "signature.json"})),
        "no-ops.pn.zip": ("hash", zipped({n: c for n, c in bag.items() if n != "data/ops.jsonl"})),
        "an-altered-header.pn.zip": ("hash", zipped({**bag, "bundle.json": other["bundle.json"]})),
        "altered-ops.pn.zip": ("hash", zipped({**bag, "data/ops.jsonl": lines_of(ops[::-1])})),
        "an-altered-attachment.pn.zip": ("hash", zipped({**bag, **{f"data/blobs/{n}": b"!" for n in blobs}})),
        "somebody-elses-signature.pn.zip": ("signature", zipped({**bag, "signature.json": other["signature.json"]})),
        "signed-for-another.pn.zip": ("signature", zipped(lying(key, ops))),
        "fewer-ops-than-it-says.pn.zip": ("count", zipped(parts(key, ops, counts={"ops": 99}))),
        "of-a-newer-format.pn.zip": ("newer", zipped(parts(key, ops, format="partnernet-bundle/2"))),
        "a-have-of-another-form.pn.zip": ("have", zipped(parts(key, ops, have={"x": {"r": "1", "x": "0" * 16}}))),
        "a-long-name-of-its-server.pn.zip": ("header", zipped(parts(key, ops, **named(key, "N" * 301)))),
        "cut-off.pn.zip": ("zip", zipped(bag)[:-30]),
        "something-behind.pn.zip": ("zip", zipped(bag) + b"<script>"),
        "something-before.pn.zip": ("zip", zipped(bag, before=b"#!/bin/sh\n")),
        "something-between.pn.zip": ("zip", zipped(bag, between=b"<script>")),
        "a-link.pn.zip": ("name", zipped(bag, mode=0o120777)),
    }


def named(key, server):
    """A header that says what its server is called."""
    return {"from": {"node": key.public, "network": "Invented Places", "server": server}}


def lying(key, ops):
    """A bag that says it is from one node and is signed by another."""
    return parts(key, ops, **{"from": {"node": Key("north").public, "network": ""}})


def bad_documents(key, ops, text):
    value = json.loads(text)

    def with_(**parts):
        return json.dumps({**value, **parts}, ensure_ascii=False).encode()

    return {
        "an-altered-note.pn.json": ("signature", with_(bundle={**value["bundle"], "note": "Trust me."})),
        "an-op-less.pn.json": ("hash", with_(ops=value["ops"][:-1])),
        "another-order.pn.json": ("hash", with_(ops=value["ops"][::-1])),
        "a-part-more.pn.json": ("parts", with_(more=[])),
        "no-ops.pn.json": ("parts", with_(ops={})),
        "a-key-twice.pn.json": ("json", text.replace(b'"v": 1', b'"v": 1, "v": 1', 1)),
        "something-behind.pn.json": ("json", text + b"x"),
        "a-byte-order-mark.pn.json": ("json", b"\xef\xbb\xbf" + text),
        "half-a-character.pn.json": ("text", text.replace(b"Made for", b"Made \\ud800 for")),
        "a-number-of-23-digits.pn.json": ("number", document(key, ops, later=10**22)),
        "seventeen-levels.pn.json": ("depth", document(key, ops, later=deep(17))),
    }  # fmt: skip


def deep(levels):
    return [deep(levels - 1)] if levels else []


def bad_lines(ops, first, newer):
    text = lines_of(ops)
    return {
        "nothing.pn.jsonl": ("empty", b""),
        "an-empty-line.pn.jsonl": ("json", text.replace(b"\n", b"\n\n", 1)),
        "a-bad-line-at-the-end.pn.jsonl": ("json", text + b"{}}\n"),
        "a-header-in-the-middle.pn.jsonl": ("canonical", text + first),
        "fewer-than-the-header-says.pn.jsonl": ("count", first + lines_of(ops[1:])),
        "of-a-newer-format.pn.jsonl": ("newer", newer + text),
    }


def shown(value):
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def main(folder=HERE):
    for name, content in files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
