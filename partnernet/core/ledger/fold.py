"""The rules of merging, as pure functions of a set of ops: what counts, the field rule, erasure.

Nothing here reads a clock, a setting or a database, so that every node that holds the same ops
arrives at the same answer, whatever order they came in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from partnernet.core.ledger import canonical
from partnernet.core.ledger.kinds import DELETED, Field, Kind
from partnernet.core.ledger.op import Op

Question = Callable[[Op, "Made"], bool]
"""A question about an op on an entity."""


def never(op: Op, create: "Made") -> bool:
    """The answer where nothing is known."""
    return False


@dataclass(frozen=True, slots=True)
class Rules:
    """What the memberships that are here say of an op: in a set of ops they are part of it."""

    is_steward: Question = never
    """Whether the membership that an op relies on names its author a steward of the network of an entity."""
    is_revoked: Question = never
    """Whether the network of an entity has revoked the node of an op, and does not keep this op."""


class Made(Protocol):
    """What the rules ask of the creation of an entity: its op, or its row."""

    @property
    def node(self) -> str: ...

    @property
    def log(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def network(self) -> str | None: ...


CHANGES = ("edit", "delete")
ERASES = ("redact", "erase_person")
SIGNED_BY_NETWORK = ("membership", "revoke")
VOUCHED = (*SIGNED_BY_NETWORK, "network")
"""What a network itself vouches for, whoever wrote it: its own beginning by its id, the rest by its key."""


@dataclass(slots=True)
class Folded:
    """An entity as the set of its ops has it."""

    create: Op
    values: dict[str, Any] = field(default_factory=dict)
    setters: dict[str, list[str]] = field(default_factory=dict)
    """For each field, the ops whose value stands: the winner first, then those it conflicts with."""
    heads: list[str] = field(default_factory=list)
    gaps: bool = False
    edited: int | None = None
    deleted: bool = False
    redacted: bool = False
    withdrawn: bool = False
    """Whether its network has revoked the node that made it, so that nobody is shown it."""
    erased: set[str] = field(default_factory=set)
    """Ids of ops whose bodies are erased."""
    last: str = ""
    """The newest op of all that count."""

    @property
    def conflict(self) -> bool:
        return any(len(ops) > 1 for ops in self.setters.values())


def fold(ops: Iterable[Op], kind: Kind, rules: Rules) -> Folded | None:
    """Merge the ops of one entity; None while its create is not here."""
    everything = {op.id: op for op in ops}
    create = next((op for op in everything.values() if op.is_create), None)
    if create is None:
        return None
    if len(everything) == 1 and create.kind not in (*CHANGES, *ERASES):
        return _unchanged(create, kind, rules)
    counted = [op for op in everything.values() if counts(op, create, rules)]
    merged = Folded(create, redacted=any(erases_all(op) for op in counted))
    merged.withdrawn = create.kind != "network" and rules.is_revoked(create, create)
    merged.erased = erased_by(counted, everything.values(), create, merged.redacted)
    changes = [op for op in counted if op.is_create or op.kind in CHANGES]
    graph = Ancestry(everything)
    merged.heads = graph.heads([op.id for op in changes])
    merged.gaps = graph.gaps
    merged.last = max(counted, key=rank).id
    standing = [op for op in changes if op.id not in merged.erased]
    _merge_fields(merged, standing, kind, rules, graph)
    return merged


def _unchanged(create: Op, kind: Kind, rules: Rules) -> Folded:
    """An entity that nobody has changed since it was made, as most are: what the rules make of one op."""
    names = settable(create, create, kind, rules)
    return Folded(
        create,
        values={name: create.set[name] for name in names},
        setters={name: [create.id] for name in names},
        heads=[create.id],
        gaps=bool(create.par),
        withdrawn=create.kind != "network" and rules.is_revoked(create, create),
        last=create.id,
    )


def _merge_fields(merged: Folded, changes: Sequence[Op], kind: Kind, rules: Rules, graph: "Ancestry") -> None:
    proposals: dict[str, list[Op]] = {}
    for op in changes:
        names = settable(op, merged.create, kind, rules)
        for name in names:
            proposals.setdefault(name, []).append(op)
        if names and op.kind == "edit":
            merged.edited = max(op.ts, merged.edited or 0)
    for name, proposers in proposals.items():
        standing = standing_of(proposers, name, graph)
        value = standing[0].set[name]
        if name == "deleted":
            merged.deleted = value
            merged.setters[name] = [standing[0].id]
        else:
            merged.values[name] = value
            merged.setters[name] = [op.id for op in standing]


def standing_of(proposers: Sequence[Op], name: str, graph: "Ancestry") -> list[Op]:
    """The winner for a field, then one op for each other value that no later setter had seen."""
    candidates = graph.newest(proposers)
    if len(candidates) == 1:
        return candidates
    said = [
        (sha256(canonical.encode(op.set[name])).digest(), op) for op in candidates
    ]  # read as they come, not by time
    different: dict[bytes, Op] = {}
    for value, op in sorted(said, key=lambda pair: rank(pair[1]), reverse=True):
        different.setdefault(value, op)
    return list(different.values())


def counts(op: Op, create: Made, rules: Rules) -> bool:
    """Whether an op on an entity has any effect: decided from the set alone.

    What made it always does; whether anybody is shown what came of it is another question.
    """
    if op is create:
        return True
    if op.is_create or op.log != create.log or rules.is_revoked(op, create):
        return False
    if op.kind == "edit":
        return True  # from elsewhere only for shared fields: `settable` sees to that
    if op.kind == "erase_person":
        return create.kind == "person" and vouches(op, create, rules)
    return op.kind in ("delete", "redact") and vouches(op, create, rules)


def vouches(op: Op, create: Made, rules: Rules) -> bool:
    """Whether an op comes from the entity's own node, or from a steward of the network."""
    return op.node == create.node or rules.is_steward(op, create)


