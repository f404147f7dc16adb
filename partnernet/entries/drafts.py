"""Drafts: what somebody is writing, kept on this server per person and form. They never leave it."""

import json
from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from partnernet.core.db import upsert, write
from partnernet.core.entry import SHORT_ID
from partnernet.core.errors import TooLarge
from partnernet.core.ledger.kinds import KINDS, reference
from partnernet.core.policy import Actor
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.entries.model import Draft
from partnernet.people.model import Account

SIZE_LIMIT = 300_000


def keep(session: Session, form: str, values: Mapping[str, str], *, by: Actor) -> int:
    """Keep what is being written; when it was kept, in milliseconds."""
    kept = json.dumps(dict(values), ensure_ascii=False)
    if len(kept) > SIZE_LIMIT:
        raise TooLarge(_("This is too long to be kept as a draft; please share it, or save it on your own device."))
    now = now_ms()
    write(session)
    upsert(session, Draft.__table__, [{"account": by.account, "form": form, "values": kept, "saved": now}])
    _note_change(session, by)
    return now


def words(form: Mapping[str, str]) -> dict[str, str]:
    """What of a form is kept: what somebody wrote, and what they had before them."""
    outside = ("act", "kept", "picture_gone")
    return {name: value for name, value in form.items() if name not in outside}


def address(form: str) -> str | None:
    """Where the form of a draft is; None for a name that no form has."""
    act, _, rest = form.partition("-")
    if act == "new" and rest in KINDS and KINDS[rest].is_listed:
        return f"/{KINDS[rest].plural}/new"
    if reference(rest) and rest and act in ("edit", "reply"):
        short = rest[:SHORT_ID]
        return f"/entries/{short}/edit" if act == "edit" else f"/replies/to/{short}"
    return None


def find(session: Session, form: str, *, by: Actor) -> dict[str, str] | None:
    """What was kept of a form; None where nothing was."""
    values = session.scalars(select(Draft.values).where(Draft.account == by.account, Draft.form == form)).first()
    return read(values)


def read(values: str | None) -> dict[str, str] | None:
    """The fields of a stored draft; None where there is none."""
    return None if values is None else dict(json.loads(values))


def drop(session: Session, form: str, *, by: Actor) -> None:
    """Forget a draft, since it was sent or thrown away."""
    write(session)
    session.execute(delete(Draft).where(Draft.account == by.account, Draft.form == form))
    _note_change(session, by)


def of(session: Session, *, by: Actor) -> list[Draft]:
    """All drafts of a person, newest first."""
    return list(session.scalars(select(Draft).where(Draft.account == by.account).order_by(Draft.saved.desc())))


def _note_change(session: Session, by: Actor) -> None:
    """Pages that show a draft are not what the browser keeps of them any more."""
    session.execute(update(Account).where(Account.id == by.account).values(changed=Account.changed + 1))
