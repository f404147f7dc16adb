"""Two servers that hold the same numbers of a log, and other ops: both give each other what they lack, by ids."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.errors import BadBundle
from partnernet.core.ledger.tables import OpRow
from partnernet.core.words import _
from partnernet.sync import pages

if TYPE_CHECKING:
    from partnernet.sync.exchange import Walk

STEPS = 1_000
"""Lists of ids that are read of one log: ten million of them."""

Place = tuple[int, str]


def mend(walk: "Walk", key: str) -> None:
    """Compare the ids of one incarnation's log with what another server holds, and exchange what differs."""
    if key.split("/", 2)[2] not in walk.other.reads:
        return
    after: Place = (0, "")
    for _step in range(STEPS):
        answer = walk.client.ids(key, after)
        there, is_more = _read(answer.get("ids"), after), answer.get("more") is True
        last = there[-1] if is_more and there else None
        here = held(walk.session, key, after, last)
        walk.session.rollback()
        lacking, giving = sorted({op for _seq, op in there} - here), sorted(here - {op for _seq, op in there})
        _trade(walk, lacking, giving)
        if last is None:
            return
        after = last


def held(session: Session, key: str, after: Place, last: Place | None) -> set[str]:
    """The ids that are here, past one place and up to another."""
    node, inc, log = key.split("/", 2)
    where = [OpRow.node == node, OpRow.inc == inc, OpRow.log == log, OpRow.seq >= after[0]]
    if last is not None:
        where.append(OpRow.seq <= last[0])
    rows = session.execute(select(OpRow.seq, OpRow.id).where(*where))
    return {op for seq, op in rows if (seq, op) > after and (last is None or (seq, op) <= last)}


def _trade(walk: "Walk", lacking: Sequence[str], giving: Sequence[str]) -> None:
    asks = list(chunks(lacking, walk.most))
    gives = list(chunks(giving, walk.most // 4 or 1))
    for n in range(max(len(asks), len(gives))):
        walk.look_again()
        page = walk.page()
        if n < len(gives):
            pages.fill_by_id(walk.session, page, gives[n], walk.other.reads)
        walk.session.rollback()
        walk.turn({"ids": asks[n] if n < len(asks) else [], "most": walk.most}, page)


def _read(given: object, after: Place) -> list[Place]:
    """Numbers and ids as they were sent; raises BadBundle unless they go on from where one was."""
    try:
        places = [(seq, op) for seq, op in given]  # type: ignore[attr-defined] # whatever it is, it is looked at
    except (TypeError, ValueError) as error:
        raise BadBundle(_("What another server said is not in the form it should have.")) from error
    typed = all(type(seq) is int and isinstance(op, str) for seq, op in places)
    if not typed or any(some >= more for some, more in pairwise([after, *places])):
        raise BadBundle(_("What another server said is not in the form it should have."))
    return places
