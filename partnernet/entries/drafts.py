"""Drafts: what somebody is writing, kept on this server per person and form. They never leave it."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from partnernet.core.db import upsert, write
from partnernet.core.entry import SHORT_ID
from partnernet.core.errors import TooLarge
from partnernet.core.ledger.kinds import KINDS, reference
from partnernet.core.policy import Actor
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.entries import staging
from partnernet.entries.fields import KeptFile, staged_in
from partnernet.entries.model import Draft
from partnernet.people.model import Account

SIZE_LIMIT = 300_000


class Kept(dict[str, str]):
    """The fields of a draft, and when it was kept."""

    def __init__(self, values: Mapping[str, str], saved: int) -> None:
        super().__init__(values)
        self.saved = saved


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


def words(form: MultiDict[str, str]) -> dict[str, str]:
    """What of a form is kept: what somebody wrote, and what they had before them."""
    outside = ("act", "kept", "staged", "picture_gone")
    kept = {name: value for name, value in form.items() if name not in outside and not name.startswith("staged_alt_")}
    staged = staged_in(form)
    return kept | ({"staged": json.dumps(staged, ensure_ascii=False)} if staged else {})


def with_files(values: Mapping[str, str], files: Mapping[str, Any]) -> dict[str, str]:
    """The words of a form with the files that came with it and were kept."""
    staged = json.loads(values.get("staged", "{}")) | files.get("staged", {})
    named = {name: sha256 for name, sha256 in files.items() if name != "staged"}
    return {**values, **named} | ({"staged": json.dumps(staged, ensure_ascii=False)} if staged else {})


def address(form: str) -> str | None:
    """Where the form of a draft is; None for a name that no form has."""
    act, _, rest = form.partition("-")
    if act == "new" and rest in KINDS and KINDS[rest].is_listed:
        return f"/{KINDS[rest].plural}/new"
    if reference(rest) and rest and act in ("edit", "reply"):
        short = rest[:SHORT_ID]
        return f"/entries/{short}/edit" if act == "edit" else f"/replies/to/{short}"
    return None


def find(session: Session, form: str, *, by: Actor) -> Kept | None:
    """What was kept of a form; None where nothing was."""
    row = session.execute(
        select(Draft.values, Draft.saved).where(Draft.account == by.account, Draft.form == form)
    ).first()
    return None if row is None else Kept(read(row.values) or {}, row.saved)


def read(values: str | None) -> dict[str, str] | None:
    """The fields of a stored draft; None where there is none."""
    return None if values is None else dict(json.loads(values))


def waiting(session: Session, draft: Mapping[str, str], *, by: Actor | None) -> list[KeptFile]:
    """The new files that a draft names and that are still here."""
    asked = json.loads(draft.get("staged", "{}"))
    if by is None or not asked:
        return []
    found = staging.own(session, asked, by=by)
    return [KeptFile(found[sha256] | {"alt": alt}) for sha256, alt in asked.items() if sha256 in found]


def drop(session: Session, form: str, *, by: Actor) -> None:
    """Forget a draft, since it was sent or thrown away."""
    write(session)
    session.execute(delete(Draft).where(Draft.account == by.account, Draft.form == form))
    _note_change(session, by)


def sent(session: Session, form: str, writing: str | None, *, by: Actor) -> None:
    """Forget the draft of what was sent; that of something else, written in another window meanwhile, stays."""
    kept = find(session, form, by=by)
    if not writing or kept is None or kept.get("writing", writing) == writing:
        drop(session, form, by=by)


def of(session: Session, *, by: Actor) -> list[Draft]:
    """All drafts of a person, newest first."""
    own = select(Draft).where(Draft.account == by.account, ~Draft.form.startswith(staging.PREFIX))
    return list(session.scalars(own.order_by(Draft.saved.desc())))


def _note_change(session: Session, by: Actor) -> None:
    """Pages that show a draft are not what the browser keeps of them any more."""
    session.execute(update(Account).where(Account.id == by.account).values(changed=Account.changed + 1))
