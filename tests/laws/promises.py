"""The promises, as plain functions of a story that has been told: each one raises where it is broken."""

import re
from random import Random

from partnernet.core.entry import NOBODY
from partnernet.core.ledger import canonical, op
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.ranges import Ranges
from tests.laws.place import Place
from tests.laws.story import PLAIN, Story

_CANARY = re.compile(rb"[a-z]+-[0-9]+-canary")


def agrees_with_its_ops(story: Story) -> None:
    """What a node shows is what another one shows that was handed the same ops in one go, and reads them otherwise."""
    for place in story.world.places:
        fresh = story.world.anew(place, list, one_by_one=True)
        assert place.shown() == fresh.shown()


def converges(story: Story) -> None:
    """Nodes that have the same ops show the same, whatever the order, repetition and pieces."""
    story.world.settle()
    first = story.world.places[0]
    shown = first.shown()
    for place in story.world.places[1:]:
        assert place.shown() == shown
    random = Random(len(story.written))
    assert story.world.anew(first, reversed, batch=1).shown() == shown
    assert story.world.anew(first, lambda ops: random.sample(ops, len(ops)), batch=3).shown() == shown
    twice = story.world.anew(first, lambda ops: [some.erased() for some in ops])
    twice.receive(list(first.ops().values()))
    assert twice.shown() == shown


def holds_what_it_says(story: Story) -> None:
    """`have` is what counting the stored ops again gives."""
    for place in story.world.places:
        counted: dict[str, list[Op]] = {}
        for some in place.ops().values():
            counted.setdefault(f"{some.node}/{some.h['inc']}/{some.log}", []).append(some)
        expected = {}
        for key, ops in counted.items():
            digest = 0
            for some in ops:
                digest ^= int.from_bytes(canonical.from_base32(some.id, 32)[:8], "big")
            expected[key] = {"r": str(Ranges().add(*(some.h["seq"] for some in ops))), "x": f"{digest:016x}"}
        assert place.have() == expected


def loses_nothing(story: Story) -> None:
    """Every op is stored as it was signed, but for erased bodies; every text that stands can be reached."""
    story.world.settle()
    gone, place = story.gone(), story.world.places[0]
    bare = story.bare(place)
    for somewhere in story.world.places:
        here = somewhere.ops()
        for op_id, written in story.written.items():
            assert here[op_id].line == (written.erased() if op_id in gone | bare else written).line
            op.check_signature(here[op_id])
    for row in place.rows_of("entry"):
        if row["kind"] != "testpage":
            continue
        for name in PLAIN:
            standing = story.standing(row["id"], name, gone | bare)
            setters = [story.written[op_id] for op_id in row["setters"].get(name, [])]
            assert {some.set[name] for some in setters} == {some.set[name] for some in standing}
            assert bool(setters) == bool(standing)
            if len(standing) > 1:
                story.happens(f"something stands in {'two' if len(standing) == 2 else 'three or more'} versions")


def keeps_causality(story: Story) -> None:
    """What was written by somebody who had seen X beats X; between strangers the later stamp wins."""
    story.world.settle()
    place = story.world.places[0]
    gone = story.gone() | story.bare(place)
    sides = {row["id"]: row for row in place.rows_of("testpage")}
    for row in place.rows_of("entry"):
        if row["kind"] != "testpage":
            continue
        for name in PLAIN:
            standing = story.standing(row["id"], name, gone)
            shown = sides[row["id"]][name] if name == "summary" else row[name]
            wins = max(standing, key=lambda some: (some.ts, some.id), default=None)
            assert shown == (wins.set[name] if wins else "")


def erases(story: Story) -> None:
    """What was redacted is nowhere, and stays away when an old copy of it arrives."""
    story.world.settle()
    for place in story.world.places:
        _has_forgotten(story, place)
        place.receive([op.read(story.ever[op_id].line) for op_id in story.written])
        _has_forgotten(story, place)


