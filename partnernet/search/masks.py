"""Which passages of a segment pass: those that stand and meet every condition.

A mask has one byte for each passage, 1 where it passes; None says that all do.
"""

from collections.abc import Iterable

from partnernet.core.ledger.canonical import from_base32
from partnernet.search.interface import Condition, Wanted
from partnernet.search.phrases import side_by_side
from partnernet.search.snapshot import Leaf, Snapshot

Mask = bytes | None


def passing(snapshot: Snapshot, leaf: Leaf, wanted: Wanted, without: str = "") -> Mask:
    """What passes everything; a condition on the column `without` left aside."""
    mask = leaf.alive
    for column in dict.fromkeys(condition.column for condition in wanted.conditions):
        if column != without:
            mask = both(mask, of_column(leaf, wanted.conditions, column))
    if wanted.after is not None or wanted.before is not None:
        mask = both(mask, _between(leaf, wanted.after, wanted.before))
    if wanted.thread is not None:
        mask = both(mask, _within(leaf, wanted.thread))
    if wanted.without is not None:
        mask = both(mask, inverted(_within(leaf, wanted.without)))
    for phrase in wanted.phrases:
        mask = both(mask, flags(leaf, side_by_side(snapshot, leaf, phrase, mask)))
    for phrase in wanted.excluded:
        mask = both(mask, inverted(flags(leaf, side_by_side(snapshot, leaf, phrase, mask))))
    return mask


def of_column(leaf: Leaf, conditions: Iterable[Condition], column: str) -> Mask:
    """What passes the conditions on one column."""
    mask: Mask = None
    numbers, words = leaf.columns.codes(column)
    for condition in conditions:
        if condition.column != column:
            continue
        accepted = bytes(condition.accepts(word) != condition.negated for word in words)
        if 0 not in accepted:
            continue
        if isinstance(numbers, bytes):
            found = numbers.translate(accepted.ljust(256, b"\0"))
        else:
            found = bytes(map(accepted.__getitem__, numbers))
        mask = both(mask, found)
    return mask


def both(one: Mask, other: Mask) -> Mask:
    """Where both say 1."""
    if one is None or other is None:
        return other if one is None else one
    return (int.from_bytes(one) & int.from_bytes(other)).to_bytes(len(one))


def either(masks: Iterable[Mask]) -> Mask:
    """Where any says 1."""
    found: int = 0
    size = 0
    for mask in masks:
        if mask is None:
            return None
        found, size = found | int.from_bytes(mask), len(mask)
    return found.to_bytes(size)


def inverted(mask: bytes) -> bytes:
    """Where it says 0."""
    return mask.translate(b"\1" + bytes(255))


def flags(leaf: Leaf, numbers: Iterable[int]) -> bytes:
    """A mask of some passages."""
    found = bytearray(leaf.size)
    for number in numbers:
        found[number] = 1
    return bytes(found)


def _within(leaf: Leaf, entity: str) -> bytes:
    """The passages of an entity and of what lies under it."""
    raw = from_base32(entity, 32)
    return flags(leaf, [*leaf.under(raw), *leaf.of_entity(raw)])


def _between(leaf: Leaf, after: int | None, before: int | None) -> Mask:
    mask: Mask = None
    if after is not None:
        mask = bytes(map(after.__le__, leaf.columns.when))
    if before is not None:
        mask = both(mask, bytes(map(before.__gt__, leaf.columns.when)))
    return mask
