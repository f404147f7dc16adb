"""A network that revokes a node, or hands itself over to a new key, one story each."""

from random import Random

import pytest

from partnernet.core.entry import NOBODY
from partnernet.core.ledger import membership
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op
from tests.core.ledger.test_membership import NETWORK_KEY, network
from tests.core.ledger.test_project import edit, page, redact, reply, tag

NEW_KEY = SigningKey.from_seed(b"m" * 32)


def revoke(at, made, who, version=2, key=NETWORK_KEY, **more):
    bodies = membership.revocations(key, made.id, version, who.node.id, **more)
    return [at.write("revoke", "public", body, ent=made.id, par=[made.id]) for body in bodies]


def settle(*places):
    for _ in range(2):
        for target in places:
            for source in places:
                target.receive(list(source.ops().values()))


@pytest.fixture
def shared(node, other):
    """A network, an entry of each of two nodes, and what the other one did to the first."""
    made, members = network(node, node)
    other.belong(made.id)
    other.receive([made, members])
    ours, theirs = page(node.belong(made.id), log="public"), page(other, log="public")
    settle(node, other)
    deeds = [edit(other, ours, {"summary": "theirs"}), tag(other, ours, "music"), reply(other, ours)]
    settle(node, other)
    return made, ours, theirs, deeds


def test_what_a_revoked_node_wrote_is_shown_to_nobody_and_what_it_did_counts_not(node, other, shared):
    made, ours, theirs, (_, _, answer) = shared
    revoke(node, made, other)
    assert node.entry(theirs.id)["log"] == node.entry(answer.id)["log"] == NOBODY
    assert not node.entry(theirs.id)["listed"]
    row = node.entry(ours.id)
    assert (row["log"], row["replies"], row["tags"], row["setters"]["title"]) == ("public", 0, [], [ours.id])
    assert "summary" not in row["setters"]
    assert node.rows_of("mark") == []


@pytest.mark.parametrize("seed", range(8))
def test_the_order_in_which_a_revocation_arrives_does_not_matter(node, other, shared, seed):
    made, _, _, (summary, _, _) = shared
    revoke(node, made, other, keep=[summary.id])
    expected = node.shown()
    ops = list(node.ops().values())
    fresh = other.empty()
    Random(seed).shuffle(ops)
    for start in range(0, len(ops), 1 + seed % 3):
        fresh.receive(ops[start : start + 1 + seed % 3])
    assert fresh.shown() == expected


def test_what_is_kept_goes_on_counting_and_what_comes_later_does_not(node, other, shared):
    made, ours, theirs, deeds = shared
    revoke(node, made, other, keep=[theirs.id, *(op.id for op in deeds)])
    backdated = page(other, log="public")
    late = tag(other, ours, "late")
    node.receive([backdated, late])
    assert node.entry(theirs.id)["log"] == "public"
    assert (node.entry(ours.id)["replies"], node.entry(ours.id)["tags"]) == (1, ["music"])
    assert node.entry(backdated.id)["log"] == NOBODY


def test_parts_of_one_version_add_up_and_a_later_version_takes_it_back(node, other, shared, monkeypatch):
    made, _, theirs, deeds = shared
    monkeypatch.setattr(membership, "KEEP_LIMIT", 1)
    assert len(revoke(node, made, other, keep=[theirs.id, deeds[2].id])) == 2
    assert [node.entry(some.id)["log"] for some in (theirs, deeds[2])] == ["public", "public"]
    revoke(node, made, other, version=3)
    assert node.entry(theirs.id)["log"] == NOBODY
    revoke(node, made, other, version=4, revoked=False)
    assert node.entry(theirs.id)["log"] == "public"
    assert node.rows_of("mark")[0]["subject"] == "music"


def test_an_erasure_that_is_kept_stays_and_one_that_is_not_gives_the_words_back(node, other, shared):
    made, _, _, _ = shared
    early, later = page(other, log="public", body="early"), page(other, log="public", body="later")
    node.receive([early, later])
    kept, thief = redact(other, early), redact(other, later)
    node.receive([kept, thief])
    revoke(node, made, other, keep=[kept.id, early.id, later.id])
    assert (node.entry(early.id)["redacted"], node.entry(later.id)["redacted"]) == (True, False)
    assert [row["op"] for row in node.rows_of("lacking")] == [later.id]
    node.receive([early, later])
    assert node.rows_of("lacking") == []
    assert [node.entry(some.id)["body"] for some in (early, later)] == ["", "later"]


