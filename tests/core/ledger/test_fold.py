"""The rules of merging, one story each; the laws hold them against everything that may happen."""

import pytest

from partnernet.core.ledger.fold import Rules, fold, fold_register
from partnernet.core.ledger.kinds import KINDS, Kind
from tests.laws.place import START, Actor, place
from tests.laws.specimens import PAGE
from tests.laws.world import forged


def nobody(op, create):
    return False


def everybody(op, create):
    return True


@pytest.fixture
def ann():
    return place("node0").person


@pytest.fixture
def bob():
    return place("node1").person


def page(by, **values):
    return forged(by, {"kind": "testpage"}, {"set": {"title": "first", "body": "text", **values}})


def change(by, create, par, values=None, ts=START, kind="edit", **head):
    after = {"kind": kind, "ent": create.id, "par": sorted(op.id for op in par), "ts": ts, **head}
    return forged(by, after, {"set": values} if values is not None else {})


def merged(*ops, is_steward=nobody, kind=PAGE):
    """Merge some ops in both orders, which must come to the same."""
    there, back = fold(ops, kind, Rules(is_steward)), fold(reversed(ops), kind, Rules(is_steward))
    assert there == back
    return there


def test_without_its_create_there_is_nothing(ann):
    create = page(ann)
    assert fold([change(ann, create, [create], {"title": "second"})], PAGE, nobody) is None


def test_a_later_edit_wins_by_what_its_author_saw_not_by_its_stamp(ann):
    create = page(ann)
    second = change(ann, create, [create], {"title": "second"}, ts=START + 100)
    third = change(ann, create, [second], {"title": "third"}, ts=START - 100)
    found = merged(create, second, third)
    assert found.values["title"] == "third"
    assert found.values["body"] == "text"
    assert found.setters == {"title": [third.id], "body": [create.id]}
    assert found.heads == [third.id]
    assert found.edited == START + 100 and not found.conflict


def test_edits_side_by_side_are_a_conflict_and_the_later_stamp_shows(ann):
    create = page(ann)
    early = change(ann, create, [create], {"title": "early"}, ts=START + 1)
    late = change(ann, create, [create], {"title": "late"}, ts=START + 2)
    found = merged(create, early, late)
    assert found.values["title"] == "late" and found.conflict
    assert found.setters["title"] == [late.id, early.id]
    assert found.heads == sorted([early.id, late.id])


def test_edits_side_by_side_of_different_fields_are_no_conflict(ann):
    create = page(ann)
    title = change(ann, create, [create], {"title": "new"})
    body = change(ann, create, [create], {"body": "new text"})
    found = merged(create, title, body)
    assert (found.values["title"], found.values["body"], found.conflict) == ("new", "new text", False)


def test_the_same_words_written_twice_are_no_conflict(ann):
    create = page(ann)
    twice = [change(ann, create, [create], {"title": "same"}, ts=START + n) for n in range(2)]
    assert not merged(create, *twice).conflict


def test_an_edit_that_saw_both_settles_a_conflict(ann):
    create = page(ann)
    one, two = (change(ann, create, [create], {"title": word}) for word in ("one", "two"))
    settled = change(ann, create, [one, two], {"title": "both"}, ts=0)
    found = merged(create, one, two, settled)
    assert found.values["title"] == "both" and not found.conflict and found.heads == [settled.id]


def test_an_edit_of_another_field_that_saw_both_leaves_the_conflict(ann):
    create = page(ann)
    one, two = (change(ann, create, [create], {"title": word}) for word in ("one", "two"))
    assert merged(create, one, two, change(ann, create, [one, two], {"body": "x"})).conflict


def test_a_parent_that_is_not_here_leaves_a_gap(ann):
    create = page(ann)
    missing = change(ann, create, [create], {"title": "missing"})
    last = change(ann, create, [missing], {"body": "last"})
    assert merged(create, last).gaps
    assert not merged(create, missing, last).gaps


@pytest.mark.parametrize(
    "values",
    [
        {"title": 3},
        {"title": "two\nlines"},
        {"title": "x" * 301},
        {"unknown": 1},
        {"deleted": True},
        {"files": [1]},
    ],
)
def test_a_value_that_is_not_as_it_should_be_changes_nothing(ann, values):
    create = page(ann)
    odd = change(ann, create, [create], values)
    found = merged(create, odd)
    assert found.values == {"title": "first", "body": "text"}
    assert found.edited is None and found.heads == [odd.id]


@pytest.mark.parametrize("set_", [None, [], "x", 3])
def test_a_body_without_fields_changes_nothing(ann, set_):
    create = page(ann)
    odd = forged(ann, {"ent": create.id, "par": [create.id]}, {"set": set_})
    assert merged(create, odd).values == {"title": "first", "body": "text"}


def test_a_stranger_may_change_only_what_is_shared(ann, bob):
    create = page(ann)
    edit = change(bob, create, [create], {"title": "mine", "summary": "ours"})
    found = merged(create, edit)
    assert found.values == {"title": "first", "body": "text", "summary": "ours"}
    alone = change(bob, create, [create], {"title": "mine"})
    assert merged(create, alone).edited is None


def test_a_steward_may_change_everything(ann, bob):
    create = page(ann)
    edit = change(bob, create, [create], {"title": "theirs"})
    assert merged(create, edit, is_steward=everybody).values["title"] == "theirs"


def test_a_colleague_at_the_same_node_may_change_everything(ann):
    create = page(ann)
    colleague = Actor(ann.node, "p" + "z" * 26)
    edit = change(colleague, create, [create], {"title": "ours"})
    assert merged(create, edit).values["title"] == "ours"


