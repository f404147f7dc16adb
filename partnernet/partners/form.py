"""The form of a partner's card."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField, ValidationError, validators

from partnernet.core.ledger.kinds import address
from partnernet.core.words import _, lazy
from partnernet.entries.fields import ProseField
from partnernet.entries.form import Blamed, EntryForm, at_most, no_control, no_nul, required, strip, unix_lines
from partnernet.partners.model import ART_FORM_LIMIT, ART_FORMS_LIMIT

SAFE_SCHEMES = ("http://", "https://")


def with_scheme(value: str | None) -> str | None:
    """People leave out the https:// of an address."""
    return f"https://{value}" if value and "://" not in value and "." in value else value


class WordsField(StringField):
    """A few words or phrases with commas between them; the data is a list."""

    def _value(self) -> str:
        return ", ".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        words = (" ".join(word.split()) for text in valuelist for word in text.split(","))
        self.data = list(dict.fromkeys(word for word in words if word))


class PartnerForm(Blamed):
    """Everything that a partner's card says."""

    name = StringField(
        lazy("Name"), [required(lazy("Give the partner’s name.")), at_most(200), no_control], filters=[strip]
    )
    place = StringField(
        lazy("Place"), [validators.Optional(), at_most(200), no_control], filters=[strip],
        description=lazy("The town or village, and perhaps the building."),
    )  # fmt: skip
    region = StringField(
        lazy("Region"), [validators.Optional(), at_most(200), no_control], filters=[strip],
        description=lazy("As others would look for it, such as North West or Highlands."),
    )  # fmt: skip
    art_forms = WordsField(
        lazy("Art forms"),
        [validators.Optional()],
        description=lazy("With commas between them: dance, youth theatre, museums."),
    )
    offers = TextAreaField(
        lazy("What you offer"), [validators.Optional(), at_most(4_000), no_nul], filters=[unix_lines],
        description=lazy("Rooms, skills, equipment, an audience: what others may ask you for."),
    )  # fmt: skip
    seeks = TextAreaField(
        lazy("What you seek"), [validators.Optional(), at_most(4_000), no_nul], filters=[unix_lines],
        description=lazy("What you would be glad to find in the network."),
    )  # fmt: skip
    website = StringField(lazy("Website"), [validators.Optional(), at_most(2_000)], filters=[strip, with_scheme])
    about = ProseField(lazy("About"), [validators.Optional(), at_most(20_000), no_nul], filters=[unix_lines])
    heads = HiddenField()

    seen = EntryForm.seen

    def validate_website(self, field: Any) -> None:
        """An address that is safe to link to."""
        if field.data and not address(field.data):
            raise ValidationError(_("Give a whole web address, such as https://example.org."))

    def validate_art_forms(self, field: Any) -> None:
        """Not too many, and none too long."""
        if len(field.data) > ART_FORMS_LIMIT or any(len(word) > ART_FORM_LIMIT for word in field.data):
            words = _(
                "Give at most %(count)s, each of up to %(letters)s letters.",
                count=ART_FORMS_LIMIT,
                letters=ART_FORM_LIMIT,
            )
            raise ValidationError(words)

    def values(self) -> dict[str, Any]:
        """The fields of the card, by their names in the ledger."""
        outside = ("heads", "mine")
        return {
            name: field.data or ([] if name == "art_forms" else "")
            for name, field in self._fields.items()
            if name not in outside
        }


class NewPartnerForm(PartnerForm):
    """Add a partner."""

    mine = BooleanField(lazy("This is the organisation I work with"), default=False)
