"""The form of a note."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, ValidationError, validators

from partnernet.core.ledger.kinds import day
from partnernet.core.policy import Actor
from partnernet.core.words import _, lazy
from partnernet.entries.form import EntryForm, at_most, no_control, strip
from partnernet.notes.model import PLACE_LIMIT
from partnernet.partners.model import choices


class NoteForm(EntryForm):
    """Write up a gathering or a talk."""

    held = StringField(
        lazy("When it was"), [validators.Optional(), no_control], filters=[strip],
        description=lazy("The day, as 2026-03-05."), render_kw={"type": "date"},
    )  # fmt: skip
    host = SelectField(
        lazy("Who hosted it"), [validators.Optional()], description=lazy("The partner at whose place it was.")
    )
    place = StringField(
        lazy("Where it was"), [validators.Optional(), at_most(PLACE_LIMIT), no_control], filters=[strip],
        description=lazy("The town or the building."),
    )  # fmt: skip

    first = ("title", "held", "place", "host")

    def prepare(self, session: Session, actor: Actor | None, present: Mapping[str, Any] | None = None) -> None:
        """Offer the partners, and keep one that is not here."""
        super().prepare(session, actor, present)
        offered = choices(session)
        now = (present or {}).get("host") or ""
        if now not in offered:
            offered[now] = _("A partner that is not here")
        self.host.choices = offered

    def validate_held(self, field: Any) -> None:
        """A day that there is."""
        if field.data and not day(field.data):
            raise ValidationError(_("Give the day as year, month and day, such as 2026-03-05."))
