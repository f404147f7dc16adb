"""Partners and their cards."""

import pytest
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid
from partnernet.partners import model
from tests.factories import make_partner


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
