"""Hiding what a server wrote in the whole network, and showing it again."""

import pytest

from partnernet.core.db import commit
from partnernet.core.entry import NOBODY
from partnernet.core.errors import Refused
from partnernet.nodes import revocation
from tests.exchange.places import Place
from tests.nodes.networks import founded, joined, paired


@pytest.fixture
def entry(hall: Place, barge: Place) -> str:
    """What the barge wrote in the hall's network, as it is known at the hall."""
    joined(barge, founded(hall))
    made = barge.write(barge.person("Ash Ferreira"), "From the barge")
    paired(hall, barge)
    hall.take(barge.export("out.pn.zip"))
    return made.id


def test_all_of_it_is_hidden_and_shown_again(hall: Place, barge: Place, entry: str) -> None:
    assert revocation.revoked(hall.session, hall.node, barge.node.id) == ""
    revocation.revoke(hall.session, hall.node, barge.node.id, keep_known=False)
    commit(hall.session)
    assert hall.entry(entry).log == NOBODY and revocation.revoked(hall.session, hall.node, barge.node.id) == "all"
    revocation.take_back(hall.session, hall.node, barge.node.id)
    commit(hall.session)
    assert hall.entry(entry).log == "network" and revocation.revoked(hall.session, hall.node, barge.node.id) == ""


def test_what_is_known_is_kept_and_what_comes_is_hidden_also_elsewhere(hall: Place, barge: Place, entry: str) -> None:
    revocation.revoke(hall.session, hall.node, barge.node.id, keep_known=True)
    commit(hall.session)
    later = barge.write(barge.person("A thief"), "Written with a stolen key")
    hall.take(barge.export("later.pn.zip"))
    assert hall.entry(entry).log == "network" and hall.entry(later.id).log == NOBODY
    assert revocation.revoked(hall.session, hall.node, barge.node.id) == "later"
    barge.take(hall.export("back.pn.zip"))
    assert barge.entry(later.id).log == NOBODY


def test_only_where_the_key_is_and_never_oneself(hall: Place, barge: Place, entry: str) -> None:
    with pytest.raises(Refused, match="not on this server"):
        revocation.revoke(barge.session, barge.node, hall.node.id, keep_known=False)
    with pytest.raises(Refused, match="this very server"):
        revocation.revoke(hall.session, hall.node, hall.node.id, keep_known=False)
