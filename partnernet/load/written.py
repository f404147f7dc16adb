"""What a server wrote out for other programs, read back: the same for Markdown, tables and mail."""

import re
from collections.abc import Mapping
from typing import Any

from partnernet.core.ledger.kinds import EVERY, KINDS
from partnernet.core.policy import VISIBILITIES
from partnernet.load import dates, front
from partnernet.load.document import SOURCE_LIMIT, Document, Unreadable, as_tag
from partnernet.notes.model import NOTE
from partnernet.replies.model import REPLY

PREFIX = "entry:"
"""Before the id of an entry, where it has no older id from outside."""

OUTSIDE = ("title", "body", "files", "picture")
"""Fields that are read in another way."""

_ID = re.compile(r"[a-z2-7]{52}").fullmatch
_LINE = re.compile(r"[^\x00-\x1f\x7f]+").fullmatch


def is_id(value: Any) -> bool:
    """Whether something is the whole id of an entry."""
    return isinstance(value, str) and _ID(value) is not None


def document(given: Mapping[str, Any], body: str, name: str) -> Document:
    """The document of an entry or a reply; raises Unreadable where its id is none."""
    entity = given.get("id")
    if not isinstance(entity, str) or not _ID(entity):
        raise Unreadable("its id is not that of an entry")
    kind = _word(given, "kind")
    is_reply = kind == REPLY.name
    if not is_reply and not (kind in KINDS and KINDS[kind].is_listed):
        kind, unknown = NOTE.name, as_tag(kind)
    else:
        unknown = ""
    tags = [tag for word in front.several(given.get("tags", "")) if (tag := as_tag(word))]
    outside = [_word(given, "root"), _word(given, "to")] if is_reply else []
    parents = [PREFIX + one for one in reversed(outside) if _ID(one)]
    return Document(
        _source(given, entity), kind, _word(given, "title"), body.strip("\n"), name,
        dates.milliseconds(_word(given, "date")), "", _word(given, "author"),
        [*tags, *([unknown] if unknown else [])],
        parent=parents[0] if parents else "", root=parents[-1] if parents else "", origin=PREFIX + entity,
        visibility=log if (log := _word(given, "visibility")) in VISIBILITIES else "",
        partner=_word(given, "partner"), more=_own_fields(kind, given), is_exact=True,
    )  # fmt: skip


def _source(given: Mapping[str, Any], entity: str) -> str:
    """The id outside: the older one that it was brought in under, so that two ways lead to one entry."""
    older = _word(given, "source")
    return older if older and len(older) <= SOURCE_LIMIT and _LINE(older) else PREFIX + entity


def _own_fields(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the kind has beside title and text, as far as it is given."""
    found = {}
    for name, declared in {**KINDS[kind].fields, "lang": EVERY["lang"]}.items():
        value = given.get(name)
        if name in OUTSIDE or not value:
            continue
        lines = value.split("\n") if isinstance(value, str) else value
        found[name] = lines if not declared.good(value) and declared.good(lines) else value
    return found


def _word(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""
