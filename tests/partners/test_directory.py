"""The directory of partners: who stands in it, in which order, and how it is narrowed."""

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.partners import model
from partnernet.partners.directory import LETTERED, Directory, directory
from tests.factories import actor_of, make_account, make_partner


@pytest.fixture
def partners(session: Session) -> None:
    make_partner(session, "The Wool Hall", region="North", art_forms=["Dance", "youth theatre"])
    make_partner(session, "Anchor Arts", region="north", art_forms=["dance"])
    make_partner(session, "Beacon Museum", region="Highlands", art_forms=["Museums"])


def named(found: Directory) -> list[str]:
    return [partner.name for partner in found.partners]


@pytest.mark.usefixtures("partners")
def test_partners_stand_by_region_and_by_name_without_their_article(session: Session) -> None:
    assert named(directory(session)) == ["Beacon Museum", "Anchor Arts", "The Wool Hall"]


@pytest.mark.usefixtures("partners")
def test_filters_leave_those_of_a_region_and_an_art_form_whatever_the_capitals(session: Session) -> None:
    assert named(directory(session, region="North")) == ["Anchor Arts", "The Wool Hall"]
    assert named(directory(session, art_form="DANCE")) == ["Anchor Arts", "The Wool Hall"]
    assert named(directory(session, region="north", art_form="youth theatre")) == ["The Wool Hall"]
    assert named(directory(session, region="Highlands", art_form="dance")) == []


@pytest.mark.usefixtures("partners")
def test_each_choice_says_how_many_it_would_leave(session: Session) -> None:
    found = directory(session, region="North")
    assert [(choice.name.casefold(), choice.count) for choice in found.regions] == [("highlands", 1), ("north", 2)]
    assert [(choice.name.casefold(), choice.count) for choice in found.art_forms] == [
        ("dance", 2),
        ("youth theatre", 1),
    ]
    assert found.total == 3


@pytest.mark.usefixtures("partners")
def test_partners_stand_under_their_regions_and_those_without_one_at_the_end(session: Session) -> None:
    make_partner(session, "Adrift")
    shelved = directory(session).shelved
    assert [shelf.name.casefold() for shelf in shelved] == ["highlands", "north", ""]
    assert [partner.name for partner in shelved[1].shelves[0].partners] == ["Anchor Arts", "The Wool Hall"]


def test_many_of_one_region_stand_under_their_letters_whatever_their_accents(session: Session) -> None:
    names = [*(f"Barn {n}" for n in range(LETTERED)), "Ábar", "the quay"]
    shelves = directory_of(session, names).shelved[0].shelves
    assert [(shelf.letter, len(shelf.partners)) for shelf in shelves] == [("A", 1), ("B", LETTERED), ("Q", 1)]


def directory_of(session: Session, names: list[str]) -> Directory:
    for name in names:
        make_partner(session, name)
    return directory(session)


@pytest.mark.usefixtures("partners")
def test_a_long_directory_has_pages(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnernet.partners.directory.PAGE", 2)
    first = directory(session)
    assert (named(first), first.count) == (["Beacon Museum", "Anchor Arts"], 3)
    second = directory(session, after=first.following)
    assert (named(second), second.following) == (["The Wool Hall"], "")
    assert named(directory(session, after="made up")) == named(first)


@pytest.mark.usefixtures("partners")
def test_a_removed_partner_stands_nowhere(session: Session) -> None:
    by = actor_of(session, make_account(session, role="steward"))
    gone = model.by_name(session, "Anchor Arts")
    assert gone is not None
    verbs.delete(session, by, session.get_one(Entry, gone.id))
    commit(session)
    assert named(directory(session)) == ["Beacon Museum", "The Wool Hall"]
    assert model.by_name(session, "Anchor Arts") is None
    assert gone.id not in model.choices(session)
