"""Three servers change one thing while apart, and come to one text: by whatever ways the bundles go."""

from collections.abc import Callable, Sequence
from itertools import pairwise, permutations

import pytest
from sqlalchemy import select

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.op import Op
from partnernet.discussions.model import Discussion
from partnernet.entries.merging import Standoff, standoff
from tests.exchange.places import Place, Somebody

BASE = "The van goes north.\n\nThe hall is booked.\n\nSoup at noon."
CHANGES = (("north", "south"), ("booked", "booked and paid for"), ("Soup", "Bread"))
MERGED = "The van goes south.\n\nThe hall is booked and paid for.\n\nBread at noon."

Network = list[tuple[Place, Somebody]]


@pytest.fixture
def network(place: Callable[[str], Place]) -> tuple[Network, Op]:
    """Three servers that all hold one discussion, whose summary anybody may word."""
    members = [(place(name), name) for name in ("hall", "barge", "lock")]
    network = [(one, one.person(f"{name.title()} Keeper")) for one, name in members]
    talk = network[0][0].write(network[0][1], "What now?", body="Tell.", summary=BASE)
    meet(network, (0, 1, 2, 0))
    return network, talk


def meet(network: Network, way: Sequence[int]) -> None:
    """A stick goes from server to server, filled anew at each."""
    for n, (giver, taker) in enumerate(pairwise(way)):
        network[taker][0].take(network[giver][0].export(f"{n}.pn.jsonl"))


def word(network: Network, n: int, talk: Op, summary: str, seen: Sequence[str] = ()) -> None:
    one, who = network[n]
    verbs.edit(one.session, who, one.entry(talk.id), {"summary": summary}, seen)
    commit(one.session)


def versions(network: Network, n: int, talk: Op) -> Standoff:
    return standoff(network[n][0].session, network[n][0].entry(talk.id))


def settle(network: Network, n: int, talk: Op) -> None:
    """Save what is proposed, as a person would who finds it right."""
    found = versions(network, n, talk)
    word(network, n, talk, found.proposals["summary"].value, found.heads)


def apart(network: Network, talk: Op) -> None:
    """Each changes something while none hears of the others."""
    for n, (old, new) in enumerate(CHANGES):
        word(network, n, talk, BASE.replace(old, new))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_versions_are_proposed_as_one_alike_everywhere(network: tuple[Network, Op], order: Sequence[int]) -> None:
    servers, talk = network
    apart(servers, talk)
    meet(servers, [*order, *order])
    for n in range(3):
        found = versions(servers, n, talk)
        assert len(found.versions) == len(found.heads) == 3
        assert found.proposals["summary"].value == MERGED and not found.proposals["summary"].places


def test_the_same_merge_made_in_two_places_is_no_conflict(network: tuple[Network, Op]) -> None:
    servers, talk = network
    apart(servers, talk)
    meet(servers, (0, 1, 2, 0, 1))
    settle(servers, 0, talk)
    settle(servers, 1, talk)
    meet(servers, (0, 1, 2, 0))
    for n in range(3):
        assert not servers[n][0].entry(talk.id).conflict and versions(servers, n, talk).versions == []


def test_merges_of_merges_made_apart_come_to_one_text_and_an_end(network: tuple[Network, Op]) -> None:
    servers, talk = network
    apart(servers, talk)
    meet(servers, (0, 1))
    settle(servers, 1, talk)  # knows the first two
    meet(servers, (2, 0))
    settle(servers, 0, talk)  # knows the first and the last, and nothing of the merge
    word(servers, 2, talk, BASE.replace("Soup", "Bread").replace("noon", "one"))  # and somebody writes on meanwhile
    meet(servers, (0, 1, 2, 0, 1, 2))
    counts = []
    while servers[2][0].entry(talk.id).conflict:
        counts.append(len(versions(servers, 2, talk).versions))
        settle(servers, 2, talk)
        meet(servers, (2, 0, 1, 2))
    assert counts == [3]
    (text,) = {str(summary_of(servers[n][0], talk)) for n in range(3)}
    assert text == MERGED.replace("noon", "one")


def test_all_words_stay_reachable_after_merges(network: tuple[Network, Op]) -> None:
    servers, talk = network
    for n, day in enumerate(("Monday", "Tuesday", "Friday")):
        word(servers, n, talk, BASE.replace("noon", day))
    meet(servers, (0, 1, 2, 0, 1))
    assert "[one of these: “Monday”, “Tuesday” or “Friday”]" in versions(servers, 1, talk).proposals["summary"].value
    settle(servers, 1, talk)
    meet(servers, (1, 2, 0))
    (text,) = {str(summary_of(servers[n][0], talk)) for n in range(3)}
    assert all(day in text for day in ("Monday", "Tuesday", "Friday"))


def summary_of(one: Place, talk: Op) -> str:
    """What the page shows."""
    return one.session.scalars(
        select(Discussion.summary).where(Discussion.id == talk.id).execution_options(populate_existing=True)
    ).one()
