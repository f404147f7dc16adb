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
from functools import lru_cache
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
LINE_LIMIT = 990
"""Bytes in a line of mail, which RFC 5322 allows 998."""
EARLIEST = -2_208_988_800_000
"""The beginning of 1900, before which no mail can be dated; the exact date stands beside."""

_POLICY = EmailPolicy(linesep="\n", cte_type="8bit", utf8=False, max_line_length=78)


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
    sent = from_ms(text.when)
    out.write(f"From {sender.addr_spec} {sent:%a %b %d %H:%M:%S} {sent.year:04}\n".encode())
    _write_quoted(out, "".join(_headers(text, subject, sender)).encode())
    if enclosed:
        _write_multipart(out, text, enclosed, files)
    else:
        out.write(b"MIME-Version: 1.0\n")
        _write_quoted(out, _body(text.body))
    out.write(b"\n")
    tally.add(text.kind)
    tally.files += len(enclosed)


def _headers(text: Text, subject: str, sender: Address) -> Iterator[str]:
    """The headers, each folded; words that people wrote are folded and encoded by the mail package."""
    yield _folded("From", str(sender))
    yield _folded("To", f"{'Everybody' if text.log == 'public' else 'The network'} <{text.log}@{DOMAIN}>")
    yield _folded("Subject", _one_line(subject))
    yield f"Date: {format_datetime(from_ms(max(text.when, EARLIEST)))}\n"
    yield f"Message-ID: {message_id(text.id)}\n"
    if text.root:
        answered = [text.root, *([text.parent] if text.parent else [])]
        yield f"In-Reply-To: {message_id(answered[-1])}\n"
        yield "References: " + "\n ".join(message_id(one) for one in answered) + "\n"
    if text.tags:
        yield _folded("Keywords", _one_line(", ".join(text.tags)))
    if text.partner:
        yield _folded("Organization", _one_line(text.partner))
    yield f"X-PartnerNet-Kind: {text.kind}\n"
    yield f"X-PartnerNet: {_packed(text)}\n"


@lru_cache(maxsize=500)
def _folded(name: str, value: str) -> str:
    """A header of words: the same few people, partners and subjects come again and again."""
    folded: str = _POLICY.fold(name, _POLICY.header_factory(name, value))
    return folded


def _body(body: str) -> bytes:
    """A text with the headers that say how it is written: as it is, unless a line is too long for mail."""
    lines = body.encode() + b"\n"
    fits = all(len(line) <= LINE_LIMIT for line in lines.split(b"\n"))
    encoding = ("7bit" if body.isascii() else "8bit") if fits else "base64"
    head = f'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return head.encode() + (lines if fits else base64.encodebytes(lines))


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
    return "\n ".join(packed[at : at + PIECE] for at in range(0, len(packed), PIECE))


def _write_multipart(out: BinaryIO, text: Text, enclosed: Sequence[File], files: Files) -> None:
    """Write the parts one after the other, so that no file is ever whole in memory."""
    # Nobody can have written a line with this hash in it: it is that of the text itself.
    boundary = "=_" + sha256(f"{text.id}\n{text.body}".encode()).hexdigest()[:40]
    out.write(f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n'.encode())
    out.write(f"--{boundary}\n".encode())
    _write_quoted(out, _body(text.body))
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
