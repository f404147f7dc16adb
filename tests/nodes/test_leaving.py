"""Whoever leaves is named nowhere; whoever only chose who may read their card still is."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from partnernet.core.db import commit, write
from partnernet.core.ledger import verbs
from partnernet.core.ledger.tables import KnownNode
from partnernet.nodes.admit import admit
from partnernet.people.model import Person
from tests.exchange.places import Place, place

__all__ = ("place",)


def met(here: Place, there: Place, words: str) -> None:
    write(here.session)
    here.session.get_one(KnownNode, there.node.id).met = words
    commit(here.session)


def card_of(here: Place) -> str:
    return here.session.scalars(select(Person.id)).one()


def noted(here: Place, there: Place) -> str:
    return here.session.get_one(KnownNode, there.node.id, populate_existing=True).met


@pytest.mark.parametrize("words, left", [("josie calder, by phone", ""), ("Tom Reed", "Tom Reed")])
def test_the_name_of_whoever_leaves_is_taken_out(place: Callable[[str], Place], words: str, left: str) -> None:
    hall, barge = place("hall"), place("barge")
    josie = hall.person("Josie Calder")
    barge.take(hall.export("out.pn.zip"))
    met(barge, hall, words)
    card = card_of(hall)
    write(hall.session)
    verbs.erase_person(hall.session, josie, hall.entry(card))
    commit(hall.session)
    barge.take(hall.export("gone.pn.zip"))
    assert noted(barge, hall) == left


def test_it_goes_also_where_the_leaving_waited_outside(place: Callable[[str], Place]) -> None:
    hall, barge = place("hall"), place("barge")
    josie = hall.person("Josie Calder")
    barge.take(hall.export("out.pn.zip"))
    met(barge, hall, "Josie Calder")
    write(hall.session)
    verbs.erase_person(hall.session, josie, hall.entry(card_of(hall)))
    commit(hall.session)
    write(barge.session)
    barge.session.get_one(KnownNode, hall.node.id).admitted = False
    commit(barge.session)
    barge.take(hall.export("gone.pn.zip"), admitting=())
    assert noted(barge, hall) == "Josie Calder"
    write(barge.session)
    admit(barge.session, [hall.node.id])
    commit(barge.session)
    assert noted(barge, hall) == ""


def test_a_card_for_other_readers_takes_no_name_out(place: Callable[[str], Place]) -> None:
    hall, barge = place("hall"), place("barge")
    josie = hall.person("Josie Calder")
    barge.take(hall.export("out.pn.zip"))
    met(barge, hall, "Josie Calder")
    card = card_of(hall)
    verbs.create(
        hall.session, josie, "person", "public", {"name": "Josie Calder", "copied_from": card}, who=josie.handle
    )
    commit(hall.session)
    hall.redact(josie, card)
    barge.take(hall.export("moved.pn.zip"))
    assert barge.entry(card).redacted and noted(barge, hall) == "Josie Calder"