def _has_forgotten(story: Story, place: Place) -> None:
    gone = {word for op_id in story.gone() for word in _CANARY.findall(story.ever[op_id].body or b"")}
    kept = set(_CANARY.findall(place.text()))
    assert not gone & kept
    for op_id in story.gone():
        assert place.ops()[op_id].body is None


def is_idempotent(story: Story) -> None:
    """Receiving again what is there changes no row of any table."""
    story.world.settle()
    for place in story.world.places:
        before = place.everything()
        arrivals = list(place.ops().values())
        assert place.receive(arrivals) == 0
        assert place.receive([some.erased() for some in arrivals]) == 0
        assert place.receive(list(story.written.values())) == 0
        assert place.everything() == before


def hides_what_counts_not(story: Story) -> None:
    """An op of a stranger, of a revoked node, or in another log than its entity's, changes nothing that is shown."""
    story.world.settle()
    for place in story.world.places:
        for row in place.rows_of("entry"):
            create = story.written[row["id"]]
            for name, setters in row["setters"].items():
                for some in (story.written[op_id] for op_id in setters):
                    assert some.log == create.log
                    assert name == "summary" or story.vouches(some, create)
                    assert some is create or not story.is_revoked(some, create)
            assert (row["log"] == NOBODY) == (row["kind"] != "network" and story.is_revoked(create, create))
        tagged = {row["thing"]: row for row in place.rows_of("mark")}
        logs = {row["id"]: row["log"] for row in place.rows_of("entry")}
        for mark in tagged.values():
            heads = [story.written[op_id] for op_id in mark["heads"]]
            assert not any(story.is_revoked(head, story.written[head.entity]) for head in heads)
        for row in place.rows_of("entry"):
            tags = {mark["subject"] for mark in tagged.values()
                    if mark["entry"] == row["id"] and mark["log"] == logs[row["id"]] and mark["mark"] == "tag"
                    and mark["value"]}  # fmt: skip
            assert row["tags"] == sorted(tags)


def knows_what_it_lacks(story: Story) -> None:
    """A node notes exactly the texts that are not here although nothing that counts erases them."""
    story.world.settle()
    gone = story.gone()
    for place in story.world.places:
        bare = {some.id for some in place.ops().values() if some.body is None}
        assert {row["op"] for row in place.rows_of("lacking")} == bare - gone


def gives_no_number_twice(story: Story) -> None:
    """Two ops of one incarnation never have the same number, unless a server was copied."""
    seen: dict[tuple[object, ...], str] = {}
    for place in story.world.places:
        for some in place.ops().values():
            key = (some.node, some.h["inc"], some.log, some.h["seq"])
            assert some.node in story.cloned or some.h["seq"] > 100 or seen.setdefault(key, some.id) == some.id


def counts_rightly(story: Story) -> None:
    """Replies and last activity are those of the rows that lie under an entry, each time anew."""
    for place in story.world.places:
        rows = place.rows_of("entry")
        for row in rows:
            under = [r for r in rows if r["root"] == row["id"] and r["log"] == row["log"]]
            visible = [r for r in under if not r["deleted"] and not r["redacted"]]
            assert row["replies"] == len(visible)
            assert row["activity"] == max([row["when"], *(r["when"] for r in visible)])
            assert row["newest"] == max([row["arrived"], *(r["arrived"] for r in under)])
            copies = [
                r for r in rows
                if r["copied_from"] == row["id"] and r["node"] == row["node"] and r["log"] != row["log"]
                and not r["redacted"] and r["log"] != NOBODY and (row["redacted"] or not r["deleted"])
            ]  # fmt: skip
            latest = max(copies, key=lambda r: (r["ts"], r["id"]), default=None)
            assert row["superseded_by"] == (latest["id"] if latest else None)
            hidden = row["deleted"] or row["redacted"] or latest or row["log"] == NOBODY
            assert row["listed"] == (row["kind"] == "testpage" and not hidden)


PROMISES = (
    agrees_with_its_ops, hides_what_counts_not, counts_rightly, holds_what_it_says, converges, loses_nothing,
    keeps_causality, erases, is_idempotent, knows_what_it_lacks, gives_no_number_twice,
)  # fmt: skip
