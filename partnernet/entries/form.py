"""The forms of entries: their shape is checked here, their truth in the models."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session
from wtforms import (
    Form,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
    validators,
    widgets,
)

from partnernet.core.languages import LANGUAGES
from partnernet.core.ledger.kinds import TEXT_LIMIT, TITLE_LIMIT
from partnernet.core.policy import NETWORK, VISIBILITIES, Actor
from partnernet.core.words import _, lazy, lazy_choices
from partnernet.entries import staging
from partnernet.entries.fields import KeptFilesField, LinesField, OwnWords, ProseField, StagedField, TagsField

VISIBILITY_WORDS = {
    "network": lazy("The network: everybody who is signed in, at every partner"),
    "public": lazy("Everybody: the whole world may read it"),
}

WRITING = lazy("Plain words are enough; a blank line begins a new paragraph. @ and a full name lets that person know.")
FILES = lazy("Pictures, PDFs and documents, up to 50 MB each.")
SHOWN = lazy("For people who cannot see them. One line for each picture, in the same order.")


def required(sentence: str) -> Any:
    """The field cannot be left empty."""
    return validators.DataRequired(message=sentence)


def at_most(limit: int) -> Any:
    """The field has a limit, said in words."""
    return validators.Length(max=limit, message=lazy("Please keep this to %(limit)s characters.", limit=limit))


def no_control(form: Form, field: Any) -> None:
    """A single line holds no line breaks and no control characters."""
    if field.data and any(ord(character) < 32 or character == "\x7f" for character in field.data):
        raise ValidationError(_("Please keep this to one line of plain text."))


def no_nul(form: Form, field: Any) -> None:
    """A text holds everything but U+0000."""
    if field.data and "\0" in field.data:
        raise ValidationError(_("Please take out the character that cannot be kept (U+0000)."))


def strip(value: str | None) -> str | None:
    """Without white space at either end."""
    return value.strip() if value else value


def one_line(value: str | None) -> str | None:
    """A headline that was broken into lines is one line all the same."""
    return re.sub(r"\s*[\r\n]+\s*", " ", value) if value else value


def unix_lines(value: str | None) -> str | None:
    """Line breaks as the ledger keeps them, whatever a browser sends."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if value else value


def languages() -> list[tuple[str, str, dict[str, str]]]:
    """The languages that a text may be said to be in, each by its own name."""
    return [("", _("Guess from the text"), {}), *((code, name, {"lang": code}) for code, name in LANGUAGES.items())]


def labels(form: Form) -> dict[str, str]:
    """What each field is called on the page."""
    return {field.name: str(field.label.text) for field in form}


class Blamed(Form):
    """Any form of ours: it speaks in our own words, and takes what a model found wrong."""

    Meta = OwnWords

    def blame(self, fields: Mapping[str, str]) -> None:
        """Put what the model found wrong beside the fields."""
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]


class WritingForm(Blamed):
    """What every form of something written has: a text, files, and what it was made from."""

    body = ProseField(
        lazy("Text"), [required(lazy("Write something first.")), at_most(TEXT_LIMIT), no_nul], filters=[unix_lines],
        description=WRITING,
    )  # fmt: skip
    kept = KeptFilesField(lazy("Files that are here"))
    staged = StagedField(lazy("New files"))
    files = MultipleFileField(lazy("Add files"), [validators.Optional()], description=FILES)
    files_alt = LinesField(lazy("What the pictures show"), [validators.Optional()], description=SHOWN)
    heads = HiddenField()

    first: tuple[str, ...] = ()
    """The fields that stand above the text, in order."""
    outside: tuple[str, ...] = ("visibility", "tags", "kept", "staged", "files", "files_alt", "heads")
    """Fields that are no fields of the entry."""

    def __iter__(self) -> Iterator[Any]:
        """The fields in the order in which they stand on the page."""
        above = [self._fields[name] for name in self.first if name in self._fields]
        return iter([*above, *(field for name, field in self._fields.items() if name not in self.first)])

    def values(self) -> dict[str, Any]:
        """The entry's own fields, by their names in the ledger."""
        return {name: _given(field.data) for name, field in self._fields.items() if name not in self.outside}

    @property
    def seen(self) -> list[str]:
        """The heads that the form was made from."""
        return [head for head in (self.heads.data or "").split() if head.isalnum()]

    def prepare(self, session: Session, actor: Actor | None, present: Mapping[str, Any] | None = None) -> None:
        """Fill in what depends on the database, or on what an entry is now: files, choices, its picture."""
        if actor is not None and self.staged.asked:
            self.staged.find(staging.own(session, self.staged.asked, by=actor))

    def chosen(self) -> dict[str, dict[str, str]]:
        """For each field with choices, what each value is called."""
        fields = [field for field in self._fields.values() if isinstance(field, SelectField)]
        return {field.name: {choice.value: str(choice.label) for choice in field.iter_choices()} for field in fields}

    @classmethod
    def words(cls) -> dict[str, str]:
        """What each field is called on the page."""
        return labels(cls()) | {"files": _("Files")}


class EntryForm(WritingForm):
    """What every kind of entry asks: a title, a text, who may read it, tags and files."""

    title = StringField(
        lazy("Title"), [required(lazy("Give it a title.")), at_most(TITLE_LIMIT), no_control],
        filters=[one_line, strip], description=lazy("Say in a few words what it is about."), widget=widgets.TextArea(),
    )  # fmt: skip
    visibility = RadioField(
        lazy("Who may read it"), choices=lazy_choices({log: VISIBILITY_WORDS[log] for log in VISIBILITIES}),
        default=NETWORK, validators=[required(lazy("Choose who may read this."))],
    )  # fmt: skip
    tags = TagsField(
        lazy("Tags"), [validators.Optional(), at_most(800), no_control],
        description=lazy("A few words to find it by, with commas between."),
    )  # fmt: skip
    lang = SelectField(
        lazy("Language"),
        choices=languages,
        default="",
        description=lazy("For reading aloud, and for search."),
    )

    first: tuple[str, ...] = ("title",)

    def prepare(self, session: Session, actor: Actor | None, present: Mapping[str, Any] | None = None) -> None:
        """Keep a language that another server or program knows and this one does not."""
        super().prepare(session, actor, present)
        now = (present or {}).get("lang") or ""
        if now and now not in LANGUAGES:
            self.lang.choices = [*self.lang.choices, (now, now, {})]


class TagsForm(Blamed):
    """One's own tags on an entry."""

    tags = TagsField(lazy("Tags"), [validators.Optional(), at_most(800), no_control])


class ReplyForm(WritingForm):
    """An answer."""

    body = ProseField(
        lazy("Your reply"), [required(lazy("Write something first.")), at_most(TEXT_LIMIT), no_nul],
        filters=[unix_lines], description=WRITING,
    )  # fmt: skip


def _given(data: Any) -> Any:
    return "" if data is None else data
