"""Fields of forms that WTForms does not bring: prose, tags, lists of lines, and the files that are here already."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, StringField, TextAreaField, ValidationError

from partnernet.core.ledger.kinds import tag
from partnernet.core.words import _, plural

TAGS_LIMIT = 12
WORDS_LIMIT = 1_000
"""Characters in the words of a picture."""


def too_many_tags() -> str:
    """What is wrong with tags that are too many or too long."""
    return _("Give at most %(limit)s tags of up to 60 letters, with commas between them.", limit=TAGS_LIMIT)


class TagsField(StringField):
    """Tags with commas between them; `tags` is the list."""

    @property
    def tags(self) -> list[str]:
        words = (" ".join(word.lower().split()) for word in (self.data or "").split(","))
        return list(dict.fromkeys(word for word in words if word))

    def pre_validate(self, form: Any) -> None:
        """Each is a few words, and they are not too many."""
        if len(self.tags) > TAGS_LIMIT or not all(tag(word) for word in self.tags):
            raise ValidationError(too_many_tags())


class LinesField(TextAreaField):
    """A list with one item a line; a dash or a dot before an item is left out."""

    def process_data(self, value: Any) -> None:
        self.data = _lines(value) if isinstance(value, str) else list(value or [])

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.data = _lines("\n".join(valuelist))

    def _value(self) -> str:
        return "\n".join(self.data or [])


class ProseField(TextAreaField):
    """A text in Markdown: it is written in the editor."""

    is_prose = True


@dataclass(slots=True)
class KeptFile:
    """A file of an entry, in its form: whether it stays, and what it shows."""

    file: dict[str, Any]
    is_kept: bool = True

    @property
    def is_picture(self) -> bool:
        return str(self.file["type"]).startswith("image/")


class KeptFilesField(Field):
    """The files that an entry has: a box to tick beside each, and for a picture its words.

    A form that does not say `<name>_asked` knows nothing of files, and keeps them all.
    """

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.errors: Sequence[str] = ()
        self.object_data = data
        self.data = [KeptFile(dict(file)) for file in data or () if isinstance(file, dict)]
        if not formdata or f"{self.name}_asked" not in formdata:
            return
        ticked = formdata.getlist(self.name)
        for kept in self.data:
            kept.is_kept = kept.file["sha256"] in ticked
            words = formdata.get(f"{self.name}_alt_{kept.file['sha256'][:12]}")
            if words is not None:
                kept.file["alt"] = " ".join(words.split())[:WORDS_LIMIT]

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files that stay, as an op names them."""
        return [_named(one.file) for one in self.data if one.is_kept]


class StagedField(Field):
    """New files that are on this server already, each with its words; `prepare` of the form finds what they are.

    In a form each is `<name>` with its hash, and its words are `<name>_alt_` with the beginning of that. A
    draft holds them as JSON.
    """

    def process(self, formdata: Any, data: Any = "", extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.errors: Sequence[str] = ()
        self.object_data = data
        self.asked: dict[str, str] = staged_in(formdata, self.name) if formdata else _from_draft(data)
        self.data: list[KeptFile] = []

    def find(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        """Take those that were asked for and are there."""
        self.data = [
            KeptFile(dict(files[sha256]) | {"alt": alt}) for sha256, alt in self.asked.items() if sha256 in files
        ]

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files as an op names them."""
        return [_named(one.file) for one in self.data]

    @property
    def wordless(self) -> list[KeptFile]:
        """The pictures that nobody has said yet what they show."""
        return [one for one in self.data if one.is_picture and not one.file.get("alt")]

    @property
    def error_id(self) -> str:
        """The element in which the first thing that is wrong can be put right."""
        first = next(iter(self.wordless), None)
        return f"{self.name}-alt-{first.file['sha256'][:12]}" if first else "files"

    def pre_validate(self, form: Any) -> None:
        """Each picture has its words."""
        if self.wordless:
            raise ValidationError(self.wanting)

    @property
    def wanting(self) -> str:
        """What is to be said of the pictures without words."""
        missing = self.wordless
        return plural(
            "Say what “%(name)s” shows, for people who cannot see it.",
            "Say what each of the %(count)s new pictures shows, for people who cannot see it.",
            len(missing), name=missing[0].file["name"],
        )  # fmt: skip


def staged_in(form: Any, name: str = "staged") -> dict[str, str]:
    """The words of each new file that a form names, by its hash."""
    hashes = dict.fromkeys(form.getlist(name))
    return {sha256: " ".join(form.get(f"{name}_alt_{sha256[:12]}", "").split())[:WORDS_LIMIT] for sha256 in hashes}


def _named(file: Mapping[str, Any]) -> dict[str, Any]:
    """A file as an op names it: what nobody said of it is left out."""
    return {name: value for name, value in file.items() if value or name == "size"}


def _from_draft(data: Any) -> dict[str, str]:
    return dict(json.loads(data)) if isinstance(data, str) and data else {}


def _lines(text: str) -> list[str]:
    stripped = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
    return [line for line in stripped if line]


class OwnWords:
    """The `Meta` of forms: what WTForms itself has to say, which is only of choices, is said in our words."""

    def get_translations(self, form: Any) -> "OwnWords":
        """The translations of a form."""
        return self

    def gettext(self, sentence: str) -> str:
        """What is wrong with a choice that was not offered."""
        return _("Please choose one of those that are offered.")

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same, of several."""
        return self.gettext(one)
