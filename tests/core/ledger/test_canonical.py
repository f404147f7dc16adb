import random
from base64 import b32encode

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import canonical

ODD = ["", "é", "𝄞 clef", "\u2028", "\x7f", "\x1b", '"\\/', "\b\f\n\r\t", "€", "a\u0301", "\ufeff", "\uffff"]


def _value(draw: random.Random, depth: int = 0):
    choice = draw.randrange(7 if depth < 4 else 5)
    if choice == 0:
        return draw.choice([None, True, False])
    if choice in (1, 2):
        return draw.randrange(-canonical.INTEGER_LIMIT + 1, canonical.INTEGER_LIMIT)
    if choice in (3, 4):
        return "".join(draw.choices(ODD, k=3))
    if choice == 5:
        return [_value(draw, depth + 1) for _ in range(draw.randrange(4))]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789_"
    return {
        draw.choice(letters[:26]) + "".join(draw.choices(letters, k=draw.randrange(5))): _value(draw, depth + 1)
        for _ in range(draw.randrange(5))
    }


@pytest.mark.parametrize("seed", range(300))
def test_our_bytes_are_those_of_rfc_8785(seed):
    value = _value(random.Random(seed))
    line = canonical.checked(value)
    assert line == rfc8785.dumps(value)
    assert canonical.decode(line) == value


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b' {"a":1}',
        b'{"a":1}\n',
        b'{"a":-0}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":0.5}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":12345678901234567890123}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\u0000"}',
        b'{"a":"\x00"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\udc00\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u000A"}',
        b'{"A":1}',
        b'{"":1}',
        b'{"1a":1}',
        b'{"a-b":1}',
        b'{"\xc3\xa9":1}',
        b'{"' + b"a" * 65 + b'":1}',
        b"\xef\xbb\xbf{}",
        b"",
        b"{",
        b"{}{}",
        b"[" * 2000 + b"]" * 2000,
    ],
)
def test_what_is_not_canonical_is_refused(line):
    with pytest.raises(BadBundle):
        canonical.decode(line)


@pytest.mark.parametrize("line", [b"{}", b'{"a":9007199254740991}', b'{"a":"\\u001b"}', '{"a":"𝄞"}'.encode()])
def test_what_is_canonical_is_taken(line):
    assert canonical.encode(canonical.decode(line)) == line


def test_sixteen_levels_are_taken_and_seventeen_refused():
    assert canonical.decode(b"[" * 16 + b"]" * 16)
    with pytest.raises(BadBundle, match="16 levels"):
        canonical.decode(b"[" * 17 + b"]" * 17)


def test_a_line_of_one_mebibyte_is_taken_and_a_longer_one_refused():
    assert canonical.decode(b'"' + b"a" * (canonical.LINE_LIMIT - 2) + b'"')
    with pytest.raises(BadBundle, match="1 MiB"):
        canonical.decode(b'"' + b"a" * (canonical.LINE_LIMIT - 1) + b'"')


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), {"a": "\ud800"}, {1: 2}, {"a": "\0"}, {"a": object()}, (1,), b"a"]
)
def test_we_write_nothing_that_others_would_refuse(value):
    with pytest.raises(BadBundle):
        canonical.checked(value)


@pytest.mark.parametrize("size", [10, 16, 32, 64])
def test_base32_comes_back_as_it_went(size):
    raw = random.Random(size).randbytes(size)
    assert canonical.from_base32(canonical.to_base32(raw), size) == raw


@given(raw=st.binary(max_size=80))
def test_base32_is_that_of_rfc_4648(raw):
    assert canonical.to_base32(raw) == b32encode(raw).decode().rstrip("=").lower()


@pytest.mark.parametrize(
    "text", ["", "a" * 51, "a" * 53, "A" * 52, "a" * 51 + "b", "a" * 51 + "=", "1" * 52, "a" * 51 + "\n"]
)
def test_base32_that_has_another_spelling_is_refused(text):
    with pytest.raises(BadBundle):
        canonical.from_base32(text, 32)


def test_a_number_of_many_digits_is_said_to_be_large_and_no_fraction():
    for digits in (b"9007199254740992", b"12345678901234567890123", b"-" + b"9" * 300):
        with pytest.raises(BadBundle, match="larger than the format allows"):
            canonical.decode(b'{"a":' + digits + b"}")
    with pytest.raises(BadBundle, match="fraction"):
        canonical.decode(b'{"a":1.5}')
