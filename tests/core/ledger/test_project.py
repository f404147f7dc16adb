"""The rows that pages read, one story each."""

import pytest

from partnernet.core.db import write
from partnernet.core.ledger.project import project
from tests.laws.place import START, Actor
from tests.laws.story import FILE
from tests.laws.world import forged


def page(node, log="network", **values):
    return node.write("testpage", log, {"set": {"title": "first", **values}})


def edit(node, made, values, kind="edit", **header):
    heads = node.entry(made.id)["heads"]
    return node.write(kind, made.log, {"set": values}, ent=made.id, root=made.root, par=heads, **header)


def reply(node, under, body="words", **header):
    return node.write(
        "testreply", under.log, {"set": {"body": body}}, root=under.root or under.id, re=under.id, **header
    )


def tag(node, made, subject, value=True, log=None, by=None, par=()):
    body = {"mark": "tag", "subject": subject, "value": value}
    return node.write("mark", log or made.log, body, ent=made.id, by=by, par=par)


def redact(node, made, **header):
    return node.write("redact", made.log, {}, ent=made.id, par=node.entry(made.id)["heads"], **header)


# -- entries ---------------------------------------------------------------------------------------


def test_an_entry_shows_what_its_ops_say(node):
    made = page(node, body="text", lang="de", date=5, credit="Poster 1", source="list/1", points=["a"], count=3)
    row = node.entry(made.id)
    assert row.items() >= {
        "kind": "testpage", "log": "network", "node": node.node.id, "by": node.person.handle, "root": None,
        "ts": made.ts, "when": 5, "title": "first", "body": "text", "lang": "de", "credit": "Poster 1",
        "source": "list/1", "listed": True, "heads": [made.id], "replies": 0, "tags": [],
    }.items()  # fmt: skip
    (side,) = node.rows_of("testpage")
    assert side == {"id": made.id, "summary": "", "points": ["a"], "count": 3}


def test_files_and_a_picture_have_rows_of_their_own(node):
    made = page(node, files=[FILE, {**FILE, "sha256": "b" * 64, "alt": "A hall"}], picture={**FILE, "credit": "Ann"})
    rows = [(row["field"], row["n"], row["sha256"][0], row["alt"], row["credit"]) for row in node.rows_of("attachment")]
    assert rows == [
        ("files", 0, "a", "", ""),
        ("files", 1, "b", "A hall", ""),
        ("picture", 0, "a", "", "Ann"),
    ]
    edit(node, made, {"files": [FILE], "picture": None})
    assert [(row["field"], row["n"]) for row in node.rows_of("attachment")] == [("files", 0)]


def test_a_person_card_keeps_its_handle_when_its_words_are_erased(node):
    card = node.write("person", "network", {"set": {"name": "Ann"}}, who=node.person.handle)
    node.write("erase_person", "network", {}, ent=card.id, par=[card.id])
    (row,) = node.rows_of("person")
    assert (row["who"], row["node"], row["name"]) == (node.person.handle, node.node.id, "")
    assert node.entry(card.id)["redacted"]


def test_a_reply_remembers_what_it_answers_unless_that_is_no_id(node):
    made = page(node)
    assert node.entry(reply(node, made).id)["parent"] == made.id
    odd = node.write("testreply", "network", {"set": {}}, root=made.id, re="x" * 500)
    assert node.entry(odd.id)["parent"] is None


@pytest.mark.parametrize(
    "values",
    [
        {"title": "b"}, {"body": "b"}, {"summary": "b"}, {"date": 9}, {"credit": "b"},
        {"copied_from": "a" * 52},
        {"files": [FILE]}, {"picture": FILE}, {"title": 3}, {"unknown": 1}, {"count": 4, "title": "c"}, {},
    ],
)  # fmt: skip
def test_the_short_way_comes_to_the_same_as_the_long_one(node, other, values):
    made = page(node, body="text")
    edit(node, made, {"title": "between"})
    edit(node, made, values)
    edit(node, made, {"deleted": True}, kind="delete")
    other.receive(list(node.ops().values()))
    assert node.shown() == other.shown()


def test_the_short_way_is_not_taken_past_a_parent_that_is_not_here(node, other):
    made = page(node)
    node.write("edit", "network", {"set": {"title": "x"}}, ent=made.id, par=sorted([made.id, "a" * 52]))
    assert node.entry(made.id)["gaps"]


# -- figures ---------------------------------------------------------------------------------------


def test_replies_count_while_they_can_be_read(node):
    made = page(node, date=START)
    first, second = reply(node, made), reply(node, made)
    reply(node, second)
    assert node.entry(made.id)["replies"] == 3
    edit(node, first, {"deleted": True}, kind="delete")
    redact(node, second)
    row = node.entry(made.id)
    assert row["replies"] == 1 and row["activity"] > START
    assert row["newest"] == max(found["arrived"] for found in node.rows_of("entry"))


def test_replies_that_came_first_are_counted_once_their_entry_comes(node, other):
    made = page(other)
    ops = [reply(other, made) for _ in range(3)]
    node.receive(ops)
    assert node.rows_of("entry")[0]["root"] == made.id
    node.receive([made])
    assert node.entry(made.id)["replies"] == 3


def test_a_reply_in_another_log_is_not_counted(node):
    made = page(node)
    node.write("testreply", "public", {"set": {"body": "x"}}, root=made.id, re=made.id)
    assert node.entry(made.id)["replies"] == 0


def test_a_figure_that_changes_does_not_touch_the_entry(node):
    made = page(node)
    answer = reply(node, made)
    assert [row["entity"] for row in node.rows_of("touched")] == [made.id, answer.id]


