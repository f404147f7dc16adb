"""What people and partners say of an entry: its marks, as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from partnernet.core.entry import Mark
from partnernet.core.policy import Actor
from partnernet.partners.model import Partner
from partnernet.people.names import Name

MARKS_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One mark on an entry: what, by whom, and for which partner if for one."""

    mark: str
    name: Name
    partner: str | None
    partner_name: str
    place: str
    """Where the partner is."""
    ts: int
    is_own: bool
    """Whether the reader said it, or somebody of their partner."""


def marks_of(session: Session, actor: Actor | None, row: Any, wanted: Sequence[str]) -> Sequence[Any]:
    """The marks of an entry that are asked for, and to a member the tags that they gave."""
    if actor is None and not wanted:
        return ()
    given = {"entry": row.id, "log": row.log, "wanted": list(wanted)}
    if actor is not None:
        given |= {"by": actor.handle, "node": actor.node.id}
    return session.execute(_statement(actor is not None), given).all()


def said(mark: Any, known: dict[tuple[str, str], Name], actor: Actor | None) -> Said:
    """A mark, with names."""
    own = actor is not None and (
        mark.partner == actor.partner if mark.partner else (mark.node, mark.by) == (actor.node.id, actor.handle)
    )
    name, partner = known[(mark.node, mark.by)], mark.partner_name or ""
    return Said(mark.mark, name, mark.partner, partner, mark.partner_place or "", mark.ts, own)


@lru_cache
def _statement(to_member: bool) -> Select[Any]:
    mark, partner = Mark.__table__.c, Partner.__table__
    sort: ColumnElement[bool] = mark.mark.in_(bindparam("wanted", expanding=True))
    if to_member:
        own = and_(mark.mark == "tag", mark.by == bindparam("by"), mark.node == bindparam("node"))
        sort = or_(sort, own)
    return (
        select(
            mark.mark, mark.subject, mark.node, mark.by, mark.partner, mark.ts,
            partner.c.name.label("partner_name"), partner.c.place.label("partner_place"),
        )
        .select_from(Mark.__table__.outerjoin(partner, partner.c.id == mark.partner))
        .where(mark.entry == bindparam("entry"), mark.log == bindparam("log"), mark.value != "", sort)
        .order_by(mark.ts, mark.thing)
        .limit(MARKS_SHOWN)
    )  # fmt: skip
