"""Messages of a mailbox that a server wrote out: what their headers say of the entry, exactly.

`interchange/mailbox.py` writes what is read here.
"""

import base64
import binascii
from collections.abc import Sequence
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import orjson

from partnernet.load import written
from partnernet.load.document import Document, Enclosure

HEADER = "X-PartnerNet"
HEADER_LIMIT = 256 << 10
IDS = "pn.invalid"
"""The domain of the ids of such messages."""


def said(message: Message) -> dict[str, Any] | None:
    """What a message says of the entry that it was made of; None for all other mail."""
    given = str(message.get(HEADER, "") or "")
    if not given or len(given) > HEADER_LIMIT:
        return None
    try:
        letters = str(make_header(decode_header(given)))  # some programs encode what needs no encoding
        value = orjson.loads(base64.b64decode("".join(letters.split()), validate=True))
    except (binascii.Error, ValueError, LookupError, TypeError):
        return None
    return value if isinstance(value, dict) and written.is_id(value.get("id")) else None


def entity_of(message_id: str) -> str:
    """The id of the entry that a message was made of, by the id of the message; empty for all other mail."""
    entity, _, domain = message_id.partition("@")
    return entity if domain == IDS and written.is_id(entity) else ""


def document(given: dict[str, Any], text: str, enclosures: Sequence[tuple[str, Enclosure]], name: str) -> Document:
    """The document of such a message; each file comes with its content id."""
    about = {**given, "kind": "reply"} if given.get("root") else given
    made = written.document(about, text.replace("\r\n", "\n").replace("\r", "\n"), name)
    named = given.get("files")
    known = {one.get("sha256"): one for one in named if isinstance(one, dict)} if isinstance(named, list) else {}
    for content_id, file in enclosures:
        sha256 = content_id.strip("<> ").partition("@")[0]
        one = known.get(sha256, {})
        words = {key: one[key] for key in ("alt", "caption", "credit") if isinstance(one.get(key), str)}
        where = "picture" if one.get("field") == "picture" else "files"
        stands_for = f"/files/{sha256}" if sha256 else ""
        made.enclosures.append(Enclosure(file.name, file.content, goes_to=where, words=words, stands_for=stands_for))
    return made
