"""Who looks after the network, as its key signs it."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Membership
from partnernet.core.ledger import log, membership
from partnernet.core.ledger.node import NodeItself, SigningKey
from partnernet.network.model import own_network
from partnernet.people import accounts, sessions, stewards
from tests.factories import actor_of, make_account, make_network, own_node


def named(session: Session) -> list[str]:
    """The handles that the newest version names."""
    network = own_network(session)
    assert network is not None
    newest = membership.latest(session, network.id)
    return sorted(handle for _, handle in newest.stewards) if newest else []


def test_the_first_steward_is_named(session: Session) -> None:
    make_network(session)
    make_account(session, "Member Only")
    josie = make_account(session, role="steward")
    assert named(session) == [josie.handle]
    assert actor_of(session, josie).membership == sessions.network_steward(session, own_node(), josie.handle)
    assert actor_of(session, josie).membership is not None


def test_every_change_of_stewards_is_a_new_version(session: Session) -> None:
    make_network(session)
    josie, samira = make_account(session, role="steward"), make_account(session, "Samira Khan")
    accounts.change_role(session, own_node(), samira, "steward")
    commit(session)
    assert named(session) == sorted([josie.handle, samira.handle])
    accounts.suspend(session, own_node(), josie)
    commit(session)
    assert named(session) == [samira.handle]
    accounts.restore(session, own_node(), josie)
    commit(session)
    accounts.leave(session, samira, by=actor_of(session, samira))
    commit(session)
    assert named(session) == [josie.handle]
    assert session.scalars(select(Membership.version).order_by(Membership.version)).all() == [1, 2, 3, 4, 5]


def test_what_changes_no_steward_writes_no_version(session: Session) -> None:
    make_network(session)
    make_account(session, role="steward")
    member = make_account(session, "Member Only")
    accounts.suspend(session, own_node(), member)
    commit(session)
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_stewards_of_other_nodes_stay(session: Session) -> None:
    make_network(session)
    josie = make_account(session, role="steward")
    network, node = own_network(session), own_node()
    assert network is not None and node.network_key is not None
    elsewhere = ("b" * 52, "p" + "b" * 26)
    body = membership.document(node.network_key, network.id, 2, [elsewhere, (node.id, josie.handle)])
    log.append(session, NodeItself(node), "membership", "public", body, ent=network.id)
    make_account(session, "Samira Khan", role="steward")
    newest = membership.latest(session, network.id)
    assert newest is not None and list(elsewhere) in newest.stewards
    assert len(newest.stewards) == 3


def test_a_node_without_the_networks_key_names_nobody(session: Session) -> None:
    make_network(session)
    node, foreign = own_node(), SigningKey.from_seed(b"x" * 32)
    for key in (None, foreign):
        without = replace(node, network_key=key)
        accounts.open_account(session, without, email=f"{key is None}@example.org", name="Steward", role="steward")
        commit(session)
    assert session.scalar(select(func.count()).select_from(Membership)) == 0
    stewards.renew(session, node)
    commit(session)
    assert len(named(session)) == 2
