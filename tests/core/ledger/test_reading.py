"""The short way of reading a line takes what the long way takes, and nothing else."""

from hashlib import sha256
from typing import Any

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import op
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.ledger.node import SigningKey

KEY = SigningKey.from_seed(b"a" * 32)
ID, HALF = "c" * 51 + "a", "b" * 26
HEAD: dict[str, Any] = {
    "node": KEY.public, "by": "p" + HALF, "inc": HALF, "seq": 1, "kind": "news", "log": "network",
    "ent": None, "root": None, "par": [], "ts": 1_780_000_000_000,
}  # fmt: skip
USUAL = [
    op.write(HEAD | more, body, KEY.sign)
    for more, body in (
        ({}, {"set": {"title": "Hello"}}),
        ({"for": ID, "nw": ID, "root": ID, "re": ID}, {"set": {"body": 'Quoted ",\\"h\\":{\\"bh\\":\\"" and \n more'}}),
        ({"kind": "edit", "ent": ID, "par": [ID]}, {"set": {"body": "x", "date": 5}}),
        ({"kind": "person", "by": "node", "who": "p" + HALF, "ts": 0}, {"set": {"name": "Ann ☂"}}),
    )
]
ODD = st.sampled_from([
    None, True, 0, -1, 1, 1.0, 1.5, 10**15, 10**15 - 1, 2**53 - 1, 2**53, "", "node", "public", "circle:" + ID,
    ID, HALF, "p" + HALF, ID + "\n", "edit", "no such", "9", [], [ID], [ID, ID], [HALF], {}, {"bh": ID},
])  # fmt: skip


def outcome(way: Any, line: bytes) -> op.Op | type[BadBundle]:
    try:
        found: op.Op = way(line)
    except BadBundle as error:
        return type(error)
    return found


def hashed(head: Any, body: bytes, tail: bytes = b"") -> bytes:
    """A line of which the hashes are right, whatever is in it."""
    if "bh" in head:
        head["bh"] = to_base32(sha256(body).digest())
    whole = orjson.dumps(head, option=orjson.OPT_SORT_KEYS)
    op_id, sig = to_base32(sha256(whole).digest()), to_base32(bytes(64))
    return b'{"b":%b,"h":%b,"id":"%b","sig":"%b"}%b' % (body, whole, op_id.encode(), sig.encode(), tail)


def test_what_is_usual_is_read_the_short_way() -> None:
    for made in USUAL:
        assert op._read_usual(made.line) == made


@given(made=st.sampled_from(USUAL), at=st.floats(0, 1), new=st.binary(max_size=3), cut=st.integers(0, 3))
def test_a_line_that_was_damaged_fares_the_same_both_ways(made: op.Op, at: float, new: bytes, cut: int) -> None:
    place = int(at * len(made.line))
    line = made.line[:place] + new + made.line[place + cut :]
    assert outcome(op.read, line) == outcome(op.read_slowly, line)


@given(made=st.sampled_from(USUAL), changes=st.dictionaries(
    st.sampled_from([*sorted(HEAD), "v", "bh", "for", "nw", "re", "who", "ops", "a", "B", "zz"]), ODD, max_size=3),
    gone=st.sets(st.sampled_from([*sorted(HEAD), "v", "bh"]), max_size=1),
)  # fmt: skip
def test_a_strange_header_under_a_right_hash_fares_the_same_both_ways(
    made: op.Op, changes: dict[str, Any], gone: set[str]
) -> None:
    head = {name: value for name, value in {**made.h, **changes}.items() if name not in gone}
    line = hashed(head, made.body or b"null")
    assert outcome(op.read, line) == outcome(op.read_slowly, line)


@given(body=st.sampled_from([
    b"null", b"[]", b'""', b"{}", b'{"b":1,"a":2}', b'{"a":1, "b":2}', b'{"a":1.5}', b'{"a":9007199254740992}',
    b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', b'{"A":1}', b'{"a":1,"a":1}', b'{"a":' * 15 + b"1" + b"}" * 15,
    b'{"a":' * 16 + b"1" + b"}" * 16, b'{"a":"x","h":{"bh":"y"}}', b'{"a":"\xff"}', b'{"a":-0}', b'{"a":1}}', b"{",
]), tail=st.sampled_from([b"", b"\n", b" ", b"}"]))  # fmt: skip
@example(body=b'{"set":{"title":"x"}},"h":{"bh":"y"}', tail=b"")
def test_a_strange_body_under_a_right_hash_fares_the_same_both_ways(body: bytes, tail: bytes) -> None:
    line = hashed(dict(USUAL[0].h), body, tail)
    assert outcome(op.read, line) == outcome(op.read_slowly, line)


def test_a_new_thing_cannot_come_after_another_by_the_short_way_either() -> None:
    line = hashed({**USUAL[0].h, "par": [ID]}, USUAL[0].body or b"")
    assert op._read_usual(line) is None
    assert outcome(op.read, line) is BadBundle
