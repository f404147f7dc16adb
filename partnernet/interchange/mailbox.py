"""A mailbox: one message for each entry and each reply, threaded, for mail programs and archives (mboxrd).

Addresses are made from handles under domains that nobody can own (RFC 2606), never from real ones.
"""

import base64
import io
import json
from collections.abc import Iterator, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, BinaryIO

from partnernet.core.files import Files
from partnernet.core.ledger.op import NODE_ITSELF
from partnernet.core.slug import slug
from partnernet.core.time import from_ms
from partnernet.interchange.front import iso
from partnernet.interchange.tally import Tally
from partnernet.interchange.texts import File, Reading, Text

DOMAIN = "partner.invalid"
IDS = "pn.invalid"
"""The domain of message ids: so short that no id is folded, which some programs cannot read."""
CREDITED = "credited.invalid"
"""For names of those who wrote before there was a network, and have no handle."""
LINE = 57 * 1_000
"""Bytes of a file that are encoded at a time: a whole number of lines."""
FILES_LIMIT = 25 << 20
"""Bytes of attachments in one message; more is what no mail server takes."""
PIECE = 70
EARLIEST = -2_208_988_800_000
"""The beginning of 1900, before which no mail can be dated; the exact date stands beside."""

_POLICY = EmailPolicy(linesep="\n", cte_type="8bit", utf8=False, max_line_length=78)
_TEXT = _POLICY.clone(max_line_length=990)
"""For texts, which stay as they are read where their lines are not too long for mail."""


def write(reading: Reading, files: Files, out: BinaryIO, tally: Tally) -> None:
    """Write a message for everything that was chosen, each entry before the replies to it."""
    for text in reading.entries():
        _write_message(out, text, text.title, files, tally)
        for reply in reading.replies(text.id) if text.may_be_answered else ():
            _write_message(out, reply, f"Re: {text.title}", files, tally)


def message_id(entity: str) -> str:
    """The id of the message of an entry or a reply."""
    return f"<{entity}@{IDS}>"


def _write_message(out: BinaryIO, text: Text, subject: str, files: Files, tally: Tally) -> None:
    sender = _address(text)
    enclosed = list(_that_fit(text.files, files, tally))
    out.write(f"From {sender.addr_spec} {from_ms(text.when):%a %b %d %H:%M:%S} {from_ms(text.when).year:04}\n".encode())
    message = _headed(text, subject, sender)
    if enclosed:
        _write_multipart(out, message, text, enclosed, files)
    else:
        message.set_content(text.body, charset="utf-8")
        _write_quoted(out, message.as_bytes(policy=_POLICY))
    out.write(b"\n")
    tally.add(text.kind)
    tally.files += len(enclosed)


def _headed(text: Text, subject: str, sender: Address) -> EmailMessage:
    """A message with its headers."""
    message = EmailMessage(_TEXT)
    message["From"] = sender
    message["To"] = Address("The network" if text.log != "public" else "Everybody", text.log, DOMAIN)
    message["Subject"] = _one_line(subject)
    message["Date"] = format_datetime(from_ms(max(text.when, EARLIEST)))
    message["Message-ID"] = message_id(text.id)
    if text.root:
        answered = [text.root, *([text.parent] if text.parent else [])]
        message["In-Reply-To"] = message_id(answered[-1])
        message["References"] = " ".join(message_id(one) for one in answered)
    if text.tags:
        message["Keywords"] = _one_line(", ".join(text.tags))
    if text.partner:
        message["Organization"] = _one_line(text.partner)
    message["X-PartnerNet-Kind"] = text.kind
    message["X-PartnerNet"] = _packed(text)
    return message


def _packed(text: Text) -> str:
    """What headers cannot say exactly, in letters that no mail program touches, in pieces that can be folded."""
    said: dict[str, Any] = {
        "id": text.id, "kind": text.kind, "title": text.title, "date": iso(text.when), "author": text.author,
        "partner": text.partner, "visibility": text.log, "tags": list(text.tags), "source": text.source,
        "lang": text.lang, "root": text.root, "to": text.parent, **text.more,
        "files": [{"sha256": file.sha256, "field": file.field, **file.words} for file in text.files],
    }  # fmt: skip
    kept = {name: value for name, value in said.items() if value}
    packed = base64.b64encode(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()).decode()
    return " ".join(packed[at : at + PIECE] for at in range(0, len(packed), PIECE))


def _write_multipart(out: BinaryIO, message: EmailMessage, text: Text, enclosed: Sequence[File], files: Files) -> None:
    """Write the message by hand, so that no file is ever whole in memory."""
    # Nobody can have written a line with this hash in it: it is that of the text itself.
    boundary = "=_" + sha256(f"{text.id}\n{text.body}".encode()).hexdigest()[:40]
    _write_quoted(out, message.as_bytes(policy=_POLICY).rstrip(b"\n"))
    out.write(f'\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n'.encode())
    part = EmailMessage(_TEXT)
    part.set_content(text.body, charset="utf-8")
    del part["MIME-Version"]
    out.write(f"--{boundary}\n".encode())
    _write_quoted(out, part.as_bytes(policy=_POLICY))
    for file in enclosed:
        out.write(f"--{boundary}\n".encode())
        _write_file(out, file, files)
    out.write(f"--{boundary}--\n".encode())


def _write_file(out: BinaryIO, file: File, files: Files) -> None:
    head = EmailMessage(_POLICY)
    head["Content-Type"] = file.type
    head["Content-Transfer-Encoding"] = "base64"
    head.add_header("Content-Disposition", "attachment", filename=_one_line(file.name))
    head["Content-ID"] = f"<{file.sha256}@{DOMAIN}>"
    out.write(head.as_bytes().rstrip(b"\n") + b"\n\n")
    with files.open(file.sha256) as source:
        while chunk := source.read(LINE):
            out.write(base64.encodebytes(chunk))


def _that_fit(given: Sequence[File], files: Files, tally: Tally) -> Iterator[File]:
    """The files that are here and that one message can hold."""
    size = 0
    for file in given:
        if not files.has(file.sha256):
            tally.missing += 1
        elif size + files.size(file.sha256) > FILES_LIMIT:
            tally.too_large += 1
        else:
            size += files.size(file.sha256)
            yield file


def _address(text: Text) -> Address:
    """Who wrote it, with an address that leads nowhere."""
    name = _one_line(text.author)
    if text.brought_in_by:
        return Address(name, (slug(text.author) or "somebody").replace("-", "."), CREDITED)
    return Address(name, text.handle if text.handle != NODE_ITSELF else "this.server", DOMAIN)


def _write_quoted(out: BinaryIO, message: bytes) -> None:
    """Write lines; one that begins with `From `, quoted or not, is quoted once more."""
    for line in io.BytesIO(message):
        out.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)


def _one_line(words: str) -> str:
    """Words as a header may hold them: on one line, without what no header can carry."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
    return flat.encode("utf-8", "replace").decode()
