"""Files at the end of an exchange: what is missing here is brought, what is missing there is given."""

from collections.abc import Mapping
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.nodes import alarms, quotas
from partnernet.sync import attachments, given, pages, protocol

if TYPE_CHECKING:
    from partnernet.sync.exchange import Walk

IN_VAIN = 10
"""Questions after files, one after another, that bring none, before the others are left for the next time."""


def fetch(walk: "Walk") -> None:
    """Bring the files that are missing here, as far as the other server has them."""
    came = [(sha256, op) for sha256, op in walk.named.items() if not walk.store.has(sha256)]
    missing = attachments.missing(walk.session, walk.store, walk.other)
    others = ((file.sha256, file.op) for file in missing if file.sha256 not in walk.named)
    in_vain = 0
    for some in attachments.some(chain(came, others)):
        offered = _offered(walk, some)
        in_vain = 0 if offered else in_vain + 1
        for sha256, size in offered.items():
            op = some[sha256]
            walk.look_again()
            is_theirs = given.may_have(walk.session, sha256, op, walk.other.writes)
            walk.session.rollback()
            if not is_theirs:
                continue
            note = partial(note_came, walk.session, walk.node.id, op)
            if may_come(walk.session, walk.node.id, op, size - attachments.come(sha256)) and attachments.fetch(
                walk.client, walk.store, sha256, op, size, note
            ):
                walk.report.files += 1
                walk.report.file_bytes += size
        if in_vain == IN_VAIN:
            return


def give(walk: "Walk") -> None:
    """Send the files that the other server says it lacks, as far as they are here and it may have them."""
    for sha256, place in walk.lacked.items() if isinstance(walk.lacked, dict) else ():
        op, at = place if isinstance(place, list) and len(place) == 2 else ("", 0)
        if not isinstance(op, str) or type(at) is not int or at < 0 or not walk.store.has(sha256):
            continue
        walk.look_again()
        is_theirs = given.may_have(walk.session, sha256, op, walk.other.reads)
        walk.session.rollback()
        if is_theirs and attachments.give(walk.client, walk.store, sha256, op, at, walk.share(protocol.PIECE)):
            walk.report.given += 1


def may_come(session: Session, own: str, op: str, size: int) -> bool:
    """Whether so many bytes of a file may come in that an op names; else the stewards are told of its server."""
    is_welcome, writer = quotas.may_bring(session, own, op, size), quotas.writer_of(session, op)
    session.rollback()
    if not is_welcome and writer:
        alarms.raise_alarm(session, alarms.FILES, writer)
        commit(session)
    return is_welcome


def note_came(session: Session, own: str, op: str, size: int) -> None:
    """Count bytes of a file that have come, whole or not, for the server that wrote the op which names it."""
    writer = quotas.writer_of(session, op)
    session.rollback()
    if writer and writer != own:
        quotas.note(session, {}, {writer: size})
        commit(session)


def _offered(walk: "Walk", some: Mapping[str, str]) -> dict[str, int]:
    """Which of some files the other server has, and how large they are."""
    answer, _lines = pages.read(walk.client.ops(pages.write({"files": some}, [])))
    offered = answer.get("files")
    sizes = offered.items() if isinstance(offered, dict) else ()
    return {sha256: size for sha256, size in sizes if sha256 in some and type(size) is int and size >= 0}
