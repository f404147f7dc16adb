"""The forms of the network: its name and welcome, and the pages that it words itself."""

from wtforms import Form, HiddenField, StringField, TextAreaField, validators

from partnernet.core.ledger.kinds import TEXT_LIMIT, TITLE_LIMIT
from partnernet.core.words import lazy
from partnernet.entries.form import EntryForm, at_most, no_control, no_nul, required, strip, unix_lines


class NetworkForm(Form):
    """What the network is called, and how it greets people."""

    name = StringField(
        lazy("Name of the network"), [required(lazy("Give it a name.")), at_most(100), no_control], filters=[strip]
    )
    welcome = TextAreaField(
        lazy("Welcome"), [validators.Optional(), at_most(20_000), no_nul], filters=[unix_lines],
        description=lazy("What strangers and new members read first."),
    )  # fmt: skip
    controller = StringField(
        lazy("Who answers for this server"), [validators.Optional(), at_most(300), no_control], filters=[strip],
        description=lazy("The organisation or person in charge of the data here, with a postal address."),
    )  # fmt: skip
    contact = StringField(
        lazy("How to reach them"), [validators.Optional(), at_most(300), no_control], filters=[strip],
        description=lazy("An e-mail address or telephone number; it stands on the privacy page."),
    )  # fmt: skip
    heads = HiddenField()

    seen = EntryForm.seen
    blame = EntryForm.blame

    def values(self) -> dict[str, str]:
        """The fields of the network, by their names in the ledger."""
        return {"name": self.name.data, "welcome": self.welcome.data or ""}

    def leave_network_alone(self) -> None:
        """Ask for what is this server's own only: the network is worded elsewhere."""
        del self.name, self.welcome


class PageForm(Form):
    """A page that the network words itself."""

    title = StringField(
        lazy("Title"), [required(lazy("Give it a title.")), at_most(TITLE_LIMIT), no_control], filters=[strip]
    )
    body = TextAreaField(
        lazy("Text"), [required(lazy("Write something first.")), at_most(TEXT_LIMIT), no_nul], filters=[unix_lines],
        description=lazy("A line that begins with # is a heading; a blank line begins a new paragraph."),
    )  # fmt: skip
    heads = HiddenField()

    seen = EntryForm.seen
    blame = EntryForm.blame
