"""The forms of entries: their shape is checked here, their truth in the models."""

from typing import Any

from wtforms import (
    Form,
    HiddenField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
    validators,
)

from partnernet.core.ledger.kinds import TEXT_LIMIT, TITLE_LIMIT
from partnernet.core.policy import NETWORK, VISIBILITIES

VISIBILITY_WORDS = {
    "network": "The network: everybody who is signed in, at every partner",
    "public": "Everybody: the whole world may read it",
}


def required(sentence: str) -> Any:
    """The field cannot be left empty."""
    return validators.InputRequired(message=sentence)


def at_most(limit: int) -> Any:
    """The field has a limit, said in words."""
    return validators.Length(max=limit, message=f"Please keep this to {limit:,} characters.")


def no_control(form: Form, field: Any) -> None:
    """A single line holds no line breaks and no control characters."""
    if field.data and any(ord(character) < 32 or character == "\x7f" for character in field.data):
        raise ValidationError("Please keep this to one line of plain text.")


def no_nul(form: Form, field: Any) -> None:
    """A text holds everything but U+0000."""
    if field.data and "\0" in field.data:
        raise ValidationError("Please take out the character that cannot be kept (U+0000).")


def strip(value: str | None) -> str | None:
    """Without white space at either end."""
    return value.strip() if value else value


def unix_lines(value: str | None) -> str | None:
    """Line breaks as the ledger keeps them, whatever a browser sends."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if value else value


class TagsField(StringField):
    """Tags with commas between them; `tags` is the list."""

    @property
    def tags(self) -> list[str]:
        return list(dict.fromkeys(" ".join(word.lower().split()) for word in (self.data or "").split(",") if word.strip()))


class EntryForm(Form):
    """What every kind of entry asks: a title, a text, who may read it, tags and files."""

    title = StringField(
        "Title", [required("Give it a title."), at_most(TITLE_LIMIT), no_control], filters=[strip],
        description="Say in a few words what it is about.",
    )  # fmt: skip
    body = TextAreaField(
        "Text", [required("Write something first."), at_most(TEXT_LIMIT), no_nul], filters=[unix_lines],
        description="Plain words are enough; a blank line begins a new paragraph.",
    )  # fmt: skip
    visibility = RadioField(
        "Who may read it", choices=[(log, VISIBILITY_WORDS[log]) for log in VISIBILITIES], default=NETWORK,
        validators=[required("Choose who may read this.")],
    )  # fmt: skip
    tags = TagsField("Tags", [at_most(800), no_control], description="A few words to find it by, with commas between.")
    files = MultipleFileField("Add files", description="Pictures, PDFs and documents, up to 50 MB each.")
    heads = HiddenField()

    def values(self) -> dict[str, Any]:
        """The entry's own fields, by their names in the ledger."""
        outside = ("visibility", "tags", "files", "heads")
        return {name: field.data or "" for name, field in self._fields.items() if name not in outside}

    @property
    def seen(self) -> list[str]:
        """The heads that the form was made from."""
        return (self.heads.data or "").split()

    def blame(self, fields: dict[str, str]) -> None:
        """Put what the model found wrong beside the fields."""
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]


class ReplyForm(Form):
    """An answer."""

    body = TextAreaField(
        "Your reply", [required("Write something first."), at_most(TEXT_LIMIT), no_nul], filters=[unix_lines],
        description="Plain words are enough; a blank line begins a new paragraph.",
    )  # fmt: skip
    files = MultipleFileField("Add files", description="Pictures, PDFs and documents, up to 50 MB each.")
    heads = HiddenField()

    values = EntryForm.values
    seen = EntryForm.seen
    blame = EntryForm.blame
