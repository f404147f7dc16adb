"""Drafts: what somebody is writing, kept on this server per person and form. They never leave it."""

import json
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from partnernet.core.db import upsert, write
from partnernet.core.errors import TooLarge
from partnernet.core.policy import Actor
from partnernet.core.time import now_ms
from partnernet.entries.model import Draft

SIZE_LIMIT = 300_000
KEPT_DAYS = 60


def keep(session: Session, form: str, values: Mapping[str, str], *, by: Actor) -> int:
    """Keep what is being written; when it was kept, in milliseconds."""
    kept = json.dumps(dict(values), ensure_ascii=False)
    if len(kept) > SIZE_LIMIT:
        raise TooLarge("This is too long to be kept as a draft; please share it, or save it on your own device.")
    now = now_ms()
    write(session)
    upsert(session, Draft.__table__, [{"account": by.account, "form": form, "values": kept, "saved": now}])
    return now


def find(session: Session, form: str, *, by: Actor) -> dict[str, str] | None:
    """What was kept of a form; None where nothing was."""
    values = session.scalars(select(Draft.values).where(Draft.account == by.account, Draft.form == form)).first()
    return read(values)


def read(values: str | None) -> dict[str, str] | None:
    """The fields of a stored draft; None where there is none."""
    return None if values is None else dict(json.loads(values))


def drop(session: Session, form: str, *, by: Actor) -> None:
    """Forget a draft, since it was sent or thrown away."""
    session.execute(delete(Draft).where(Draft.account == by.account, Draft.form == form))


def of(session: Session, *, by: Actor) -> list[Draft]:
    """All drafts of a person, newest first."""
    return list(session.scalars(select(Draft).where(Draft.account == by.account).order_by(Draft.saved.desc())))
