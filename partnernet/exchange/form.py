"""The forms of the exchange: what to take along, and what to bring in."""

from collections.abc import Mapping

from wtforms import FileField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.core.words import lazy
from partnernet.entries.form import Blamed
from partnernet.exchange.bundle import JSON, JSONL, ZIP

EVERYTHING = "everything"

FORM_WORDS = {
    ZIP: lazy("A zip file with attachments, for a stick or another server"),
    JSON: lazy("One document to read or to e-mail, without attachments, up to 16 MB"),
    JSONL: lazy("Bare lines, one for each statement, for other programs"),
}
LOG_WORDS = {
    EVERYTHING: lazy("Everything that is public or open to the network"),
    PUBLIC: lazy("Only what is public"),
}


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class ExportForm(Blamed):
    """Take a copy of what this server holds."""

    logs = RadioField(lazy("What to take along"), choices=_choices(LOG_WORDS), default=EVERYTHING)
    form = RadioField(lazy("In which form"), choices=_choices(FORM_WORDS), default=ZIP)
    note = StringField(
        lazy("A few words to whoever opens it"),
        [Length(max=500, message=lazy("Please keep it under 500 characters."))],
    )

    @property
    def chosen_logs(self) -> tuple[str, ...]:
        """The logs that were chosen."""
        return (PUBLIC,) if self.logs.data == PUBLIC else (PUBLIC, NETWORK)


class ImportForm(Blamed):
    """Bring in what another server holds."""

    bundle = FileField(lazy("The bundle"))