def test_a_copy_by_the_same_node_in_another_log_stands_in_place_of_the_first(node, other):
    made = page(node)
    copy = page(node, log="public", copied_from=made.id)
    assert node.entry(made.id)["superseded_by"] == copy.id
    assert not node.entry(made.id)["listed"] and node.entry(copy.id)["listed"]
    edit(node, copy, {"deleted": True}, kind="delete")
    assert node.entry(made.id)["superseded_by"] is None and node.entry(made.id)["listed"]
    edit(node, copy, {"deleted": False}, kind="delete")
    assert node.entry(made.id)["superseded_by"] == copy.id
    edit(node, copy, {"copied_from": ""})
    assert node.entry(made.id)["superseded_by"] is None


def test_an_entry_is_touched_when_a_copy_takes_its_place_and_when_it_is_erased(node):
    made = page(node)
    copy = page(node, log="public", copied_from=made.id)
    assert [row["entity"] for row in node.rows_of("touched")][1:] == [copy.id, made.id]
    redact(node, copy)
    assert node.entry(made.id)["superseded_by"] is None
    assert [row["entity"] for row in node.rows_of("touched")][3:] == [copy.id, made.id]


def test_a_copy_by_somebody_elses_node_replaces_nothing(node, other):
    made = page(node)
    other.receive([made])
    node.receive([page(other, log="public", copied_from=made.id)])
    assert node.entry(made.id)["superseded_by"] is None


# -- marks -----------------------------------------------------------------------------------------


def test_tags_stand_while_anybody_says_so(node):
    made = page(node)
    colleague = Actor(node.node, "p" + "z" * 26)
    first = tag(node, made, "music")
    tag(node, made, "music", by=colleague)
    tag(node, made, "dance")
    assert node.entry(made.id)["tags"] == ["dance", "music"]
    tag(node, made, "music", value=False, par=[first.id])
    assert node.entry(made.id)["tags"] == ["dance", "music"]
    said = {row["subject"]: row["value"] for row in node.rows_of("mark") if row["by"] == node.person.handle}
    assert said == {"music": "", "dance": "yes"}
    assert node.entry(made.id)["heads"] == [made.id]


def test_a_mark_touches_its_entry(node):
    made = page(node)
    mark = tag(node, made, "music")
    assert [(row["entity"], row["op"]) for row in node.rows_of("touched")][-1] == (made.id, mark.id)


@pytest.mark.parametrize(
    "subject, value", [("Not A Tag", True), ("", True), (None, True), ("music", "yes"), ("music", None)]
)
def test_a_mark_that_is_not_as_it_should_be_is_not_shown(node, subject, value):
    made = page(node)
    tag(node, made, subject, value)
    assert node.rows_of("mark") == [] and node.entry(made.id)["tags"] == []


def test_an_unknown_mark_is_kept_and_not_shown(node):
    made = page(node)
    node.write("mark", "network", {"mark": "applause", "value": True}, ent=made.id)
    assert node.rows_of("mark") == [] and len(node.ops()) == 2


def test_a_mark_in_another_log_stands_in_nobodys_way(node):
    made = page(node)
    tag(node, made, "music")
    tag(node, made, "music", value=False, log="public")
    tag(node, made, "dance", log="public")
    assert node.entry(made.id)["tags"] == ["music"]


def test_a_mark_that_comes_before_its_entry_is_there_when_that_comes(node, other):
    made = page(other)
    node.receive([tag(other, made, "music")])
    node.receive([made])
    assert node.entry(made.id)["tags"] == ["music"]


def test_people_of_a_partner_share_one_vote(node):
    made = page(node)
    for handle, value in (("p" + "a" * 26, "yes"), ("p" + "b" * 26, "no")):
        by = Actor(node.node, handle, "a" * 52)
        heads = [row["heads"] for row in node.rows_of("mark")]
        node.write(
            "mark",
            "network",
            {"mark": "testvote", "value": value},
            by=by,
            ent=made.id,
            par=heads[0] if heads else [],
        )
    assert [(row["value"], row["partner"]) for row in node.rows_of("mark")] == [("no", "a" * 52)]


@pytest.mark.parametrize("late", [False, True])
def test_a_mark_that_a_redact_names_is_erased_whenever_it_comes(node, other, late):
    made = page(other)
    mark = tag(other, made, "canary")
    erase = redact(other, made, ops=[mark.id])
    for some in [made, erase, mark] if late else [made, mark, erase]:
        node.receive([some])
    assert node.rows_of("mark") == [] and node.entry(made.id)["tags"] == []
    assert node.ops()[mark.id].body is None
    assert node.entry(made.id)["title"] == "first"
    node.receive([mark])
    assert b"canary" not in node.text()


# -- erasure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["testpage", "hologram"])
@pytest.mark.parametrize("late", [False, True])
def test_what_is_redacted_is_nowhere_even_where_its_kind_is_unknown(node, other, kind, late):
    made = other.write(kind, "network", {"set": {"title": "canary", "summary": "canary", "files": [FILE]}})
    erase = other.write("redact", "network", {}, ent=made.id, par=[made.id])
    beside = forged(other.person, {"ent": made.id, "par": [made.id], "seq": 9}, {"set": {"title": "canary"}})
    for some in [erase, beside, made, made] if late else [made, erase, beside, made]:
        node.receive([some])
    assert b"canary" not in node.text()
    assert node.rows_of("attachment") == []
    assert len(node.ops()) == 3


def test_projecting_again_changes_nothing(node):
    made = page(node)
    tag(node, made, "music")
    reply(node, made)
    before, things = node.everything(), {some.thing for some in node.ops().values()}
    write(node.session)
    project(node.session, things, "replay")
    node.session.commit()
    assert node.everything() == before
