"""Who looks after the network, and what they may do, one story each."""

from random import Random

import pytest

from partnernet.core.ledger import membership
from partnernet.core.ledger.node import SigningKey
from tests.core.ledger.test_project import edit, page, redact

NETWORK_KEY = SigningKey.from_seed(b"n" * 32)


def network(node, steward, key=NETWORK_KEY, **changes):
    made = node.write("network", "public", {"set": {"name": "A network"}}, net=NETWORK_KEY.public)
    body = membership.document(key, made.id, 1, [(steward.node.id, steward.person.handle)])
    body["doc"] |= changes
    return made, node.write("membership", "public", body, ent=made.id, par=[made.id])


@pytest.mark.parametrize("seed", range(6))
def test_a_steward_named_by_the_membership_may_edit_whatever_comes_first(node, other, seed):
    made, members = network(node, other)
    entry = page(node.belong(made.id), log="public")
    other.receive([made, members, entry])
    ops = [made, members, entry]
    for target, values in ((entry, {"title": "steward's"}), (made, {"name": "Renamed"})):
        ops.append(edit(other, target, values, mem=members.id))
    ops.append(redact(other, entry, mem=members.id, ops=["a" * 52]))
    fresh = node.empty()
    Random(seed).shuffle(ops)
    half = seed % len(ops)
    fresh.receive(ops[:half])
    fresh.receive(ops[half:])
    assert fresh.entry(entry.id)["title"] == "steward's"
    assert fresh.rows_of("network")[0]["name"] == "Renamed"


def test_the_steward_of_another_network_is_no_steward_here(node, other):
    made, members = network(other, other)
    node.receive([made, members])
    entry = page(node.belong("b" * 52), log="public")
    other.receive([entry])
    node.receive([edit(other, entry, {"title": "x"}, mem=members.id), redact(other, entry, mem=members.id)])
    assert node.entry(entry.id)["title"] == "first"
    assert not node.entry(entry.id)["redacted"]


def test_a_steward_op_that_names_no_membership_counts_not(node, other):
    made, members = network(node, other)
    entry = page(node, log="public")
    other.receive([made, members, entry])
    node.receive([edit(other, entry, {"title": "x"}), edit(other, entry, {"title": "y"}, mem="a" * 52)])
    assert node.entry(entry.id)["title"] == "first"


def test_somebody_whom_the_membership_does_not_name_is_no_steward(node, other):
    made, members = network(node, node)
    entry = page(node.belong(made.id), log="public")
    other.receive([made, members, entry])
    node.receive([edit(other, entry, {"title": "x"}, mem=members.id)])
    assert node.entry(entry.id)["title"] == "first"


@pytest.mark.parametrize(
    "changes",
    [{"version": 2}, {"version": "1"}, {"stewards": []}, {"stewards": [["x"]]}, {"network": "a" * 52}],
)
def test_a_membership_that_the_network_did_not_sign_so_counts_not(node, other, changes):
    network(node, other, **changes)
    assert node.rows_of("membership") == []


def test_a_membership_signed_by_another_key_counts_not(node, other):
    network(node, other, key=SigningKey.from_seed(b"x" * 32))
    assert node.rows_of("membership") == []


def test_the_highest_version_of_the_membership_is_the_latest(node, other):
    made, _ = network(node, other)
    body = membership.document(NETWORK_KEY, made.id, 3, [])
    third = node.write("membership", "public", body, ent=made.id, par=[made.id])
    body = membership.document(NETWORK_KEY, made.id, 2, [])
    node.write("membership", "public", body, ent=made.id, par=[made.id])
    assert membership.latest(node.session, made.id).op == third.id
