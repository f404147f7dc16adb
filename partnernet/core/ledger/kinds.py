"""What kinds of entity there are, and what may stand in each of their fields.

A field whose value is of the wrong type or over its limit is treated as unknown: kept, passed on and
not shown. So reading a field never raises.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table

TITLE_LIMIT = 300
LINE_LIMIT = 500
TEXT_LIMIT = 200_000
FILES_LIMIT = 50
FILE_SIZE_LIMIT = 1 << 40

Check = Callable[[Any], bool]

_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch
_ID = re.compile(r"[a-z2-7]{52}").fullmatch
_TAGGED = re.compile(r"[^\s,]+(?: [^\s,]+)*").fullmatch
_CONTROL = re.compile(r"[\x00-\x1f\x7f]").search


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: `good` says whether a value may be shown, `shared` that any member may edit it."""

    good: Check
    shared: bool = False


def line(limit: int = LINE_LIMIT, *, empty: bool = True) -> Check:
    """One line of text without control characters."""
    return lambda value: (
        isinstance(value, str) and len(value) <= limit and not _CONTROL(value) and (empty or bool(value.strip()))
    )


def prose(limit: int = TEXT_LIMIT) -> Check:
    """Text of several lines."""
    return lambda value: isinstance(value, str) and len(value) <= limit


def one_of(*words: str) -> Check:
    """One of a few words."""
    return lambda value: isinstance(value, str) and value in words


def day(value: Any) -> bool:
    """A date as YYYY-MM-DD between 1000 and 9999, or nothing."""
    if not isinstance(value, str):
        return False
    if value == "":
        return True
    try:
        return date.fromisoformat(value).isoformat() == value and value >= "1000"
    except ValueError:
        return False


def moment(value: Any) -> bool:
    """Milliseconds since 1970, in the years 1 to 9999."""
    return type(value) is int and -62_135_596_800_000 <= value <= 253_402_300_799_999


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def nothing(value: Any) -> bool:
    """No value at all."""
    return value is None


def reference(value: Any) -> bool:
    """The id of an entity, or nothing."""
    return isinstance(value, str) and (value == "" or _ID(value) is not None)


def address(value: Any) -> bool:
    """A web address that is safe to link to, or nothing."""
    return (
        isinstance(value, str)
        and len(value) <= 2_000
        and (value == "" or value.lower().startswith(("http://", "https://")))
        and not _CONTROL(value)
        and " " not in value
    )


def lines(limit: int = 20, each: int = 300) -> Check:
    """A short list of lines."""
    single = line(each, empty=False)
    return lambda value: isinstance(value, list) and len(value) <= limit and all(single(item) for item in value)


def tag(value: Any) -> bool:
    """A tag: a few words without a comma."""
    return isinstance(value, str) and len(value) <= 60 and _TAGGED(value) is not None and value == value.lower()


def attached(value: Any) -> bool:
    """One file: its hash, name, type and size in bytes, and for a picture its words."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("sha256"), str)
        and _SHA256(value["sha256"]) is not None
        and _is_file_name(value.get("name"))
        and isinstance(value.get("type"), str)
        and re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", value["type"]) is not None
        and type(value.get("size")) is int
        and 0 <= value["size"] <= FILE_SIZE_LIMIT
        and all(_words(value.get(words, "")) for words in ("alt", "caption", "credit"))
    )


def files(value: Any) -> bool:
    """A list of files, each hash once."""
    return (
        isinstance(value, list)
        and len(value) <= FILES_LIMIT
        and all(attached(item) for item in value)
        and len({item["sha256"] for item in value}) == len(value)
    )


def picture(value: Any) -> bool:
    """One picture, or None for none."""
    return value is None or (attached(value) and value["type"].startswith("image/"))


def _is_file_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and not _CONTROL(value) and not set(value) & set("/\\")


def _words(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1_000 and "\0" not in value


EVERY: Mapping[str, Field] = {
    "date": Field(moment),
    "credit": Field(line(200)),
    "source": Field(line(500)),
    "copied_from": Field(reference),
    "lang": Field(line(12)),
}
"""Fields that a create of any kind may carry."""

DELETED = Field(flag)
"""The field that ops of the kind `delete`, and no other, set."""


@dataclass(frozen=True)
class Kind:
    """One kind of entity: its fields, the table of its own columns, and how it takes part."""

    name: str
    fields: Mapping[str, Field]
    table: Table | None = None
    is_listed: bool = False
    """Whether it stands in lists of entries."""
    has_thread: bool = False
    """Whether replies may stand under it."""
    has_acts: bool = False
    """Whether it can be removed, erased and opened wider like what stands in lists, though it stands in none."""
    plural: str = ""
    """The folder, address and template folder of its pages."""
    word: str = ""
    """What a page calls one of them."""
    words: str = ""
    """What a page calls several."""
    title: str = "title"
    """The field that names it."""
    prose: tuple[str, ...] = ("body",)
    """The fields that are Markdown."""

    def find(self, name: str) -> Field | None:
        """The declaration of a field; None where this version knows no such field."""
        return self.fields.get(name) or EVERY.get(name)


KINDS: dict[str, Kind] = {}
"""Every kind that this version can project."""


def declare(kind: Kind) -> Kind:
    """Add a kind; a second one of the same name is a mistake."""
    if KINDS.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"the kind {kind.name} is declared twice")
    return kind


@dataclass(frozen=True, slots=True)
class MarkKind:
    """A mark: what its value may be, and its subject where one entry takes several (a tag, an option)."""

    name: str
    value: Check = flag
    subject: Check = nothing
    for_partner: bool = False
    """Whether it is said for the partner, so that its people share one register."""


MARKS: dict[str, MarkKind] = {"tag": MarkKind("tag", subject=tag)}
"""Every mark that this version can project."""


def declare_mark(mark: MarkKind) -> MarkKind:
    """Add a mark; a second one of the same name is a mistake."""
    if MARKS.setdefault(mark.name, mark) is not mark:
        raise ValueError(f"the mark {mark.name} is declared twice")
    return mark
