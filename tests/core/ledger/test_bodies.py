"""Many long versions of one entry: their bodies are read when they are asked for, and few of them are held."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import iterate

from partnernet.core.db import table_of, write
from partnernet.core.ledger import bodies
from partnernet.core.ledger.bodies import Far
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.project import project
from partnernet.core.ledger.tables import OpRow
from tests.laws.place import START, Place
from tests.laws.world import forged

VERSIONS, LENGTH = 30, 2_000
LIMIT = 5_000
"""Bytes that may be held: two of the versions and a little more."""

Fetches = list[int]


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are soon reached."""
    for name, value in (("AT_ONCE", LIMIT), ("SMALL", 500), ("AHEAD", LIMIT)):
        monkeypatch.setattr(bodies, name, value)


@pytest.fixture
def fetches(monkeypatch: pytest.MonkeyPatch) -> Fetches:
    """How many bytes of bodies were read each time that any were, along with headers or by themselves."""
    found: Fetches = []
    real = Session.execute

    def execute(session: Session, statement: Any, *given: Any, **named: Any) -> Any:
        result = real(session, statement, *given, **named)
        if not isinstance(statement, Select) or table_of(OpRow).c.body not in _read(statement):
            return result
        rows = result.all()
        found.append(sum(len(row.body or b"") for row in rows))
        return _Rows(rows)

    monkeypatch.setattr(Session, "execute", execute)
    return found


def _read(statement: Select[Any]) -> set[Any]:
    """The columns out of which a statement makes what it gives back."""
    return {part for column in statement.selected_columns for part in iterate(column)}


class _Rows(list[Any]):
    def all(self) -> list[Any]:
        return self


def page(node: Place) -> Op:
    return forged(node.person, {"kind": "testpage"}, {"set": {"title": "first", "body": "x" * LENGTH}})


def edits(node: Place, made: Op, count: int, *, side_by_side: bool) -> Iterator[Op]:
    before = made
    for n in range(count):
        head = {"ent": made.id, "par": [before.id], "ts": START + n, "seq": n + 2}
        op = forged(node.person, head, {"set": {"body": f"{n}".ljust(LENGTH, "y")}})
        before = made if side_by_side else op
        yield op


@pytest.mark.parametrize("side_by_side", [False, True])
def test_an_entry_with_very_many_words_is_projected_from_a_few_at_a_time(
    node: Place, fetches: Fetches, side_by_side: bool
) -> None:
    made = page(node)
    versions = list(edits(node, made, VERSIONS, side_by_side=side_by_side))
    node.receive([made, *versions])
    entry = node.entry(made.id)
    assert entry is not None
    assert entry["body"] == versions[-1].set["body"]
    assert len(entry["setters"]["body"]) == (VERSIONS if side_by_side else 1)
    assert entry["setters"]["body"][0] == versions[-1].id and entry["conflict"] == side_by_side
    assert 0 < max(fetches) <= LIMIT
    assert sum(fetches) <= 3 * (VERSIONS + 1) * (LENGTH + 200)


def test_entries_with_many_words_each_are_projected_some_at_a_time(node: Place, fetches: Fetches) -> None:
    made = [page(node) for _ in range(VERSIONS)]
    node.receive(made)
    assert all((node.entry(op.id) or {})["body"] == "x" * LENGTH for op in made)
    assert 0 < max(fetches) <= LIMIT


def test_what_is_asked_for_in_another_order_is_read_alone(
    node: Place, fetches: Fetches, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = page(node)
    node.receive([made, *edits(node, made, VERSIONS, side_by_side=False)])
    monkeypatch.setattr(bodies, "AHEAD", 10 * LIMIT)
    for backwards in (True, False):
        ops = ops_of(node.session, [made.id])[made.id]
        fetches.clear()
        assert all(op.set for op in (reversed(ops) if backwards else ops))
        assert sum(fetches) <= (VERSIONS + 1) * (LENGTH + 200), "each of them once"
        assert backwards or len(fetches) <= 3


def test_versions_side_by_side_are_compared_in_the_order_in_which_they_are_read(node: Place, fetches: Fetches) -> None:
    made = page(node)
    node.receive([made, *edits(node, made, VERSIONS, side_by_side=True)])
    fetches.clear()
    project(node.session, {made.id}, "replay")
    assert len(fetches) <= 1 + 2 * (VERSIONS / 2 + 1) + 2, "two of them at a time, twice"


def test_what_is_erased_is_erased_unread(node: Place, fetches: Fetches) -> None:
    made = page(node)
    versions = list(edits(node, made, VERSIONS, side_by_side=False))
    gone = forged(node.person, {"kind": "redact", "ent": made.id, "par": [versions[-1].id], "seq": 99}, {})
    node.receive([made, *versions, gone])
    assert (node.entry(made.id) or {})["redacted"]
    assert {op.id for op in node.ops().values() if not op.is_bare} == {gone.id}
    assert max(fetches) < LENGTH, "the words of what erases, and no others"


def test_a_body_is_read_each_time_it_is_asked_for_and_the_next_ones_with_it(node: Place, fetches: Fetches) -> None:
    made = page(node)
    versions = list(edits(node, made, 4, side_by_side=False))
    node.receive([made, *versions])
    fetches.clear()
    ops = ops_of(node.session, [made.id])[made.id]
    assert all(isinstance(op, Far) for op in ops) and sum(fetches) == 0
    assert [(op.line, op.b, op.size, op.is_bare) for op in ops] == [
        (op.line, op.b, op.size, False) for op in (made, *versions)
    ]
    assert len(fetches) == 1 + 3, "two bodies are within the limit"
    assert ops[0].body == made.body and len(fetches) == 1 + 4
    assert ops[0].erased() == made.erased()


def test_a_body_that_was_erased_meanwhile_says_nothing(node: Place) -> None:
    made = page(node)
    node.receive([made, *edits(node, made, 4, side_by_side=False)])
    ops = ops_of(node.session, [made.id])[made.id]
    write(node.session)
    gone = forged(node.person, {"kind": "redact", "ent": made.id, "seq": 99}, {})
    node.receive([gone])
    assert [op.body for op in ops] == [None] * 5
    assert not any(op.set for op in ops)


def test_few_words_are_read_along_with_what_they_belong_to(node: Place, fetches: Fetches) -> None:
    made = page(node)
    node.receive([made, *edits(node, made, 1, side_by_side=False)])
    fetches.clear()
    project(node.session, {made.id}, "replay")
    assert len(fetches) == 1 and fetches[0] > 2 * LENGTH
