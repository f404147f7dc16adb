"""The closer look at an import: by whom, what would change, what would be erased."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.changes import ops_of
from partnernet.core.policy import STEWARD
from partnernet.exchange.incoming import looking, preview, views
from partnernet.exchange.outgoing.selection import Selection
from tests.exchange.incoming.test_views import upload
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place, apart
from tests.laws.world import bodies_one_by_one


@pytest.fixture
def steward(pier: Server) -> FlaskClient:
    return pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)


def look(place: Place, batch: Any) -> looking.Look:
    return looking.look(place.session, batch.id, None)


def test_new_people_are_named_by_their_cards(hall: Place, barge: Place) -> None:
    shown = look(barge, barge.stage(hall.export("out.pn.zip")))
    assert {one.name for one in shown.authors} == {"Josie Calder", "Wren Achebe"}
    assert [one.things for one in shown.authors if one.name == "Josie Calder"] == ["1 discussion, 1 weather, 1 change"]
    assert not shown.changed and not shown.erased and shown.more_authors == 0


def test_marks_are_counted_by_kind_and_by_who_set_them(hall: Place, barge: Place) -> None:
    wren = hall.person("Wren Okafor")
    talk = hall.write(wren, "Rooms")
    for tag in ("halls", "barges"):
        verbs.mark(hall.session, wren, hall.entry(talk.id), "tag", True, tag)
    commit(hall.session)
    barge.take(hall.export("cards.pn.zip", Selection(kind="person")))
    batch = barge.stage(hall.export("out.pn.zip"))
    assert batch.preview["new"]["mark"] == 2
    assert "2 marks, 1 discussion" in [one.things for one in look(barge, batch).authors]


def test_what_would_change_is_shown_before_and_after(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    talk = hall.write(josie, "Where shall we meet?", body="In the hall.")
    barge.take(hall.export("first.pn.zip"))
    hall.edit(josie, talk.id, title="Where shall we meet in May?")
    shown = look(barge, barge.stage(hall.export("second.pn.zip")))
    (one,) = shown.changed
    assert one.entry.id == talk.id and not one.versions
    assert [(field.field, field.before, field.after) for field in one.fields] == [
        ("Title", "Where shall we meet?", "Where shall we meet in May?")
    ]
    assert "<ins " in str(one.fields[0].stretches[0].html)


def test_both_texts_of_a_conflict_to_come_are_shown(hall: Place, place: Callable[[str], Place]) -> None:
    _, copy = apart(hall, place("copy"))
    (one,) = look(copy, copy.stage(hall.export("second.pn.zip"))).conflicts
    (title,) = one.versions
    assert title.label == "Title" and title.count == 2
    assert {text for _, text in title.shown} == {"In the hall?", "On the barge?"}


def test_of_very_many_versions_the_first_are_shown_and_all_are_counted(
    hall: Place, place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "VERSIONS_SHOWN", 1)
    _, copy = apart(hall, place("copy"))
    (one,) = look(copy, copy.stage(hall.export("second.pn.zip"))).conflicts
    (title,) = one.versions
    assert title.count == 2 and len(title.shown) == 1


def test_it_looks_the_same_where_bodies_are_read_one_by_one(hall: Place, place: Callable[[str], Place]) -> None:
    _, copy = apart(hall, place("copy"))
    batch = copy.stage(hall.export("second.pn.zip"))
    at_once = look(copy, batch)
    with bodies_one_by_one():
        assert look(copy, batch) == at_once
        assert preview.of(copy.session, batch.id, batch.preview)["conflicts"] == 1


def test_what_would_be_erased_is_named(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    talk = hall.write(josie, "Best forgotten")
    barge.take(hall.export("first.pn.zip"))
    hall.redact(josie, talk.id)
    shown = look(barge, barge.stage(hall.export("second.pn.zip")))
    assert [(each.entry.title, each.versions) for each in shown.erased] == [("Best forgotten", None)]
    assert shown.erased_count == 1


def test_of_single_versions_that_would_be_erased_it_is_said_how_many(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    talk, other = hall.write(josie, "Minutes"), hall.write(josie, "Best forgotten")
    hall.edit(josie, talk.id, body="With a slip.")
    hall.edit(josie, talk.id, body="Without it.")
    barge.take(hall.export("first.pn.zip"))
    slip = next(op.id for op in ops_of(hall.session, [talk.id])[talk.id] if op.set.get("body") == "With a slip.")
    hall.redact(josie, talk.id, [slip])
    hall.redact(josie, other.id, [other.id])
    hall.redact(josie, other.id)
    shown = look(barge, barge.stage(hall.export("second.pn.zip")))
    assert {each.entry.title: each.versions for each in shown.erased} == {"Minutes": 1, "Best forgotten": None}


def test_no_more_than_the_first_are_shown(hall: Place, barge: Place) -> None:
    josie = hall.person("Josie Calder")
    talks = [hall.write(josie, f"Talk {number}") for number in range(looking.SHOWN + 3)]
    barge.take(hall.export("first.pn.zip"))
    for talk in talks:
        hall.edit(josie, talk.id, body="Changed.")
    shown = look(barge, barge.stage(hall.export("second.pn.zip")))
    assert len(shown.changed) == looking.SHOWN and shown.changed_count == looking.SHOWN + 3


def test_the_page_shows_it_and_asks_for_the_number_of_many_erasures(
    hall: Place, barge: Place, pier: Server, steward: FlaskClient
) -> None:
    josie, bo = hall.person("Josie Calder"), barge.person("Bo Lindqvist")
    said = [hall.write(josie, f"Said {number}").id for number in range(51)]
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    barge.take(hall.folder / "in.pn.zip")
    pier.run("import", str(barge.export("cards.pn.jsonl")), "--yes")
    for entry in said:
        barge.redact(bo, entry)
    address = upload(steward, barge.export("erasing.pn.zip")).location
    page = words(steward.get(address))
    assert "What would be erased" in page and "The first 20 of 51 entries." in page and "Said " in page
    for wrong in ("", "50", "many"):
        refused = steward.post(f"{address}/apply", data={"erase": wrong})
        assert refused.status_code == 422 and "by a slip" in words(refused)
    assert steward.post(f"{address}/apply", data={"erase": "51"}).status_code == 303


def test_many_erasures_are_asked_about_though_their_server_was_let_in_only_since(
    hall: Place, barge: Place, pier: Server, steward: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ERASURES_LIMIT", 1)
    josie, bo = hall.person("Josie Calder"), barge.person("Bo Lindqvist")
    said = [hall.write(josie, f"Said {number}").id for number in range(2)]
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    barge.take(hall.folder / "in.pn.zip")
    pier.run("import", str(barge.export("cards.pn.jsonl")))
    for entry in said:
        barge.redact(bo, entry)
    address = upload(steward, barge.export("erasing.pn.zip")).location
    assert "It would erase" not in words(steward.get(address))
    steward.post(f"/exchange/servers/{barge.node.id}/admission", data={"writes": "everything"})
    assert "It would erase 2 entries" in words(steward.get(address))
    assert steward.post(f"{address}/apply").status_code == 422
    assert steward.post(f"{address}/apply", data={"erase": "2"}).status_code == 303


def test_a_refused_upload_stands_in_the_log_with_its_sentence(hall: Place, steward: FlaskClient) -> None:
    path = hall.export("out.pn.jsonl")
    path.write_bytes(path.read_bytes().replace(b"Friday", b"Sunday"))
    assert upload(steward, path).status_code == 422
    said = words(steward.get("/exchange/log"))
    assert "Refused: out.pn.jsonl, brought by Ash Ferreira." in said and "has been altered" in said


def test_what_came_in_stands_in_the_log(hall: Place, pier: Server, steward: FlaskClient) -> None:
    pier.run("import", str(hall.export("first.pn.zip")), "--yes")
    hall.write(hall.person("Bo Lindqvist"), "And when?")
    steward.post(upload(steward, hall.export("second.pn.zip")).location + "/apply")
    said = words(steward.get("/exchange/log"))
    assert "Brought in by Ash Ferreira from" in said and "2 new" in said
    assert "Brought in by the command line" in said
    assert words(steward.get(f"/exchange/log?server={hall.node.id}")).count("Brought in by") == 2
    assert steward.get("/exchange/log?server=" + "b" * 52).status_code == 404
    assert steward.get("/exchange/log?before=soon").status_code == 422
