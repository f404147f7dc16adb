"""What waits for somebody on Home: at most seven things, the most urgent first, each with its verb."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from partnernet.core.batch import Batch
from partnernet.core.entry import SHORT_ID, Entry
from partnernet.core.policy import Actor, visible_to
from partnernet.core.words import _, plural
from partnernet.entries import reading
from partnernet.entries.model import Reading
from partnernet.exchange.model import WAITING, ImportBatch
from partnernet.home.model import Need
from partnernet.home.needs import CONFLICT, MENTION, READ, REPLY
from partnernet.network.model import Setting
from partnernet.nodes.model import Alarm
from partnernet.people.names import Names, byline
from partnernet.search import saved
from partnernet.search.model import SavedSearch
from partnernet.web.addresses import entry_url

SHOWN = 7

SAVED = "saved"
"""Something new that a saved search finds."""
URGENCY = (CONFLICT, MENTION, REPLY, SAVED)
"""The most urgent first; imports, which others wait for, come before all of them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that needs somebody: what to do, why, and since when; None where there is no hurry."""

    verb: str
    url: str
    why: str
    since: int | None


_SERVER = select(
    select(Setting.value).where(Setting.name == "controller").scalar_subquery(),
    select(func.count(Alarm.id)).where(Alarm.seen.is_(None)).scalar_subquery(),
    select(func.min(Alarm.at)).where(Alarm.seen.is_(None)).scalar_subquery(),
)
"""Who answers for this server, how many alarms nobody has seen, and since when."""

_need, _reading = Need.__table__.c, Reading.__table__.c
_source, _root = Entry.__table__.alias("source"), Entry.__table__.alias("root")


def waiting(session: Session, actor: Actor, batch: Batch) -> list[Any]:
    """The rows of what needs somebody now, one for each page; one more than is shown where there are more."""
    return [row for row in session.execute(_statement(actor)) if not _is_read(row, actor, batch)][: SHOWN + 1]


def told(rows: Sequence[Any], known: Names) -> list[Waiting]:
    """The same in words, once the names are known."""
    return [_line(row, known) for row in rows]


def of_stewards(session: Session) -> list[Waiting]:
    """What needs those who look after this server."""
    found = imports(session)
    controller, alarms, since = session.execute(_SERVER).one()
    if alarms:
        verb = plural(
            "Look at %(count)s alarm about this server or another",
            "Look at %(count)s alarms about this server or others",
            alarms,
        )
        found.append(Waiting(verb, "/exchange/servers", _("The page says what happened and what to do."), since))
    if not controller:
        why = _("Until somebody is named, the privacy page cannot say whom to write to.")
        found.append(Waiting(_("Say who answers for this server"), "/about/edit", why, None))
    return found


def imports(session: Session) -> list[Waiting]:
    """The imports that wait for a steward to decide."""
    found = session.scalars(select(ImportBatch).where(ImportBatch.state == WAITING).order_by(ImportBatch.started))
    return [
        Waiting(
            _("Decide about “%(name)s”", name=each.name), f"/exchange/imports/{each.id}",
            _("Somebody brought this in; nothing of it is here until you say so."), each.started,
        )
        for each in found
    ]  # fmt: skip


def _statement(actor: Actor) -> Any:
    """The first of each sort on each page, with how many there are; and what is new of each saved search."""
    each = union_all(_needed(actor), _newly_found(actor)).subquery()
    urgency = case({kind: n for n, kind in enumerate(URGENCY)}, value=each.c.kind)
    return select(each).where(each.c.n == 1).order_by(urgency, each.c.newest.desc(), each.c.page).limit(4 * SHOWN)


def _needed(actor: Actor) -> Any:
    page = (_need.kind, _need.root)
    return (
        select(
            _need.kind, _need.root.label("page"), _need.position, _source.c.id, _source.c.node, _source.c.by,
            _source.c.credit, _source.c.partner, _source.c.root, _source.c.title, _source.c.when,
            _source.c.kind.label("source_kind"),
            _root.c.title.label("page_title"), _root.c.kind.label("page_kind"),
            func.row_number().over(partition_by=page, order_by=(_need.position, _need.entry)).label("n"),
            func.count().over(partition_by=page).label("total"),
            func.max(_need.position).over(partition_by=page).label("newest"),
        )
        .select_from(Need.__table__)
        .join(_source, and_(_source.c.id == _need.entry, visible_to(actor, _source.c)))
        .join(_root, and_(_root.c.id == _need.root, visible_to(actor, _root.c)))
        .outerjoin(Reading.__table__, and_(_reading.account == _need.account, _reading.root == _need.root))
        .where(
            _need.account == actor.account, ~_need.done,
            (_need.kind == CONFLICT) | (_need.position > func.coalesce(_reading.position, 0)),
        )
    )  # fmt: skip


def _newly_found(actor: Actor) -> Any:
    """The saved searches of somebody that find something new, in the columns of what needs them."""
    news, nothing, nobody = saved.news_of(actor), literal(""), cast(null(), String)
    return select(
        literal(SAVED), cast(SavedSearch.id, String), news.c.newest, nothing, nothing, nothing, nothing, nobody, nobody,
        SavedSearch.name, news.c.when, nothing, nothing, nothing, literal(1), news.c.total, news.c.newest,
    ).join(news, news.c.search == SavedSearch.id)  # fmt: skip


def _is_read(row: Any, actor: Actor, batch: Batch) -> bool:
    """Whether it was read a moment ago: that waits in memory to be stored."""
    if row.kind == SAVED:
        return saved.is_seen(batch, int(row.page), row.newest)
    return row.kind in READ and (batch.peek(reading.store, (actor.account, row.page)) or 0) >= row.newest


def _line(row: Any, known: Names) -> Waiting:
    if row.kind == SAVED:
        return _found(row)
    who, page = byline(row, known).text, row.page_title or _("a page without a title")
    if row.kind == CONFLICT:
        if row.title:
            verb = _("Make one version of “%(title)s”", title=row.title)
        else:
            verb = _("Make one version of what you wrote in “%(page)s”", page=page)
        why = _("It was changed in several places at the same time. Nothing is lost.")
        return Waiting(verb, f"/entries/{row.id[:SHORT_ID]}/versions", why, None)
    where = _("In “%(page)s”", page=page)
    if row.kind == MENTION:
        return Waiting(_("See where %(name)s mentions you", name=who), _address(row), where, row.when)
    if row.total == 1:
        return Waiting(_("Read the reply from %(name)s", name=who), _address(row), where, row.when)
    verb = plural("Read %(count)s reply", "Read %(count)s replies", row.total)
    why = _("In “%(page)s”, the first from %(name)s", page=page, name=who)
    return Waiting(verb, _address(row), why, row.when)


def _found(row: Any) -> Waiting:
    if row.total > saved.NEWS_LIMIT:
        verb = _("See more than %(count)s new places for “%(name)s”", count=saved.NEWS_LIMIT, name=row.title)
    else:
        verb = plural(
            "See %(count)s new place for “%(name)s”", "See %(count)s new places for “%(name)s”", row.total,
            name=row.title,
        )  # fmt: skip
    return Waiting(verb, f"/searches/{row.page}", _("You keep this search; this came since you last looked."), row.when)


def _address(row: Any) -> str:
    return entry_url(_Source(row.id, row.root, row.source_kind, row.title))


@dataclass(frozen=True, slots=True)
class _Source:
    """What the address of an entry or reply is made of."""

    id: str
    root: str | None
    kind: str
    title: str
