"""The form of writing out: in which form, which kinds, of when, and for whose eyes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import DateField, RadioField, SelectMultipleField, ValidationError, validators, widgets
from wtforms.fields.choices import SelectChoice

from partnernet.core.policy import PUBLIC
from partnernet.core.words import _, lazy
from partnernet.entries.form import Blamed
from partnernet.interchange.choice import listed
from partnernet.interchange.writing import CSV, MARKDOWN, MBOX

EVERYTHING = "everything"

FORM_WORDS = {
    MARKDOWN: lazy("Texts: a zip file with one Markdown file for each entry, its replies and its attachments"),
    CSV: lazy("Tables: a zip file of CSV files, for spreadsheets, without attachments"),
    MBOX: lazy("Mail: one mailbox with a message for each entry and each reply, for mail programs"),
}
READER_WORDS = {
    EVERYTHING: lazy("Everything that is public or open to the network"),
    PUBLIC: lazy("Only what is public"),
}


class DayField(DateField):
    """A day, which may be left out."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a day as browsers send it."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Please write the day as in 2026-03-06.")) from error


class OtherProgramsForm(Blamed):
    """Write out what this server holds, for other programs."""

    form = RadioField(
        lazy("In which form"), choices=[SelectChoice(name, words) for name, words in FORM_WORDS.items()],
        default=MARKDOWN,
    )  # fmt: skip
    reader = RadioField(
        lazy("What to write out"), choices=[SelectChoice(name, words) for name, words in READER_WORDS.items()],
        default=EVERYTHING,
    )  # fmt: skip
    kinds = SelectMultipleField(
        lazy("Which kinds"), choices=lambda: [(kind.name, str(kind.words)) for kind in listed()],
        widget=widgets.ListWidget(prefix_label=False), option_widget=widgets.CheckboxInput(),
    )  # fmt: skip
    first = DayField(lazy("From this day"), [validators.Optional()])
    last = DayField(lazy("Up to this day"), [validators.Optional()])

    def validate_last(self, field: Any) -> None:
        """The period does not end before it begins."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first; please change one of them."))

    @property
    def is_for_strangers(self) -> bool:
        """Whether only what is public is wanted."""
        return bool(self.reader.data == PUBLIC)

    @property
    def period(self) -> Sequence[date | None]:
        """The first day and the last one."""
        return (self.first.data, self.last.data)
