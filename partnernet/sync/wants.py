"""What is wanted of another server, from what it says that it holds: what is not here, and what does not agree."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import chunks
from partnernet.core.errors import BadBundle
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Quarantined
from partnernet.core.words import _
from partnernet.exchange.header import Have
from partnernet.nodes import quotas
from partnernet.nodes.admit import LetIn
from partnernet.sync import brought
from partnernet.sync.peers import Guest
from partnernet.sync.protocol import HEAD_LIMIT, PAGE_BYTES

SAMPLE = 200
"""Numbers that are asked for of a node that is not let in, or sent as much as it may, so that a steward hears of it."""
ROOM = HEAD_LIMIT * 3 // 4
"""Bytes of wants in one request; what does not fit is asked for afterwards."""

Wants = Mapping[str, Ranges]


@dataclass(slots=True)
class Differences:
    """What another server has and this one has not, and where the two do not agree."""

    wants: dict[str, Ranges] = field(default_factory=dict)
    unequal: list[str] = field(default_factory=list)
    """Logs of which both hold the same numbers, under other ids."""
    is_behind: bool = False
    """Whether it holds more of the present incarnation of this very server than is here."""

    def is_copied(self, node: Node) -> bool:
        """Whether the present incarnation of this very server is used elsewhere, too."""
        return any(key.startswith(f"{node.id}/{node.inc}/") for key in self.unequal)


def compare(session: Session, node: Node, welcome: LetIn, other: Guest, theirs: Have, mine: Have) -> Differences:
    """Hold what another server says against what is here, in the logs that it may bring.

    To ask for something says what is here already. So in a log that the other may not be given, it is
    asked for all that it did not bring itself before: of whom it wrote itself for what is missing, and
    never for what was written here.
    """
    found = Differences()
    strangers: dict[str, Ranges] = {}
    memory = brought.of(session, other.key)
    for key, held in theirs.items():
        writer, inc, log = key.split("/", 2)
        is_open = log in other.reads
        if log not in other.writes or (not is_open and writer == node.id):
            continue
        here = mine.get(key) if is_open or writer == other.key else memory.parts.get(key)
        missing = Ranges.read(held["r"]).minus(Ranges.read(here["r"]) if here else Ranges())
        found.is_behind |= bool(missing) and writer == node.id and inc == node.inc
        if not missing and here and here["r"] == held["r"] and here["x"] != held["x"]:
            found.unequal.append(key)
        if not (missing := missing.minus(memory.unread.get(key, Ranges()))):
            continue
        if welcome.takes(writer, log):
            found.wants[key] = missing
        elif is_open or writer == other.key:
            strangers[key] = missing
    over = _within_quotas(session, node, found.wants)
    found.wants |= _sample(session, strangers | over)
    return found


def _within_quotas(session: Session, node: Node, wants: dict[str, Ranges]) -> dict[str, Ranges]:
    """Cut wants down to what their writers may send now; those of which nothing more is taken in for the present."""
    left = quotas.left(session, sorted({key.partition("/")[0] for key in wants} - {node.id}))
    ops = {writer: each.ops if each.bytes > PAGE_BYTES else 0 for writer, each in left.items()}
    over = {}
    for key, missing in sorted(wants.items()):
        writer = key.partition("/")[0]
        if writer in ops:
            now = missing.first(ops[writer])
            ops[writer] -= len(now)
            wants[key] = now
            if not now:
                del wants[key]
                over[key] = missing
    return over


def _sample(session: Session, strangers: Wants) -> Wants:
    """A little of each node that nothing is taken in of, and of which nothing waits outside yet."""
    if not strangers:
        return {}
    writers = sorted({key.partition("/")[0] for key in strangers})
    waiting: set[str] = set()
    for some in chunks(writers):
        waiting.update(session.scalars(select(Quarantined.node).where(Quarantined.node.in_(some)).distinct()))
    return {key: ranges.first(SAMPLE) for key, ranges in strangers.items() if key.partition("/")[0] not in waiting}


def written(wants: Wants) -> dict[str, str]:
    """As they are sent, as many as fit into one request."""
    said: dict[str, str] = {}
    size = 0
    for key in sorted(wants):
        text = str(wants[key])
        size += len(key) + len(text) + 8
        if said and size > ROOM:
            break
        said[key] = text if len(text) < ROOM else str(wants[key].first(SAMPLE))
    return said


def read_wants(given: object, logs: Collection[str]) -> dict[str, Ranges]:
    """What another server asks for, of the logs that it may have; raises BadBundle."""
    if not isinstance(given, dict):
        raise BadBundle(_("What another server asked for is not in the form it should have."))
    wants = {}
    for key, text in given.items():
        if not isinstance(text, str) or key.count("/") != 2:
            raise BadBundle(_("What another server asked for is not in the form it should have."))
        if key.split("/", 2)[2] in logs:
            wants[key] = Ranges.read(text)
    return wants
