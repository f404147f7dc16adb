"""Which message answers which: by References, by In-Reply-To, else by subject."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REFERENCES_LIMIT = 60

_ID = re.compile(r"<([^<>\s]{1,400})>")
_ANSWERS = re.compile(r"^\s*(?:(?:re|aw|antw|sv|vs|ynt|odp|atb)(?:\[\d+\]|\^\d+)?\s*[:;]\s*)+", re.I)
_LIST = re.compile(r"^\s*\[[^\]]{1,40}\]\s*")


@dataclass(slots=True)
class Header:
    """What threading needs to know of a message. `date` is in milliseconds, 0 where nobody knows."""

    id: str
    subject: str
    references: Sequence[str]
    """The ids that it names, the nearest last."""
    date: int
    is_settled: bool = False
    """Whether it names what it answers, if it answers anything: its subject says nothing about that."""


def ids(text: str) -> list[str]:
    """The message ids in a header, in order; of too many the first and the last are kept."""
    found = list(dict.fromkeys(_ID.findall(text)))
    return found if len(found) <= REFERENCES_LIMIT else [found[0], *found[1 - REFERENCES_LIMIT :]]


def bare(subject: str) -> str:
    """A subject without Re: before it, however often, nor the name of the list between two of them."""
    before = None
    text = subject.strip()
    while text != before:
        before = text
        text = _ANSWERS.sub("", text)
        if (tagged := _LIST.match(text)) and _ANSWERS.match(text[tagged.end() :]):
            text = text[tagged.end() :]
    return text.strip()


def answers(subject: str) -> bool:
    """Whether a subject says that its message is an answer."""
    return bare(subject) != subject.strip()


def parents(headers: Sequence[Header], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """For each message that answers another its parent; `known` are ids that are here already."""
    here = {header.id: header for header in headers}
    found: dict[str, str] = {}
    orphans: dict[str, list[Header]] = {}
    for header in sorted(headers, key=_order):
        parent = _nearest(header, here, found, known or {})
        if parent:
            found[header.id] = parent
        elif header.references:
            orphans.setdefault(header.references[0], []).append(header)
    for family in orphans.values():  # answers to one message that nobody kept
        for header in family[1:]:
            if not _leads_to(found, family[0].id, header.id):
                found[header.id] = family[0].id
    _by_subject(headers, found)
    return found


def _nearest(header: Header, here: Mapping[str, Header], found: Mapping[str, str], known: Mapping[str, str]) -> str:
    for reference in reversed(header.references):
        if reference in known and reference not in here:
            return reference
        if reference in here and reference != header.id and not _leads_to(found, reference, header.id):
            return reference
    return ""


def _by_subject(headers: Sequence[Header], found: dict[str, str]) -> None:
    """Give answers that name nobody to the newest thread of their subject that had begun by then."""
    begun: dict[str, list[Header]] = {}
    for header in sorted((header for header in headers if header.id not in found), key=_order):
        subject = " ".join(bare(header.subject).casefold().split())
        threads = begun.setdefault(subject, [])
        if answers(header.subject) and threads and subject and not header.is_settled:
            if not _leads_to(found, threads[-1].id, header.id):
                found[header.id] = threads[-1].id
        else:
            threads.append(header)


def _leads_to(found: Mapping[str, str], start: str, target: str) -> bool:
    """Whether going up from a message comes to another, as it would where two answer each other."""
    at: str | None = start
    while at is not None:
        if at == target:
            return True
        at = found.get(at)
    return False


def _order(header: Header) -> tuple[bool, int]:
    """Those without a date stand last; of one date the order of the archive holds."""
    return (header.date == 0, header.date)
