"""Archives of mail, to documents: the first message of a thread is the discussion, the others are replies."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256
from pathlib import PurePath

from partnernet.core.ledger.kinds import TEXT_LIMIT
from partnernet.extract.plain import decoded
from partnernet.load import dates, hypertext, packed, plain, threads, written
from partnernet.load.document import Document, Enclosure, Unreadable, one_line
from partnernet.load.mbox import Slice
from partnernet.load.report import Report

PREFIX = "mail:"
FLOWED = "\x00flowed\x00"
"""Before a text whose lines flow, as RFC 3676 has it."""
ID_LIMIT = 400
PARTS_LIMIT = 200
ENCLOSURES_LIMIT = 20
ENCLOSURE_LIMIT = 25 << 20
TEXT_READ = 2 * TEXT_LIMIT
"""Characters of a text that are made Markdown; the whole of a longer one is kept as a file."""


@dataclass(slots=True)
class Archive:
    """All messages of some archives, in an order in which nobody answers what is still to come."""

    slices: Mapping[str, Slice]
    headers: Sequence[threads.Header]
    parents: Mapping[str, str]


def survey(slices: Iterator[Slice], report: Report, known: Callable[[Collection[str]], Collection[str]]) -> Archive:
    """Read all headers and put the threads together; `known` says which of some sources are here already."""
    found: dict[str, Slice] = {}
    headers: list[threads.Header] = []
    for piece in slices:
        try:
            header = _header(piece)
        except (Unreadable, OSError) as error:
            report.bad.append((piece.name, str(error)))
            continue
        if header.id not in found:  # a second copy says nothing new
            found[header.id] = piece
            headers.append(header)
    outside = {reference for header in headers for reference in header.references} - found.keys()
    called = {source_of(reference): reference for reference in outside}
    parents = threads.parents(headers, {called[source]: "" for source in known(called.keys()) if source in called})
    return Archive(found, _ordered(headers, parents), parents)


def read(archive: Archive, report: Report) -> Iterator[Document]:
    """The documents; what cannot be read is reported, and the rest goes on."""
    for header in archive.headers:
        piece = archive.slices[header.id]
        try:
            document = _document(piece.message(), header, archive.parents.get(header.id, ""))
        except Unreadable as error:
            report.bad.append((piece.name, str(error)))
        except OSError as error:
            report.bad.append((piece.name, (error.strerror or "it cannot be opened").lower()))
        else:
            document.name = f"{piece.name} ({document.title})"
            yield document


def source_of(message_id: str) -> str:
    """The outside id of a message: for one that a server wrote out, that of its entry."""
    entity = packed.entity_of(message_id)
    return f"{written.PREFIX}{entity}" if entity else PREFIX + message_id


def _header(piece: Slice) -> threads.Header:
    message = piece.header()
    given = threads.ids(_raw(message, "Message-ID"))
    references = threads.ids(_raw(message, "References"))
    answered = [name for name in threads.ids(_raw(message, "In-Reply-To")) if name not in references]
    date = dates.mail_date(_raw(message, "Date"))
    if date is None and piece.sent:
        date = dates.mail_date(piece.sent.decode("latin-1").split(" ", 2)[-1])
    return threads.Header(
        id=plain.clean(given[0])[:ID_LIMIT] if given else "sha256:" + sha256(piece.read()).hexdigest(),
        subject=words(message, "Subject"),
        references=[*references, *answered[:1]] if references else answered[:1],
        date=date or 0,
        is_settled=packed.said(message) is not None,
    )


def _document(message: Message, header: threads.Header, parent: str) -> Document:
    name, address = parseaddr(words(message, "From"))
    text, html, parts = _parts(message)
    if (said := packed.said(message)) is not None:
        return packed.document(said, text.removeprefix(FLOWED), parts, said.get("id", ""))
    enclosures = [enclosure for _, enclosure in parts]
    body = _body(text) if text.strip() or not html.strip() else hypertext.to_markdown(html)
    if len(text) > TEXT_READ:
        enclosures.append(Enclosure("whole text.txt", text.encode("utf-8", "replace")))
    return Document(
        source_of(header.id), "discussion", threads.bare(header.subject) or "Without a subject", body,
        date=header.date or None, credit=one_line(name or address.partition("@")[0], 200),
        parent=source_of(parent) if parent else "", enclosures=enclosures,
    )  # fmt: skip


def _body(text: str) -> str:
    flowed = text.startswith(FLOWED)
    return plain.to_markdown(text.removeprefix(FLOWED)[:TEXT_READ], flowed=flowed, has_signature=True)


def _parts(message: Message) -> tuple[str, str, list[tuple[str, Enclosure]]]:
    """The plain text of a message, its HTML, and the files that came with it, with their content ids."""
    texts: list[str] = []
    pages: list[str] = []
    enclosures: list[tuple[str, Enclosure]] = []
    for n, part in enumerate(message.walk()):
        if n >= PARTS_LIMIT:
            break
        if part.is_multipart():
            continue
        content = _content(part)
        kind, name = part.get_content_type(), _file_name(part)
        inline = not name and part.get_content_disposition() != "attachment"
        if inline and kind == "text/plain":
            flowed = FLOWED if str(part.get_param("format") or "").lower() == "flowed" and not texts else ""
            texts.append(flowed + decoded(content, _charset(part)))
        elif inline and kind == "text/html":
            pages.append(decoded(content, _charset(part)))
        elif name and content and len(content) <= ENCLOSURE_LIMIT and len(enclosures) < ENCLOSURES_LIMIT:
            enclosures.append((_raw(part, "Content-ID"), Enclosure(name, content)))
    return "\n\n".join(texts), "\n".join(pages), enclosures


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, TypeError, AttributeError, LookupError):
        return b""
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (ValueError, TypeError, AttributeError, LookupError):
        return ""


def _file_name(part: Message) -> str:
    try:
        given = part.get_filename() or ""
    except (ValueError, TypeError, AttributeError, LookupError):
        return ""
    last = PurePath(_decoded(given).replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f]", "", last)[-200:]


def words(message: Message, name: str) -> str:
    """A header in words, on one line, whatever it is encoded in."""
    return one_line(_decoded(_raw(message, name)), 1_000)


def _raw(message: Message, name: str) -> str:
    """A header as it stands, with what is not ASCII read as well as it can be."""
    try:
        given = str(message.get(name, "") or "")
    except (ValueError, TypeError, AttributeError, LookupError, IndexError):
        return ""
    return decoded(given.encode("ascii", "surrogateescape")) if not given.isascii() and _is_raw(given) else given


def _is_raw(text: str) -> bool:
    return all(ord(character) < 128 or 0xDC80 <= ord(character) <= 0xDCFF for character in text)


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, TypeError):
        return text


def _ordered(headers: Sequence[threads.Header], parents: Mapping[str, str]) -> list[threads.Header]:
    """By date, but nothing before what it answers."""
    by_id = {header.id: header for header in headers}
    ordered: dict[str, threads.Header] = {}
    for header in sorted(headers, key=lambda header: (header.date == 0, header.date)):
        chain = []
        at: str | None = header.id
        while at in by_id and at not in ordered:
            chain.append(by_id[at])
            at = parents.get(at)
        ordered.update((one.id, one) for one in reversed(chain))
    return list(ordered.values())
