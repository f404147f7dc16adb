import pytest

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import op
from partnernet.core.ledger.tables import Touched
from tests.laws.place import START, Actor
from tests.laws.world import forged


def page(node, log="network", **values):
    return node.write("testpage", log, {"set": {"title": "first", **values}})


def positions(node):
    return [(row["entity"], row["op"], row["cause"]) for row in node.rows_of(Touched.__tablename__)]


def test_an_op_of_our_own_is_stored_numbered_and_shown_at_once(node):
    made = page(node)
    assert op.read(node.lines()[0]) == made
    op.check_signature(made)
    assert (made.h["seq"], made.h["inc"], made.by) == (1, node.node.inc, node.person.handle)
    assert node.entry(made.id)["title"] == "first"
    assert positions(node) == [(made.id, made.id, "local")]


def test_each_log_of_an_incarnation_is_numbered_without_gaps(node):
    ops = [page(node, log=name) for name in ("network", "public", "network", "public", "public")]
    assert [made.h["seq"] for made in ops] == [1, 1, 2, 2, 3]
    assert {key.split("/")[2]: held["r"] for key, held in node.have().items()} == {
        "network": "1-2", "public": "1-3",
    }  # fmt: skip


def test_have_can_be_asked_for_some_logs_only(node):
    page(node), page(node, log="public")
    assert [key.split("/")[2] for key in node.have(["public"])] == ["public"]
    assert node.have([]) == {}


def test_the_stamp_comes_after_that_of_everything_seen(node, other):
    ahead = forged(other.person, {"kind": "testpage", "ts": START * 2}, {"set": {}})
    node.receive([ahead])
    made = node.write("edit", "network", {"set": {"summary": "x"}}, ent=ahead.id, par=[ahead.id])
    assert made.ts == START * 2 + 1
    assert page(node).ts < START * 2


def test_heads_given_twice_are_written_once_and_at_most_sixty_four(node):
    made = page(node)
    edits = [forged(node.person, {"ent": made.id, "par": [made.id], "seq": n}, {"set": {}}) for n in range(9, 90)]
    node.receive(edits)
    heads = node.entry(made.id)["heads"]
    again = node.write("edit", "network", {"set": {"title": "x"}}, ent=made.id, par=[*heads, *heads])
    assert again.par == sorted(heads)[:64]


def test_what_may_not_be_written_leaves_nothing_behind(node):
    before = node.everything()
    with pytest.raises(BadBundle):
        node.write("testpage", "network", {"set": {"title": 1.5}})
    node.session.rollback()
    assert node.everything() == before


def test_somebody_may_speak_for_a_partner(node):
    made = node.write("testpage", "network", {"set": {}}, by=Actor(node.node, node.person.handle, "a" * 52))
    assert node.entry(made.id)["partner"] == "a" * 52


def test_what_others_wrote_is_taken_in_once(node, other):
    made = page(other)
    assert node.receive([made, made]) == 1
    assert node.receive([made]) == 0
    assert positions(node) == [(made.id, made.id, "import")]
    assert node.have() == other.have()


def test_a_body_that_comes_later_is_put_in_its_place(node, other):
    made = page(other)
    node.receive([made.erased()])
    assert node.entry(made.id)["title"] == ""
    assert node.receive([made]) == 0
    assert node.entry(made.id)["title"] == "first"
    assert [entity for entity, _, _ in positions(node)] == [made.id, made.id]


@pytest.mark.parametrize("order", [list, reversed])
def test_a_body_outlasts_the_lack_of_one(node, other, order):
    made = page(other)
    node.receive(list(order([made, made.erased()])))
    assert node.entry(made.id)["title"] == "first"
    node.receive([made.erased()])
    assert node.ops()[made.id] == made


def test_an_entry_that_does_not_change_is_not_touched(node):
    made = page(node)
    before = len(positions(node))
    node.receive([forged(node.person, {"ent": made.id, "kind": "hologram", "par": [made.id]}, {"x": 1})])
    assert len(positions(node)) == before


def test_an_edit_may_come_before_what_it_changes(node, other):
    made = page(other)
    edit = other.write("edit", "network", {"set": {"title": "second"}}, ent=made.id, par=[made.id])
    node.receive([edit])
    assert node.entry(made.id) is None
    node.receive([made])
    assert node.entry(made.id)["title"] == "second"


def test_two_ops_with_one_number_are_both_kept_and_the_digest_tells(node, other):
    ops = [forged(other.person, {"kind": "testpage", "seq": 1}, {"set": {"title": title}}) for title in "ab"]
    node.receive(ops[:1])
    (one,) = node.have().values()
    node.receive(ops[1:])
    (both,) = node.have().values()
    assert (one["r"], both["r"]) == ("1", "1") and one["x"] != both["x"]
    assert len(node.rows_of("entry")) == 2
