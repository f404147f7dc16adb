"""Which entities go into a bundle of some entries: those, what hangs on them, and what it takes to read them."""

from typing import Any

from sqlalchemy import CTE, Select, and_, select, union
from sqlalchemy.orm import Session, aliased

from partnernet.core.entry import Entry, Mark
from partnernet.core.handful import FETCHED
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import visible_in
from partnernet.core.text import mentions
from partnernet.entries.model import CAME_FROM
from partnernet.exchange.outgoing.selection import Selection
from partnernet.people.model import Person

HANDLES_LIMIT = 30_000
"""People mentioned whose cards go along: more than a network has, and fewer than a statement may name."""

_STREAM = {"stream_results": True, "yield_per": FETCHED}


def chosen(session: Session, selection: Selection) -> Select[Any]:
    """The ids of all entities of a narrowed selection, each once, as a statement."""
    read = read_in(selection)
    marked = select(Mark.node, Mark.by, Mark.partner).join(read, Mark.entry == read.c.id).cte("marked")
    writers = union(select(read.c.node, read.c.by), select(marked.c.node, marked.c.by)).cte("writers")
    people = union(
        select(Person.id, Person.partner).join(
            writers, and_(Person.who == writers.c.by, Person.node == writers.c.node)
        ),
        select(Person.id, Person.partner).where(Person.who.in_(_mentioned(session, read))),
    ).cte("people")
    everything = union(
        select(read.c.id),
        select(people.c.id),
        select(people.c.partner),
        select(read.c.partner),
        select(marked.c.partner),
        select(Entry.id).where(Entry.kind == "network"),
    ).cte("everything")
    return select(everything.c.id).where(everything.c.id.is_not(None), everything.c.id != "")


def read_in(selection: Selection) -> CTE:
    """The entries that somebody who opens a narrowed bundle can read: the wanted, all under them, their origins."""
    asked, reply, origin = asked_for(selection).cte("asked"), aliased(Entry), aliased(Entry)
    visible = visible_in(selection.logs, origin)
    wanted = union(
        select(asked),
        select(*_of(reply)).join(asked, reply.root == asked.c.id).where(visible_in(selection.logs, reply)),
    ).cte("wanted")
    came_from = select(Mark.subject).join(wanted, Mark.entry == wanted.c.id)
    came_from = came_from.where(Mark.mark == CAME_FROM.name, Mark.value != "")
    origins = union(came_from, select(wanted.c.copied_from)).cte("origins")
    above = select(Entry.root).join(origins, Entry.id == origins.c[0]).where(Entry.root.is_not(None))
    needed = union(select(origins.c[0].label("id")), above).cte("needed")
    return union(
        select(wanted), select(*_of(origin)).join(needed, origin.id == needed.c.id).where(visible)
    ).cte("readable")  # fmt: skip


def asked_for(selection: Selection) -> Select[Any]:
    """The entries themselves that a narrowed selection asks for."""
    where = [visible_in(selection.logs)]
    if selection.root is not None:
        where.append(Entry.id == selection.root)
    else:
        where.append(Entry.root.is_(None))
    if selection.kind is not None:
        where.append(Entry.kind == selection.kind)
    elif selection.root is None:
        where.append(Entry.kind.in_([kind.name for kind in KINDS.values() if kind.is_listed or kind.has_acts]))
    if selection.start is not None:
        where.append(Entry.when >= selection.start)
    if selection.end is not None:
        where.append(Entry.when < selection.end)
    return select(*_of(Entry)).where(*where)


def _of(table: Any) -> tuple[Any, ...]:
    return (table.id, table.node, table.by, table.partner, table.copied_from)


def _mentioned(session: Session, read: CTE) -> list[str]:
    """The handles that texts mention: their names are on cards of their own."""
    texts = select(Entry.body).join(read, Entry.id == read.c.id).where(Entry.body.contains("@["))
    handles: set[str] = set()
    for text in session.scalars(texts, execution_options=_STREAM):
        handles.update(mentions(text))
        if len(handles) > HANDLES_LIMIT:
            break
    return sorted(handles)[:HANDLES_LIMIT]
