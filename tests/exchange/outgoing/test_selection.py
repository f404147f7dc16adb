"""What each selection takes along, and what it never does."""

import random
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from partnernet.core.db import Base, commit
from partnernet.core.ledger import verbs
from partnernet.core.time import day_ms
from partnernet.entries.model import CAME_FROM
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.outgoing.selection import Selection, left_out
from tests.exchange.places import Place, Somebody, lines_of

MAY, JUNE = 1_777_593_600_000, 1_780_272_000_000
"""The first of May and of June 2026, in milliseconds."""


@pytest.fixture
def busy(place: Callable[[str], Place]) -> Place:
    """A server with something of everything that a selection may ask for, and canaries in a log of its own."""
    busy = place("busy")
    josie, wren, ash = busy.person("Josie Calder"), busy.person("Wren Achebe"), busy.person("Ash Ferreira")
    talk = busy.write(josie, "A talk in May", date=MAY + 1, body=f"Shall we, @[{ash.handle}]?")
    busy.reply(wren, talk, "We shall, in June.")
    idea = make(busy, wren, "idea", "A lantern walk", date=JUNE + 1)
    verbs.mark(busy.session, ash, busy.entry(idea), CAME_FROM.name, True, talk.id)
    verbs.mark(busy.session, josie, busy.entry(idea), "tag", True, "river")
    commit(busy.session)
    make(busy, wren, "news", "In the open", "public", date=MAY + 2)
    gone = busy.write(ash, "Said by mistake", date=JUNE + 2, body="The canary of what is erased.")
    busy.redact(ash, gone.id)
    make(busy, ash, "note", "Of April", files=[busy.attach()], date=MAY - 1)
    busy.append(ash, "discussion", {"set": {"title": "The canary of a circle"}}, f"circle:{'c' * 52}")
    return busy


def make(place: Place, by: Somebody, kind: str, title: str, log: str = "network", **values: Any) -> str:
    made = verbs.create(place.session, by, kind, log, {"title": title, **values})
    commit(place.session)
    return made.id


SELECTIONS: dict[str, dict[str, Any]] = {
    "all": {}, "public": {"logs": ("public",)}, "one kind": {"kind": "idea"}, "another kind": {"kind": "discussion"},
    "people": {"kind": "person"}, "a period": {"start": MAY, "end": JUNE}, "from": {"start": JUNE},
    "until": {"end": MAY}, "a kind in a period": {"kind": "note", "end": MAY}, "no files": {"with_files": False},
    "nothing": {"kind": "term"},
}  # fmt: skip


def titles(lines: list[bytes]) -> set[str]:
    """The titles and names that some ops give."""
    fields = [(orjson.loads(line)["b"] or {}).get("set") or {} for line in lines]
    return {field.get("title") or field.get("name") or field["body"] for field in fields if field.keys() - {"deleted"}}


def exported(place: Place, name: str = "out", **selection: Any) -> list[bytes]:
    return lines_of(place.export(f"{name}.pn.zip", Selection(**selection)))


