"""The lines of the vectors: good ones, bad ones with what is wrong, and ones of later versions."""

import base64
import json

import rfc8785

from tests.vectors.writing import Writer, line, signed

LIMIT, MOST = 1 << 20, 2**53 - 1


def lines():
    """Good, bad and later lines, each with its name."""
    ada = Writer("north", "Ada")
    made = ada.make("discussion", title="Rooms", body="Where do we meet?")
    return {
        "good": [said(name, text) for name, text in good(ada, made)],
        "bad": [{**said(name, text), "reason": reason} for name, reason, text in bad(ada, made)],
        "later": [said(name, text) for name, text in later(ada, made)],
    }


def said(name, text):
    """A line as JSON can hold it: as text, in base64, or as what is to be repeated."""
    if isinstance(text, tuple):
        before, repeated, times, after = text
        return {"name": name, "before": before, "repeat": repeated, "times": times, "after": after}
    try:
        return {"name": name, "line": text.decode()}
    except UnicodeDecodeError:
        return {"name": name, "base64": base64.b64encode(text).decode()}


def line_of(vector):
    """The bytes of a line from its vector."""
    if "repeat" in vector:
        return (vector["before"] + vector["repeat"] * vector["times"] + vector["after"]).encode()
    return base64.b64decode(vector["base64"]) if "base64" in vector else vector["line"].encode()


def nested(depth):
    """Lists in lists, so many of them."""
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def good(ada, made):
    yield "a create", line(made)
    yield "an edit", line(ada.edit(made, title="Rooms for May"))
    yield "without its body", line({**made, "b": None})
    yield "a reply to a reply", line(ada.op("reply", body={"set": {"body": "…"}}, root=made["id"], re="a" * 52))
    yield "a mark", line(ada.mark(made, "tag", True, subject="music"))
    yield "for a partner", line(ada.op("edit", ent=made["id"], **{"for": "b" * 52}))
    yield "for nobody", line(ada.op("edit", ent=made["id"], **{"for": None}))
    yield "a circle's log", line(ada.make("note", "circle:" + "c" * 52, title="Within"))
    yield "by the node itself", line(Writer("north").make("page", "public", slug="about", title="About"))
    yield "an unknown kind", line(ada.op("weather_report", body={"sky": {"over": ["the", 3, "rivers"]}}))
    yield "unknown fields of the header", line(ada.op("idea", later=True, mem=7, ops="none", zz={"a": [1]}))
    yield "signs that need escapes", line(ada.make("note", title='"\\\b\t\n\f\r\u0001\u001f\u007f/'))
    yield "letters of the world", line(ada.make("note", title="Żółw, ƒ, 漢字, עברית, 🏮, \u2028, \ufeff, e\u0301"))
    yield (
        "the largest numbers",
        line(ada.op("idea", body={"n": [MOST, -MOST, 0]}, ts=MOST, seq=MOST)),
    )
    yield "sixty-four parents", line(ada.op("edit", ent=made["id"], par=sorted(parents(64))))
    yield "sixteen levels", line(ada.op("idea", body={"deep": nested(14)}))
    yield "the longest key", line(ada.op("idea", body={"a" + "9_" * 31 + "z": 1}))
    yield "the longest kind", line(ada.op("k" * 32))
    yield "in the year 1970", line(ada.op("idea", ts=0))