def settable(op: Op, create: Made, kind: Kind, rules: Rules) -> list[str]:
    """The fields that an op sets with effect: known, well-formed, and open to its author."""
    fields = op.set
    if not fields:
        return []
    if op.kind == "delete":
        return ["deleted"] if DELETED.good(fields.get("deleted")) else []
    own = op is create or vouches(op, create, rules)
    names = []
    for name, value in fields.items():
        declared: Field | None = kind.find(name)
        if declared is not None and (own or declared.shared) and declared.good(value):
            if name == "copied_from" and value and op is not create:
                continue  # an edit takes it back at most: else two could each stand in the place of the other
            names.append(name)
    return names


def erases_all(op: Op) -> bool:
    """Whether an op erases its whole entity."""
    return op.kind == "erase_person" or (op.kind == "redact" and "ops" not in op.h)


def erased_by(counted: Iterable[Op], everything: Iterable[Op], create: Made, redacted: bool) -> set[str]:
    """The ids of the ops whose bodies are to go: all words of a redacted entity, or the named ones.

    What a network's key has signed stays: it decides which erasures count, and holds nobody's words.
    """
    named = named_by(counted)
    stay = (*ERASES, *SIGNED_BY_NETWORK) if create.kind == "network" else ERASES
    return {op.id for op in everything if op.kind not in stay and (redacted or op.id in named)}


def named_by(ops: Iterable[Op]) -> set[str]:
    """The ids of single ops that redacts name."""
    lists = (op.h.get("ops") for op in ops if op.kind == "redact")
    return {str(op_id) for named in lists if isinstance(named, list) for op_id in named}


def rank(op: Op) -> tuple[int, str]:
    """What breaks a tie between ops that did not see each other."""
    return (op.ts, op.id)


@dataclass(slots=True)
class Register:
    """A mark as the set of its ops has it."""

    winner: Op
    heads: list[str]


def fold_register(ops: Iterable[Op]) -> Register | None:
    """Merge the ops of one register; None where no body says anything."""
    everything = {op.id: op for op in ops}
    speaking = [op for op in everything.values() if not op.is_bare]
    if not speaking:
        return None
    graph = Ancestry(everything)
    winner = max(graph.newest(speaking), key=rank)
    return Register(winner, graph.heads(list(everything)))


class Ancestry:
    """Who had seen whom among the ops of one thing, by `par` alone; never by the clock."""

    def __init__(self, ops: Mapping[str, Op]) -> None:
        self.ops = ops
        self.gaps = any(parent not in ops for op in ops.values() for parent in op.par)

    def newest(self, ops: Sequence[Op]) -> list[Op]:
        """Those of the ops that no other of them had seen."""
        fresh = set(self.heads([op.id for op in ops]))
        return [op for op in ops if op.id in fresh]

    def heads(self, ids: Sequence[str]) -> list[str]:
        """Those of the ids that no other of them had seen, sorted.

        None can have seen itself: ids are hashes of what names them. So it is enough to walk back once from all.
        """
        if len(ids) == 1:
            return list(ids)
        seen: set[str] = set()
        ahead = list(ids)
        while ahead:
            for parent in self.ops[ahead.pop()].par:
                if parent in self.ops and parent not in seen:
                    seen.add(parent)
                    ahead.append(parent)
        return sorted(op_id for op_id in ids if op_id not in seen)
