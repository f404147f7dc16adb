"""The directory of partners."""

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid
from partnernet.core.ledger import verbs
from partnernet.partners import model
from tests.factories import actor_of, make_account, make_partner


@pytest.fixture
def partners(session: Session) -> None:
    make_partner(session, "The Wool Hall", region="North", art_forms=["Dance", "youth theatre"])
    make_partner(session, "Anchor Arts", region="north", art_forms=["dance"])
    make_partner(session, "Beacon Museum", region="Highlands", art_forms=["Museums"])


def named(found: model.Directory) -> list[str]:
    return [partner.name for partner in found.partners]


@pytest.mark.usefixtures("partners")
def test_partners_stand_by_name_without_their_article(session: Session) -> None:
    assert named(model.directory(session)) == ["Anchor Arts", "Beacon Museum", "The Wool Hall"]


@pytest.mark.usefixtures("partners")
def test_filters_leave_those_of_a_region_and_an_art_form_whatever_the_capitals(session: Session) -> None:
    assert named(model.directory(session, region="North")) == ["Anchor Arts", "The Wool Hall"]
    assert named(model.directory(session, art_form="DANCE")) == ["Anchor Arts", "The Wool Hall"]
    assert named(model.directory(session, region="north", art_form="youth theatre")) == ["The Wool Hall"]
    assert named(model.directory(session, region="Highlands", art_form="dance")) == []


@pytest.mark.usefixtures("partners")
def test_one_can_filter_by_what_there_is(session: Session) -> None:
    found = model.directory(session, region="Highlands")
    assert [word.casefold() for word in found.regions] == ["highlands", "north"]
    assert [word.casefold() for word in found.art_forms] == ["dance", "museums", "youth theatre"]
    assert found.total == 3


@pytest.mark.usefixtures("partners")
def test_a_removed_partner_stands_nowhere(session: Session) -> None:
    by = actor_of(session, make_account(session, role="steward"))
    gone = model.by_name(session, "Anchor Arts")
    assert gone is not None
    verbs.delete(session, by, session.get_one(Entry, gone.id))
    commit(session)
    assert named(model.directory(session)) == ["Beacon Museum", "The Wool Hall"]
    assert model.by_name(session, "Anchor Arts") is None
    assert gone.id not in model.choices(session)


def test_a_partner_is_found_by_its_name(session: Session) -> None:
    known = make_partner(session, "The Wool Hall")
    found = model.by_name(session, "  the  wool HALL ")
    assert found is not None and found.id == known.id


def test_a_partner_is_open_to_everybody(session: Session) -> None:
    assert session.get_one(Entry, make_partner(session).id).log == "public"


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"website": "javascript:alert(1)"}, {"art_forms": ["x"] * 21}, {"art_forms": "dance"}]
)
def test_what_a_card_cannot_hold_is_refused(session: Session, values: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        make_partner(session, **{"name": "Wether Fell", **values})  # type: ignore[arg-type] # wrong on purpose
