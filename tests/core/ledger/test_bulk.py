"""Many ops at once come to what as many single ones would."""

from typing import Any

from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry, Mark
from partnernet.core.ledger.bulk import Bulk
from partnernet.core.ledger.log import append, have
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import OpRow, Touched

POSITIONS = {"arrived", "newest"}
"""The order in which `touched` names the entities is the one thing that may differ."""


def story(append: Any, by: NodeItself) -> None:
    clock = iter(range(1_000, 2_000)).__next__
    talk = append(by, "discussion", "network", {"set": {"title": "Vans", "body": "Who?"}}, clock=clock)
    reply = append(by, "reply", "network", {"set": {"body": "Me"}}, root=talk.id, clock=clock)
    append(by, "reply", "network", {"set": {"body": "No, me"}}, root=talk.id, re=reply.id, clock=clock)
    edit = append(by, "edit", "network", {"set": {"body": "Who drives?"}}, ent=talk.id, par=[talk.id], clock=lambda: 5)
    append(by, "edit", "network", {"set": {"body": "Who drove?"}}, ent=talk.id, par=[talk.id], clock=clock)
    append(by, "delete", "network", {"set": {"deleted": True}}, ent=reply.id, root=talk.id, par=[reply.id], clock=clock)
    append(
        by, "mark", "network", {"mark": "tag", "value": True, "subject": "vans"}, ent=talk.id, root=talk.id, clock=clock
    )
    append(by, "discussion", "public", {"set": {"title": "Lunch"}}, clock=clock)
    assert edit.ts == talk.ts + 1


def rows(session: Session, table: type) -> list[dict[str, Any]]:
    """All rows, with ids and what hangs on random salts replaced by the order of writing."""
    order = {op: f"op {n}" for n, op in enumerate(session.scalars(select(OpRow.id).order_by(OpRow.log, OpRow.seq)))}
    names = [column.key for column in inspect(table).columns if column.key not in POSITIONS | {"thing"}]

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return sorted(map(plain, value))
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return order.get(value, value) if isinstance(value, str) else value

    found = [{name: plain(getattr(row, name)) for name in names} for row in session.scalars(select(table))]
    return sorted(found, key=repr)


def test_a_bulk_equals_repeated_append(app: Flask, session: Session) -> None:
    by = NodeItself(app.extensions["partnernet.node"])
    story(lambda *words, **more: append(session, *words, **more), by)
    singly = (rows(session, Entry), rows(session, Mark), {key: held["r"] for key, held in have(session).items()})
    touched = set(session.scalars(select(Touched.entity)))
    assert len(touched) == 4
    session.rollback()

    bulk = Bulk(session)
    story(bulk.append, by)
    assert len(bulk) == 8
    bulk.store()
    commit(session)
    assert (
        rows(session, Entry),
        rows(session, Mark),
        {key: held["r"] for key, held in have(session).items()},
    ) == singly
    assert session.scalars(select(Entry).where(Entry.title == "Vans")).one().conflict


def test_numbers_go_on_after_a_bulk(app: Flask, session: Session) -> None:
    by = NodeItself(app.extensions["partnernet.node"])
    bulk = Bulk(session)
    first = bulk.append(by, "discussion", "network", {"set": {"title": "One"}})
    bulk.store("replay")
    second = bulk.append(by, "discussion", "network", {"set": {"title": "Two"}})
    bulk.store("replay")
    third = append(session, by, "discussion", "network", {"set": {"title": "Three"}})
    assert [op.h["seq"] for op in (first, second, third)] == [1, 2, 3]
    assert set(session.scalars(select(Touched.cause))) == {"replay", "local"}
