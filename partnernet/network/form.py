"""The forms of the network: its name, look and welcome, and the pages that it words itself."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    ColorField,
    FileField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
    validators,
)

from partnernet.core.ledger.kinds import TEXT_LIMIT, TITLE_LIMIT
from partnernet.core.words import _, lazy
from partnernet.entries.fields import ProseField
from partnernet.entries.form import Blamed, EntryForm, at_most, no_control, no_nul, required, strip, unix_lines
from partnernet.network import look
from partnernet.network.colour import TEXT, is_hex, to_hex
from partnernet.network.model import NAME_LIMIT, STRAPLINE_LIMIT, WELCOME_LIMIT

OWN = "own"
"""The choice of a colour that is none of ours."""


class NetworkForm(Blamed):
    """What the network is called, what it looks like, and how it greets people."""

    name = StringField(
        lazy("Name of the network"), [required(lazy("Give it a name.")), at_most(NAME_LIMIT), no_control],
        filters=[strip],
    )  # fmt: skip
    strapline = StringField(
        lazy("What it is, in one line"), [validators.Optional(), at_most(STRAPLINE_LIMIT), no_control],
        filters=[strip],
        description=lazy("It stands over the name: “Nine arts organisations between the fell and the sea”."),
    )  # fmt: skip
    picture = FileField(
        lazy("A picture in place of the name"), [validators.Optional()],
        description=lazy("A wordmark or logo as PNG, JPEG or WebP, at least 90 pixels high. Without one, the name is "
                         "set large in type."),
    )  # fmt: skip
    picture_gone = BooleanField(lazy("Take the picture away, and set the name in type"))
    accent = RadioField(
        lazy("Colour"), [required(lazy("Choose a colour."))],
        choices=lambda: [(name, str(pair.label)) for name, pair in look.NAMED.items()] + [(OWN, _("Another colour"))],
        description=lazy("It marks links, the main button, numerals and what is new; it is never a large area."),
    )  # fmt: skip
    accent_own = ColorField(lazy("Your own colour"), [validators.Optional()], filters=[strip])
    welcome = ProseField(
        lazy("Welcome"), [validators.Optional(), at_most(WELCOME_LIMIT), no_nul], filters=[unix_lines],
        description=lazy("What strangers and new members read first."),
    )  # fmt: skip
    controller = StringField(
        lazy("Who answers for this server"), [validators.Optional(), at_most(300), no_control], filters=[strip],
        description=lazy("The organisation or person in charge of the data here, with a postal address."),
    )  # fmt: skip
    contact = StringField(
        lazy("How to reach them"), [validators.Optional(), at_most(300), no_control], filters=[strip],
        description=lazy("An e-mail address or telephone number; it stands on the front page and the privacy page."),
    )  # fmt: skip
    heads = HiddenField()

    seen = EntryForm.seen

    offered = ""
    """The shade nearest to a colour that was refused, as #rrggbb."""
    picture_now: Mapping[str, Any] | None = None
    """The picture that is there."""

    def values(self) -> dict[str, Any]:
        """The fields of the network, by their names in the ledger; its picture is stored apart."""
        return {
            "name": self.name.data, "strapline": self.strapline.data or "", "welcome": self.welcome.data or "",
            "accent": "" if self.chosen == look.KELP else self.chosen,
        }  # fmt: skip

    @property
    def chosen(self) -> str:
        """The accent that is asked for: a name of ours, or #rrggbb."""
        own = (self.accent_own.data or "").lower()
        return own if self.accent.data == OWN else str(self.accent.data or look.KELP)

    def validate_accent_own(self, field: Any) -> None:
        """A colour that can be read on every paper; where it cannot, the nearest that can is offered."""
        if self.accent.data != OWN:
            return
        if not is_hex(self.chosen):
            raise ValidationError(_("Choose a colour of your own, or one of the others."))
        if not look.passes(self.chosen):
            self.offered = look.suggested(self.chosen)
            ratio = f"{look.worst(self.chosen):.1f}"
            raise ValidationError(
                _("%(colour)s would be hard to read: its contrast is %(ratio)s to 1 where it is weakest, and text "
                  "needs %(needed)s to 1. The nearest shade that passes is %(offered)s.",
                  colour=self.chosen, ratio=ratio, needed=TEXT, offered=self.offered)
            )  # fmt: skip

    def leave_network_alone(self) -> None:
        """Ask for what is this server's own only: the network is worded elsewhere."""
        del self.name, self.strapline, self.picture, self.picture_gone, self.accent, self.accent_own, self.welcome


def accent_fields(accent: str) -> dict[str, str]:
    """How the form shows the accent of the ledger."""
    if is_hex(accent):
        return {"accent": OWN, "accent_own": accent}
    known = accent if accent in look.NAMED else look.KELP
    return {"accent": known, "accent_own": to_hex(look.NAMED[known].light)}


class PageForm(Blamed):
    """A page that the network words itself."""

    title = StringField(
        lazy("Title"), [required(lazy("Give it a title.")), at_most(TITLE_LIMIT), no_control], filters=[strip]
    )
    body = ProseField(
        lazy("Text"), [required(lazy("Write something first.")), at_most(TEXT_LIMIT), no_nul], filters=[unix_lines],
        description=lazy("A line that begins with # is a heading; a blank line begins a new paragraph."),
    )  # fmt: skip
    heads = HiddenField()

    seen = EntryForm.seen


class SpecimenForm(Form):
    """For the style page: each sort of field, some of them with something wrong. What it says is invented."""

    specimen_title = StringField(
        "Title", [validators.DataRequired("Give the idea a title.")],
        description="What you would say to somebody on the train, in a dozen words or fewer.",
    )  # fmt: skip
    specimen_day = StringField(
        "The day", [validators.Regexp(r"\d{4}-\d\d-\d\d", message="Write the date as 2026-12-03.")]
    )
    specimen_place = StringField("Place", [validators.Optional()], description="The hall, then the village.")
    specimen_text = ProseField("Text", [validators.Optional()])
    specimen_partner = SelectField(
        "Partner", choices=lambda: [(name, name) for name in ("Cordage Print Room", "Sallow Mill")]
    )
    specimen_who = RadioField(
        "Who may read it", choices=lambda: [("n", "The network"), ("p", "Everybody")], default="n"
    )
    specimen_told = BooleanField("Tell me when somebody answers", default=True)
    specimen_file = FileField("Add a file", [validators.Optional()])

    @classmethod
    def wrong(cls) -> "SpecimenForm":
        """The form as it comes back when two things need a look."""
        form = cls(
            data={
                "specimen_day": "3 December",
                "specimen_place": "Memorial Hall, Thorsby",
                "specimen_partner": "Sallow Mill",
            }
        )
        form.validate()
        return form
