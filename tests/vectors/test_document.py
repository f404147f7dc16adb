"""The tables of `docs/bundle-format.md` say what the program does: fields, marks, limits, kinds and header fields."""

import re
from pathlib import Path
from typing import Any

import pytest

from partnernet.core import outside
from partnernet.core.ledger import canonical, fold, membership, op
from partnernet.core.ledger.kinds import EVERY, KINDS, MARKS, Field, nothing
from partnernet.exchange import bundle, header
from partnernet.exchange.incoming import archive, document
from partnernet.models import load_all

TEXT = (Path(__file__).parents[2] / "docs/bundle-format.md").read_text()
load_all()


def table(heading: str, number: int = 0) -> list[list[str]]:
    """The rows of a table under a heading, without its own head."""
    part = re.split(r"^#{2,3} ", TEXT.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    tables = re.findall(r"^(?:\|.*\n)+", part, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in tables[number].splitlines()[2:]]


def number_of(text: str) -> int:
    return int(re.sub("[^0-9]", "", text))


FIELDS = [(kind, name.strip("`"), type_, more.strip(" |")) for kind, name, type_, more in table("Fields", 1)]
ID, FILE = "a" * 52, {"sha256": "0" * 64, "name": "a.png", "type": "image/png", "size": 3}
LONG_FILE = {**FILE, "name": "x" * 255, "size": 1 << 40, "alt": "x" * 1_000, "later": 1}
BAD_FILES: list[Any] = [
    {**FILE, "sha256": "0" * 63}, {**FILE, "sha256": "A" * 64}, {**FILE, "name": ""}, {**FILE, "name": "x" * 256},
    {**FILE, "name": "a/b"}, {**FILE, "name": "a\\b"}, {**FILE, "type": "image"}, {**FILE, "size": -1},
    {**FILE, "size": True}, {**FILE, "size": (1 << 40) + 1}, {**FILE, "alt": "x" * 1_001}, {"sha256": "0" * 64}, "x",
]  # fmt: skip


def examples(type_: str) -> tuple[list[Any], list[Any]]:
    """Values that the document calls good, and values that it does not."""
    word, _, rest = type_.partition(" ")
    if word in ("line", "text"):
        n = number_of(rest.partition(",")[0] if "," in rest and "filled" in rest else rest)
        good, bad = ["x" * n, "é"], ["x" * (n + 1), 7, None, ["x"], True]
        plain = word == "text"
        (good if plain else bad).append("two\nlines")
        (bad if "filled" in rest else good).append("")
        return good, bad + ([] if plain else ["\x7f", "\t"]) + ([" "] if "filled" in rest else [])
    if word == "lines":
        n, each = map(number_of, rest.split("×"))
        return [[], ["x" * each] * n], [["x"] * (n + 1), ["x" * (each + 1)], [""], ["a\nb"], [7], "x", None]
    if word == "files":
        n = number_of(rest)
        some = [{**FILE, "sha256": f"{k:064x}"} for k in range(n + 1)]
        return [[], [LONG_FILE], some[:n]], [some, [FILE, FILE], FILE, None, *([bad] for bad in BAD_FILES)]
    if word == "one":
        words = re.findall("`([^`]+)`", rest)
        return [*words], ["", words[0].upper(), f"{words[0]} ", 1, None]
    return OTHERS[word]


OTHERS: dict[str, tuple[list[Any], list[Any]]] = {
    "moment": ([0, -62_135_596_800_000, 253_402_300_799_999],
               [-62_135_596_800_001, 253_402_300_800_000, True, "1", None]),
    "day": (["", "1000-01-01", "9999-12-31", "2024-02-29"],
            ["0999-12-31", "2023-02-29", "2023-1-1", "20230101", "2023-W01-1", 7, None]),
    "reference": (["", ID], ["a" * 51, "A" * 52, "1" * 52, 7, None]),
    "address": (["", "https://example.org/", "HTTP://example.org"],
                ["javascript:alert(1)", "https://a b", "http://" + "x" * 1_994, "ftp://x", "https://\n", 7, None]),
    "picture": ([None, FILE, LONG_FILE], [{**FILE, "type": "text/html"}, [], "", *BAD_FILES]),
}  # fmt: skip


def declared(kind: str) -> dict[str, Field]:
    return dict(EVERY if kind == "every" else KINDS[kind].fields)


@pytest.mark.parametrize("kind", ["every", *sorted(KINDS)])
def test_every_field_is_in_the_table_and_nothing_else(kind: str) -> None:
    assert {name for of, name, *_ in FIELDS if of == kind} == set(declared(kind))


@pytest.mark.parametrize(("kind", "name", "type_", "together"), FIELDS, ids=lambda value: value)
def test_a_field_takes_what_the_table_says(kind: str, name: str, type_: str, together: str) -> None:
    field = declared(kind)[name]
    good, bad = examples(type_)
    assert [value for value in good if not field.good(value)] == []
    assert [value for value in bad if field.good(value)] == []
    assert field.shared == (together == "yes")


def test_every_mark_is_in_the_table() -> None:
    rows = {name.strip("`"): (subject, by) for name, subject, by, _ in table("Fields", 2)}
    assert rows.keys() == MARKS.keys()
    for name, (subject, by) in rows.items():
        mark = MARKS[name]
        assert (mark.subject is nothing) == (subject == "none") and mark.for_partner == (by == "partner")
        assert mark.value(True) and mark.value(False) and not mark.value("yes")
        if subject == "an id":
            assert mark.subject(ID) and not mark.subject("")
        elif subject != "none":
            assert mark.subject("a " * 29 + "ab") and not mark.subject("a" * 61)
            assert not any(map(mark.subject, ("A", "a,b", "a  b", " a", "", None)))


def test_every_kind_of_op_is_in_the_table() -> None:
    rows = table("Kinds of op")
    assert set(re.findall("`([a-z_]+)`", rows[0][0])) == set(KINDS)
    others = {re.findall("`([a-z_]+)`", row[0])[0] for row in rows[1:]}
    assert others == {*fold.CHANGES, "mark", *fold.ERASES, *fold.SIGNED_BY_NETWORK}


def test_the_limits_are_those_of_the_program() -> None:
    assert [number_of(row[-1].strip(" |")) for row in table("Limits")] == [
        canonical.LINE_LIMIT, canonical.DEPTH_LIMIT, op.PAR_LIMIT, bundle.HEADER_LIMIT, outside.VALUES_LIMIT,
        bundle.JSON_LIMIT, document.SIGNS_LIMIT, bundle.OPS_LIMIT, bundle.BLOBS_LIMIT, bundle.BLOB_LIMIT,
        archive.READABLE_LIMIT, archive.DIRECTORY_LIMIT, archive.TOTAL_LIMIT, bundle.RATIO_LIMIT,
    ]  # fmt: skip
    assert number_of(table("Limits")[-1][0]) == bundle.RATIO_SPARED
    assert str(membership.KEPT) in TEXT and f"{membership.KEEP_LIMIT:,}" in TEXT


def test_the_header_of_a_bundle_has_the_fields_of_the_table() -> None:
    rows = table("What a bundle says of itself")
    assert {row[0].strip("`") for row in rows} == {*header.Header().said(), "ops_sha256"}
    assert header.FORMAT in rows[0][1]
