"""The forms of the exchange: what to take along, and what to bring in."""

from collections.abc import Mapping

from wtforms import FileField, Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from partnernet.core.policy import NETWORK, PUBLIC
from partnernet.exchange.bundle import JSON, JSONL, ZIP

EVERYTHING = "everything"

FORM_WORDS = {
    ZIP: "A zip file with attachments, for a stick or another server",
    JSON: "One document to read or to e-mail, without attachments, up to 16 MB",
    JSONL: "Bare lines, one for each statement, for other programs",
}
LOG_WORDS = {
    EVERYTHING: "Everything that is public or open to the network",
    PUBLIC: "Only what is public",
}


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class ExportForm(Form):
    """Take a copy of what this server holds."""

    logs = RadioField("What to take along", choices=_choices(LOG_WORDS), default=EVERYTHING)
    form = RadioField("In which form", choices=_choices(FORM_WORDS), default=ZIP)
    note = StringField(
        "A few words to whoever opens it", [Length(max=500, message="Please keep it under 500 characters.")]
    )

    @property
    def chosen_logs(self) -> tuple[str, ...]:
        """The logs that were chosen."""
        return (PUBLIC,) if self.logs.data == PUBLIC else (PUBLIC, NETWORK)


class ImportForm(Form):
    """Bring in what another server holds."""

    bundle = FileField("The bundle", description="A file that ends in .pn.zip, .pn.json or .pn.jsonl.")