@pytest.mark.parametrize("kind", ["edit", "delete", "redact"])
def test_what_is_said_in_another_log_counts_not(ann, kind):
    create = page(ann)
    values = {"deleted": True} if kind == "delete" else {"title": "elsewhere"}
    odd = change(ann, create, [create], values, kind=kind, log="public")
    found = merged(create, odd)
    assert found.values["title"] == "first"
    assert not found.deleted and not found.redacted and found.heads == [create.id]


@pytest.mark.parametrize("kind", ["testpage", "testreply", "moderate", "hologram", "mark", "erase_person"])
def test_an_op_of_another_kind_under_an_entity_counts_not(ann, kind):
    create = page(ann)
    found = merged(create, change(ann, create, [create], {"title": "x"}, kind=kind))
    assert found.values["title"] == "first" and found.heads == [create.id] and not found.redacted


def test_a_delete_hides_and_can_be_undone(ann):
    create = page(ann)
    gone = change(ann, create, [create], {"deleted": True}, kind="delete")
    back = change(ann, create, [gone], {"deleted": False}, kind="delete", ts=0)
    assert merged(create, gone).deleted
    assert not merged(create, gone, back).deleted
    assert not merged(create, gone, back).conflict


def test_a_stranger_cannot_delete_or_redact(ann, bob):
    create = page(ann)
    found = merged(
        create, change(bob, create, [create], {"deleted": True}, kind="delete"),
        change(bob, create, [create], kind="redact"),
    )  # fmt: skip
    assert not found.deleted and not found.redacted and not found.erased


def test_a_delete_that_says_neither_counts_as_nothing_said(ann):
    create = page(ann)
    assert not merged(create, change(ann, create, [create], {"deleted": "yes"}, kind="delete")).deleted


@pytest.mark.parametrize("by_steward", [False, True])
def test_redacting_an_entity_erases_all_of_it_edits_beside_and_after_included(ann, bob, by_steward):
    create = page(ann)
    before = change(ann, create, [create], {"title": "before"})
    redact = change(bob if by_steward else ann, create, [before], kind="redact")
    beside = change(ann, create, [create], {"title": "beside"}, ts=START + 9)
    after = change(ann, create, [redact], {"title": "after"}, ts=START + 10)
    stranger = change(bob, create, [redact], {"title": "stranger"})
    found = merged(
        create, before, redact, beside, after, stranger, is_steward=lambda op, create: by_steward and op is redact
    )
    assert found.redacted and found.values == {} and found.setters == {} and found.edited is None
    assert found.erased == {create.id, before.id, beside.id, after.id, stranger.id}


def test_redacting_one_version_leaves_the_others(ann):
    create = page(ann)
    second = change(ann, create, [create], {"title": "second"})
    third = change(ann, create, [second], {"body": "third"})
    redact = change(ann, create, [third], kind="redact", ops=[second.id, "nonsense"])
    found = merged(create, second, third, redact)
    assert found.values == {"title": "first", "body": "third"}
    assert found.erased == {second.id} and not found.redacted
    assert found.heads == [third.id]


@pytest.mark.parametrize("ops", [None, "x", 3, [], [None], [["x"]]])
def test_a_redact_with_an_odd_list_erases_nothing(ann, ops):
    create = page(ann)
    found = merged(create, change(ann, create, [create], kind="redact", ops=ops))
    assert not found.redacted and not found.erased


def test_a_redact_cannot_be_redacted(ann):
    create = page(ann)
    redact = change(ann, create, [create], kind="redact")
    undo = change(ann, create, [redact], kind="redact", ops=[redact.id])
    assert merged(create, redact, undo).redacted


def test_erasing_a_person_erases_the_card_and_nothing_but_a_card(ann):
    card = forged(ann, {"kind": "person", "who": ann.handle}, {"set": {"name": "Ann"}})
    erase = change(ann, card, [card], kind="erase_person")
    found = merged(card, erase, kind=KINDS["person"])
    assert found.redacted and found.values == {}


def test_an_unknown_kind_is_erased_all_the_same(ann):
    create = forged(ann, {"kind": "hologram"}, {"set": {"title": "x"}})
    found = merged(create, change(ann, create, [create], kind="redact"), kind=Kind("hologram", {}))
    assert found.erased == {create.id}


def test_a_membership_stays_when_its_network_is_redacted(ann):
    create = forged(ann, {"kind": "network"}, {"set": {"name": "x"}})
    member = change(ann, create, [create], kind="membership")
    redact = change(ann, create, [create], kind="redact")
    assert merged(create, member, redact, kind=KINDS["network"]).erased == {create.id}


def mark(by, par=(), ts=START, value=True):
    return forged(by, {"kind": "mark", "ent": "a" * 52, "par": sorted(op.id for op in par), "ts": ts},
                  {"mark": "tag", "subject": "music", "value": value})  # fmt: skip


def test_in_a_register_who_saw_the_other_wins(ann):
    yes = mark(ann, ts=START + 5)
    no = mark(ann, [yes], ts=0, value=False)
    register = fold_register([no, yes])
    assert register.winner is no and register.heads == [no.id]


def test_in_a_register_between_two_who_saw_nothing_of_each_other_the_later_stamp_wins(ann):
    one, two = mark(ann, ts=1), mark(ann, ts=2, value=False)
    register = fold_register([two, one])
    assert register.winner is two and register.heads == sorted([one.id, two.id])


def test_a_register_without_bodies_says_nothing(ann):
    assert fold_register([mark(ann).erased()]) is None
