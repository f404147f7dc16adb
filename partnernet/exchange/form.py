"""The forms of the exchange: what to take along, and what to bring in."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import DateField, FileField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from partnernet.core.ledger.kinds import KINDS
from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.words import _, lazy
from partnernet.entries.form import Blamed
from partnernet.exchange.bundle import JSON, JSONL, ZIP
from partnernet.exchange.outgoing.choosing import Wish

EVERYTHING = "everything"

FORM_WORDS = {
    ZIP: lazy("A zip file with attachments, for a stick or another server"),
    JSON: lazy("One document to read or to e-mail, without attachments, up to 16 MB"),
    JSONL: lazy("Bare lines, one for each statement, for other programs"),
}
WITH, WITHOUT = "with", "without"
FILES_WORDS = {WITH: lazy("With attachments"), WITHOUT: lazy("Without attachments, which makes it small")}
MAIL = "18M"
SIZE_WORDS = {
    "": lazy("All in one file, for a stick"),
    MAIL: lazy("For e-mail: several files, each under 18 MB, that go in any order"),
}
LOG_WORDS = {
    EVERYTHING: lazy("Everything that is public or open to the network"),
    PUBLIC: lazy("Only what is public"),
}


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class TakeForm(Blamed):
    """Take a copy of what this server holds, or of some of it."""

    to = SelectField(lazy("For whom"), default="")
    logs = RadioField(lazy("Who may read it"), choices=_choices(LOG_WORDS), default=EVERYTHING)
    kind = SelectField(lazy("Only one kind"), default="")
    first = DateField(
        lazy("From this day"),
        [Optional()],
        description=lazy(
            "By the date that stands on an entry. All that was said about it goes along, whenever that was."
        ),
    )
    last = DateField(lazy("Up to this day"), [Optional()])
    files = RadioField(lazy("Attachments"), choices=_choices(FILES_WORDS), default=WITH)
    size = RadioField(lazy("How large a file may be"), choices=_choices(SIZE_WORDS), default="")
    form = RadioField(lazy("In which form"), choices=_choices(FORM_WORDS), default=ZIP)
    note = StringField(
        lazy("A few words to whoever opens it"),
        [Optional(), Length(max=500, message=lazy("Please keep it under 500 characters."))],
    )
    root = HiddenField()

    def offer(self, servers: Iterable[tuple[str, str]]) -> "TakeForm":
        """Offer these servers, as pairs of key and name."""
        self.to.choices = [("", _("Anybody, or several")), *servers]
        kinds = [kind for kind in KINDS.values() if kind.plural and kind.name != "reply"]
        named = sorted(((kind.name, str(kind.words)) for kind in kinds), key=lambda pair: pair[1].casefold())
        self.kind.choices = [("", _("All kinds")), *named]
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and whether they go together."""
        is_good: bool = super().validate(extra_validators)
        if self.first.data and self.last.data and self.last.data < self.first.data:
            self.last.errors = [_("This day is before the first one.")]
            is_good = False
        if self.size.data and self.form.data != ZIP:
            self.size.errors = [_("Only a zip file can be divided: choose that form, or one file.")]
            is_good = False
        return is_good

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        return Wish(
            logs=(PUBLIC,) if self.logs.data == PUBLIC else (PUBLIC, NETWORK),
            to=self.to.data or None, root=self.root.data or None, kind=self.kind.data or None,
            first=self.first.data, last=self.last.data, with_files=self.files.data == WITH,
        )  # fmt: skip

    @property
    def parameters(self) -> dict[str, str]:
        """The fields that say something, as they stand in an address or in hidden fields."""
        given = {
            "to": self.to.data, "logs": self.logs.data, "kind": self.kind.data, "first": self.first.data,
            "last": self.last.data, "files": self.files.data, "size": self.size.data, "form": self.form.data,
            "note": self.note.data, "root": self.root.data,
        }  # fmt: skip
        return {name: str(value) for name, value in given.items() if value}

    @property
    def is_some(self) -> bool:
        """Whether less than all was asked for."""
        chosen = (self.kind.data, self.first.data, self.last.data)
        return any(chosen) or self.logs.data != EVERYTHING or self.files.data != WITH or bool(self.errors)

    @property
    def is_special(self) -> bool:
        """Whether it was asked for in another form, with a note, or divided."""
        return bool(self.size.data or self.note.data or self.form.data != ZIP or self.errors)


class ImportForm(Blamed):
    """Bring in what another server holds."""

    bundle = FileField(lazy("The bundle"))