def everything_in(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def kinds(lines: list[bytes]) -> list[str]:
    return sorted(orjson.loads(line)["h"]["kind"] for line in lines)


def test_a_period_goes_by_the_date_that_people_see_with_all_that_hangs_on_it(busy: Place) -> None:
    everybody = {"Josie Calder", "Wren Achebe", "Ash Ferreira"}
    assert titles(exported(busy, start=MAY, end=JUNE)) == everybody | {
        "A talk in May", "We shall, in June.", "In the open",
    }  # fmt: skip
    assert titles(exported(busy, end=MAY)) == {"Ash Ferreira", "Of April"}


def test_a_kind_goes_with_its_marks_and_with_what_it_came_from(busy: Place) -> None:
    lines = exported(busy, kind="idea")
    assert "A talk in May" in titles(lines) and "We shall, in June." not in titles(lines)
    assert kinds(lines).count("mark") == 2 and "Of April" not in titles(lines)


def test_a_text_goes_with_the_cards_of_whom_it_mentions(busy: Place) -> None:
    talk = next(orjson.loads(line)["id"] for line in exported(busy) if b"A talk in May" in line)
    assert "Ash Ferreira" in titles(exported(busy, root=talk))


def test_narrowings_hold_together(busy: Place) -> None:
    assert titles(exported(busy, kind="discussion", start=JUNE)) == {"Ash Ferreira"}
    assert titles(exported(busy, kind="note", end=MAY, logs=("public",))) == set()


def test_erasures_always_go_along_and_first(busy: Place) -> None:
    for name, wanted in SELECTIONS.items():
        lines = exported(busy, **wanted)
        is_covered = "network" in wanted.get("logs", ("public", "network"))
        assert ("redact" in kinds(lines)) == is_covered, name
        assert not is_covered or orjson.loads(lines[0])["h"]["kind"] == "redact", name


def test_what_goes_is_of_the_logs_alone_and_in_order(busy: Place) -> None:
    for name, wanted in SELECTIONS.items():
        lines = exported(busy, **wanted)
        heads = [orjson.loads(line)["h"] for line in lines]
        assert {head["log"] for head in heads} <= set(wanted.get("logs", ("public", "network"))), name
        rest = [head for head in heads if head["kind"] != "redact"]
        places = [(head["node"], head["inc"], head["log"], head["seq"]) for head in rest]
        assert places == sorted(set(places)), name


def test_no_selection_holds_a_word_of_another_log_or_of_what_is_erased(busy: Place) -> None:
    for name, wanted in SELECTIONS.items():
        out = busy.export("out.pn.zip", Selection(**wanted))
        assert b"canary" not in everything_in(out), name
    assert b"the open" not in everything_in(busy.export("out.pn.zip", Selection(logs=("network",))))


def test_what_the_other_holds_is_left_out_of_every_selection_but_for_what_always_goes(
    busy: Place, barge: Place
) -> None:
    barge.take(busy.export("some.pn.jsonl", Selection(kind="discussion")))
    there = {line for line in lines_of(barge.export("there.pn.jsonl")) if b'"kind":"redact"' not in line}
    for name, wanted in SELECTIONS.items():
        assert set(exported(busy, **wanted, since=barge.have())) == set(exported(busy, **wanted)) - there, name


def test_an_erasure_goes_along_to_whoever_has_said_that_they_hold_all(busy: Place) -> None:
    everything = Selection(since=busy.have())
    assert kinds(exported(busy, since=busy.have())) == ["redact"]
    left = next(item for item in left_out(busy.session, everything) if "said it holds" in item.what)
    assert left.count == len(exported(busy)) - 1


@pytest.mark.parametrize("seed", range(3))
def test_bundles_of_any_selections_in_any_order_end_in_the_same_as_all_at_once(
    busy: Place, place: Callable[[str], Place], seed: int
) -> None:
    source = random.Random(seed)
    chosen = [*source.sample(list(SELECTIONS.values()), 5), {}]
    source.shuffle(chosen)
    by_parts, at_once = place("by-parts"), place("at-once")
    for number, wanted in enumerate(chosen):
        since = by_parts.have() if source.random() < 0.5 else {}
        by_parts.take(busy.export(f"{number}.pn.zip", Selection(**wanted, since=since)))
    at_once.take(busy.export("all.pn.zip"))
    assert by_parts.have() == at_once.have()
    for table in ("entry", "mark", "attachment", "person"):
        assert rows(by_parts, table) == rows(at_once, table)


def rows(place: Place, table: str) -> list[str]:
    """The rows of a table, without the positions at which they came."""
    columns = [column for column in Base.metadata.tables[table].columns if column.name not in ("arrived", "newest")]
    return sorted(repr(tuple(row)) for row in place.session.execute(select(*columns)))


def test_the_header_says_what_was_asked_for_and_what_is_left_out(busy: Place) -> None:
    out = busy.export(
        "out.pn.zip", Selection(kind="idea", start=day_ms(date(2026, 1, 1)), logs=("public",), withheld=("network",))
    )
    with open_bundle(out) as bundle:
        said = {item.what: item.why for item in bundle.header.left_out}
        assert bundle.header.selection["kind"] == "idea" and bundle.header.selection["until"] is None
    assert said["entries of other kinds"] and said["entries of other dates"]
    assert said["what is open to “network”"] == "the other server may not be given it"
