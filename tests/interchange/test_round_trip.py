"""What is written out and brought in elsewhere reads the same; brought in at home, it changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from partnernet.core.db import db, writing
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.core.ledger.tables import OpRow
from tests.factories import own_node
from tests.interchange.conftest import Node

FORMS = {"markdown": "notes", "csv": "csv", "mbox": "mail"}


def ops() -> int:
    return db.session.scalar(select(func.count()).select_from(OpRow)) or 0


@pytest.mark.parametrize("form", FORMS)
def test_everything_reads_the_same_elsewhere(hall: Node, pier: Node, form: str) -> None:
    path = hall.write_out(form, "out")
    report = pier.load(FORMS[form], path)
    assert report["new"] == {"discussion": 1, "idea": 1, "news": 1, "note": 1, "reply": 2} and not report["bad"]
    there, here = hall.threads(), pier.threads()
    hosts = ("host", "The Corn Hall")  # no partner of that name is there
    assert [drop(one, hosts) for one in there] == here


def drop(thread: Any, field: tuple[str, str]) -> Any:
    return (*thread[:7], tuple(pair for pair in thread[7] if pair != field), *thread[8:])


@pytest.mark.parametrize("form", FORMS)
def test_bringing_it_in_again_writes_nothing(hall: Node, pier: Node, form: str) -> None:
    path = hall.write_out(form, "out")
    pier.load(FORMS[form], path)
    with pier.app.app_context():
        before = ops()
    report = pier.load(FORMS[form], path)
    assert (report["new"], report["changed"], report["same"]) == ({}, 0, 6)
    with pier.app.app_context():
        assert ops() == before


@pytest.mark.parametrize("form", FORMS)
def test_at_home_nothing_is_doubled(hall: Node, form: str) -> None:
    path, before = hall.write_out(form, "out"), hall.threads()
    report = hall.load(FORMS[form], path)
    assert (report["new"], report["here"]) == ({}, 6)
    assert hall.threads() == before


def test_one_entry_in_three_forms_comes_in_once(hall: Node, pier: Node) -> None:
    for form, command in FORMS.items():
        report = pier.load(command, hall.write_out(form, f"out-{form}"))
    assert report["new"] == {} and len(pier.threads()) == 4


def test_what_was_erased_at_home_does_not_come_back(hall: Node) -> None:
    path = hall.write_out("markdown", "out")
    with hall.app.app_context(), writing() as session:
        verbs.redact(session, NodeItself(own_node()), session.get_one(Entry, hall.made["idea"]))
    before = hall.threads()
    assert hall.load("notes", path)["new"] == {}
    assert hall.threads() == before and len(before) == 3


def test_what_was_brought_in_there_goes_on_under_its_older_id(hall: Node, pier: Node, tmp_path: Path) -> None:
    (tmp_path / "minutes").mkdir()
    (tmp_path / "minutes" / "2019-03-21.md").write_text("# Spring\n\nWe sold the van.\n")
    hall.load("notes", tmp_path / "minutes")
    pier.load("notes", hall.write_out("markdown", "out"))
    assert pier.load("notes", tmp_path / "minutes")["same"] == 1


def test_visibility_is_kept_unless_another_is_asked_for(hall: Node, pier: Node, node: Callable[[str], Node]) -> None:
    path = hall.write_out("markdown", "out")
    pier.load("notes", path)
    assert sorted(thread[4] for thread in pier.threads()) == ["network", "network", "network", "public"]
    other = node("other")
    other.load("notes", path, "--visibility", "network")
    assert {thread[4] for thread in other.threads()} == {"network"}