def test_the_founder_of_another_network_revokes_nobody_here(node, other, shared):
    made, _, theirs, _ = shared
    elsewhere = other.write("network", "public", {"set": {"name": "Another"}}, net=NEW_KEY.public)
    node.receive([elsewhere])
    revoke(node, elsewhere, other, key=NEW_KEY)
    revoke(node, made, other, key=NEW_KEY)
    assert node.entry(theirs.id)["log"] == "public"


def test_the_founder_that_is_revoked_leaves_the_network_standing(node, other, shared):
    made, _, _, _ = shared
    revoke(other, made, node)
    assert other.entry(made.id)["log"] == "public"


@pytest.mark.parametrize(
    "changes",
    [{"version": "2"}, {"revoked": 1}, {"keep": ["short"]}, {"keep": "x"}, {"node": "nobody"}, {"network": "a" * 52}],
)
def test_a_revocation_of_the_wrong_form_revokes_nothing(node, other, shared, changes):
    made, _, theirs, _ = shared
    (body,) = membership.revocations(NETWORK_KEY, made.id, 2, other.node.id)
    doc = {**body["doc"], **changes}
    node.write("revoke", "public", membership._signed(NETWORK_KEY, "revoke", doc), ent=made.id, par=[made.id])
    assert node.entry(theirs.id)["log"] == "public"


# -- a new key -------------------------------------------------------------------------------------


def member(at, made, version, key, **more):
    body = membership.document(key, made.id, version, [], **more)
    return at.write("membership", "public", body, ent=made.id, par=[made.id])


def versions(at):
    return sorted(row["version"] for row in at.rows_of("membership"))


def test_the_old_key_names_the_new_one_and_signs_nothing_after_that(node, other):
    made, _ = network(node, node)
    member(node, made, 2, NETWORK_KEY, new_key=NEW_KEY.public)
    assert membership.current_key(node.session, made.id) == NEW_KEY.public
    member(node, made, 3, NETWORK_KEY)
    assert versions(node) == [1, 2]
    member(node, made, 3, NEW_KEY)
    revoke(node, made, other, version=4)
    assert versions(node) == [1, 2, 3]
    assert node.rows_of("revocation") == []
    revoke(node, made, other, version=4, key=NEW_KEY)
    assert len(node.rows_of("revocation")) == 1
    assert membership.latest_version(node.session, made.id) == 4


def test_what_the_new_key_signed_waits_for_the_word_of_the_old_one(node, other):
    made, first = network(node, node)
    handing, after = (
        member(node, made, 2, NETWORK_KEY, new_key=NEW_KEY.public),
        member(node, made, 3, NEW_KEY),
    )
    other.receive([made, first, after])
    assert versions(other) == [1]
    other.receive([handing])
    assert versions(other) == [1, 2, 3]


def test_of_two_handovers_of_one_version_the_same_one_counts_everywhere(node, other):
    made, first = network(node, node)
    third = SigningKey.from_seed(b"t" * 32)
    forks: list[Op] = [
        member(node, made, 2, NETWORK_KEY, new_key=NEW_KEY.public),
        member(node, made, 2, NETWORK_KEY, new_key=third.public),
    ]
    other.receive([made, first, *reversed(forks)])
    chosen = membership.current_key(node.session, made.id)
    assert chosen == membership.current_key(other.session, made.id)
    assert chosen == (NEW_KEY if min(forks, key=lambda op: op.id) is forks[0] else third).public


def test_nodes_are_listed_with_their_rights_and_what_is_malformed_is_left_out(node, other):
    made, _ = network(node, node)
    named = {"node": other.node.id, "name": "The barge", "reads": ["public", "network"], "writes": ["network"]}
    member(node, made, 2, NETWORK_KEY, nodes=[named, {**named, "node": "x"}, {**named, "reads": [1]}])
    assert membership.latest(node.session, made.id).nodes == [named]