def parents(count):
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return [letters[n // 32] + letters[n % 32] + "a" * 50 for n in range(count)]


def bad(ada, made):
    text = line(made)
    yield "empty", "json", b""
    yield "no JSON", "json", b"hello"
    yield "cut off", "json", text[:-1]
    yield "a number", "parts", b"17"
    yield "a list", "parts", b"[]"
    yield "a byte-order mark", "json", b"\xef\xbb\xbf" + text
    yield "UTF-16", "json", text.decode().encode("utf-16")
    yield "not UTF-8", "json", text.replace(b"Rooms", b"Ro\xffms")
    yield "a lone surrogate in UTF-8", "json", text.replace(b"Rooms", b"Ro\xed\xa0\x80ms")
    yield "a lone surrogate as an escape", "text", text.replace(b"Rooms", b"Ro\\ud800ms")
    yield "U+0000", "text", text.replace(b"Rooms", b"Ro\\u0000ms")
    yield "a trailing space", "canonical", text + b" "
    yield "a carriage return", "canonical", text + b"\r"
    yield "something behind", "json", text + b"{}"
    yield "a space", "canonical", text.replace(b'":"', b'": "', 1)
    yield "an escape that is not needed", "canonical", text.replace(b"Rooms", b"\\u0052ooms")
    yield "an escaped slash", "canonical", text.replace(b"Rooms", b"Rooms\\/")
    yield "keys in another order", "canonical", json.dumps(dict(reversed(made.items())), separators=(",", ":")).encode()
    yield "a key twice", "json", text.replace(b'"title":', b'"title":"Barns","title":', 1)
    yield "the same key and value twice", "json", text.replace(b'"v":1', b'"v":1,"v":1')
    for name, number, reason in (
        ("a fraction", b"1.0", "json"), ("an exponent", b"1e0", "json"), ("minus nothing", b"-0", "canonical"),
        ("a leading nought", b"01", "json"), ("NaN", b"NaN", "json"), ("Infinity", b"-Infinity", "json"),
        ("twenty-three digits", b"12345678901234567890123", "number"), ("2^53", b"9007199254740992", "number"),
        ("4,301 digits", b"1" * 4301, "json"),
    ):  # fmt: skip
        yield name, reason, text.replace(b'"v":1', b'"v":' + number)
    yield "a key with a capital", "key", resigned(ada, made, body={"Title": 1})
    yield "a key of 65 letters", "key", resigned(ada, made, body={"a" * 65: 1})
    yield "an empty key", "key", resigned(ada, made, body={"": 1})
    yield "a key beyond ASCII", "key", resigned(ada, made, body={"café": 1})
    yield "seventeen levels", "depth", resigned(ada, made, body={"deep": nested(15)})
    yield "200,000 open brackets", "json", ('{"b":', "[", 200_000, "")
    yield "200,000 brackets", "json", ("", "[" * 100, 2_000, "]" * 200_000)
    yield "over 1 MiB", "long", ('{"b":"', "x", LIMIT, '"}')
    yield "a part too many", "parts", rfc8785.dumps({**made, "x": 1})
    yield "a part too few", "parts", rfc8785.dumps({name: made[name] for name in "bh"} | {"id": made["id"]})
    yield "a body that is a list", "parts", rfc8785.dumps({**made, "b": []})
    for name, change in (
        ("without `ent`", {"ent": ...}), ("without `root`", {"root": ...}), ("without `par`", {"par": ...}),
        ("a log of another name", {"log": "private"}), ("a circle without a name", {"log": "circle:"}),
        ("a person's name for a handle", {"by": "Ada"}), ("a handle in `who` that is none", {"who": None}),
        ("`seq` 0", {"seq": 0}), ("`seq` true", {"seq": True}), ("`ts` below 0", {"ts": -1}),
        ("`ts` as text", {"ts": "1"}),
        ("a kind with a digit", {"kind": "note2"}), ("a kind of 33 letters", {"kind": "k" * 33}),
        ("an entity that is no id", {"ent": "a" * 51}), ("parents in a create", {"par": ["a" * 52]}),
        ("parents out of order", {"ent": "a" * 52, "par": ["b" * 52, "a" * 52]}),
        ("a parent twice", {"ent": "a" * 52, "par": ["a" * 52, "a" * 52]}),
        ("sixty-five parents", {"ent": "a" * 52, "par": sorted(parents(65))}),
        ("a partner that is no id", {"for": ""}), ("capitals in the node", {"node": ada.key.public.upper()}),
    ):  # fmt: skip
        yield name, "header", resigned(ada, made, head=change)
    for name, version in (("version 0", 0), ("version true", True), ("version as text", "1"), ("no version", ...)):
        yield name, "version", resigned(ada, made, head={"v": version})
    yield "an altered header", "id", rfc8785.dumps({**made, "h": {**made["h"], "log": "public"}})
    yield "an altered body", "body", text.replace(b"Rooms", b"Barns")
    yield "a hash with spare bits", "base32", resigned(ada, made, head={"bh": made["h"]["bh"][:-1] + "b"})
    yield "an id with spare bits", "base32", rfc8785.dumps({**made, "id": spare(made["id"])})
    yield "an id in capitals", "base32", rfc8785.dumps({**made, "id": made["id"].upper()})
    for sign in "_+ ！":
        yield f"an id with “{sign}” in it", "base32", rfc8785.dumps({**made, "id": sign + made["id"][1:]})
    yield "a signature with padding", "base32", rfc8785.dumps({**made, "sig": made["sig"] + "="})
    yield "a signature too short", "base32", rfc8785.dumps({**made, "sig": made["sig"][:-2]})
    other = ada.edit(made, title="Barns")
    yield "the signature of another op", "signature", rfc8785.dumps({**made, "sig": other["sig"]})
    yield "signed by another node", "signature", line(signed(Writer("south").key, made["h"], made["b"]))
    yield "an altered signature", "signature", rfc8785.dumps({**made, "sig": "a" * 103})


def later(ada, made):
    yield "version 2", resigned(ada, made, head={"v": 2})
    yield "version 2 with another header", resigned(ada, made, head={"v": 2, "par": "none", "ent": 7})


def spare(text):
    """The same bytes in base32 with a spare bit set."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return text[:-1] + letters[letters.index(text[-1]) + 1]


def resigned(ada, made, head=None, body=None):
    """An op with a changed header or body that its author signed all the same; `...` leaves a field out."""
    h, b = {**made["h"], **(head or {})}, made["b"]
    if body is not None:
        op = ada.op("idea", body=body)
        h, b = op["h"], op["b"]
    h = {name: value for name, value in h.items() if value is not ...}
    return line(signed(ada.key, h, b))
