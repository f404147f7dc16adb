"""Names that people type, and the handles that are kept."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.entries.mentions import SUGGESTIONS, to_handles, to_names
from partnernet.people.model import Account
from tests.factories import actor_of, make_account
from tests.laws.budget import NO_FAULT


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@Tomasz Lind knows", "@[{0}] knows"),
        ("Ask @tomasz lind, please", "Ask @[{0}], please"),
        ("It is @Tomasz Lind's press", "It is @[{0}]'s press"),
        ("It is @Tomasz Lind’s.", "It is @[{0}]’s."),
        ("Thank you @Tomasz Lind.", "Thank you @[{0}]."),
        ("@Tomasz Lind and @Tomasz Lind", "@[{0}] and @[{0}]"),
        ("@Tomasz alone", "@Tomasz alone"),
        ("@Tomasz Lindgren", "@Tomasz Lindgren"),
        ("write to x@Tomasz Lind", "write to x@Tomasz Lind"),
        ("nobody @ all", "nobody @ all"),
    ],
)
def test_a_full_name_becomes_the_handle(
    session: Session, josie: Account, tomasz: Account, typed: str, kept: str
) -> None:
    assert to_handles(session, actor_of(session, josie), typed) == kept.format(tomasz.handle)


def test_the_longest_name_wins(session: Session, josie: Account, tomasz: Account) -> None:
    longer = make_account(session, "Tomasz Lind Hansen")
    by = actor_of(session, josie)
    assert to_handles(session, by, "@Tomasz Lind Hansen") == f"@[{longer.handle}]"
    assert to_handles(session, by, "@Tomasz Lind Larsen") == f"@[{tomasz.handle}] Larsen"


def test_a_name_that_two_people_have_means_neither(session: Session, josie: Account, tomasz: Account) -> None:
    make_account(session, "Tomasz Lind", email="other@example.org")
    by = actor_of(session, josie)
    assert to_handles(session, by, "@Tomasz Lind") == "@Tomasz Lind"
    assert to_names(session, by, f"@[{tomasz.handle}]") == f"@[{tomasz.handle}]"


def test_a_name_beyond_plain_letters_is_found(session: Session, josie: Account) -> None:
    other = make_account(session, "Éva Ó Sé", email="eva@example.org")
    assert to_handles(session, actor_of(session, josie), "@Éva Ó Sé!") == f"@[{other.handle}]!"


def test_what_is_edited_reads_as_it_was_typed(session: Session, josie: Account, tomasz: Account) -> None:
    by, typed = actor_of(session, josie), "Ask @Tomasz Lind, and @Nobody Here."
    kept = to_handles(session, by, typed)
    assert tomasz.handle in kept
    assert to_names(session, by, kept) == typed


@settings(max_examples=40, suppress_health_check=[*NO_FAULT, HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="@ TomaszLindgren.’'s\n,[]", max_size=80))
def test_keeping_and_editing_again_changes_nothing_more(
    session: Session, josie: Account, tomasz: Account, text: str
) -> None:
    by = actor_of(session, josie)
    kept = to_handles(session, by, text)
    assert to_handles(session, by, to_names(session, by, kept)) == kept


def offered(browser: FlaskClient, begun: str) -> list[str]:
    """The names that are offered for what was begun."""
    answer = browser.get("/people/suggestions", query_string={"q": begun})
    assert answer.status_code == 200
    return [one["name"] for one in answer.json]


def test_names_are_offered_by_how_a_word_of_them_begins(hers: FlaskClient, tomasz: Account, session: Session) -> None:
    make_account(session, "Ann Tomas", email="ann@example.org")
    commit(session)
    assert offered(hers, "tom") == ["Ann Tomas", "Tomasz Lind"]
    assert offered(hers, "Tomasz  Li") == ["Tomasz Lind"]
    assert offered(hers, "masz") == offered(hers, "t") == offered(hers, "") == offered(hers, "T%") == []


def test_what_is_offered_is_read_back(hers: FlaskClient, tomasz: Account, session: Session) -> None:
    make_account(session, "Tomasz Lind", email="other@example.org")
    commit(session)
    assert offered(hers, "Tomasz") == []


def test_no_more_names_are_offered_than_one_can_look_over(hers: FlaskClient, session: Session) -> None:
    for n in range(SUGGESTIONS + 2):
        make_account(session, f"Noor {'Abcdefghijklmn'[n]}", email=f"noor{n}@example.org")
    commit(session)
    assert len(offered(hers, "noor")) == SUGGESTIONS


def test_strangers_are_offered_nobody(client: FlaskClient, tomasz: Account) -> None:
    assert client.get("/people/suggestions?q=tom").status_code in (303, 401)
