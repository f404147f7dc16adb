"""What the page of a partner shows beside its card."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.entries.model import revise
from partnernet.people.model import Account
from tests.factories import actor_of, browser_of, make_account, make_entry, make_partner
from tests.statements import counted


def count_in(session: Session, who: Account, idea: Entry, value: bool = True) -> None:
    verbs.mark(session, actor_of(session, who), idea, "count_in", value)
    commit(session)


def test_it_lists_its_people_with_what_they_say_of_themselves(client: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    make_account(session, about="Asks about **floors**.", partner=partner.id, visibility="public")
    make_account(session, "Maren Oakes", about="Elsewhere.", visibility="public")
    page = client.get(f"/partners/{partner.id[:12]}").text
    assert "Josie Calder" in page and "Asks about floors." in page
    assert "Maren Oakes" not in page


def test_it_names_the_ideas_that_it_counts_itself_in_for(client: FlaskClient, session: Session) -> None:
    partner, other = make_partner(session), make_partner(session, "Sallow Mill")
    ours, theirs = (make_account(session, name, partner=of.id) for name, of in (("Jo", partner), ("Bo", other)))
    ideas = {
        title: make_entry(session, ours, "idea", visibility="public", title=title) for title in ("In", "Out", "Not")
    }
    for title, who, value in (("In", ours, True), ("Out", ours, True), ("Out", ours, False), ("Not", theirs, True)):
        count_in(session, who, ideas[title], value)
    page = client.get(f"/partners/{partner.id[:12]}").text
    counts_in = page.partition('aria-labelledby="ideas"')[2].partition("</section>")[0]
    assert ">In</a>" in counts_in and ">Out</a>" not in counts_in and ">Not</a>" not in counts_in


def test_an_idea_of_the_network_is_not_named_to_strangers(app: Flask, session: Session) -> None:
    partner = make_partner(session)
    josie = make_account(session, partner=partner.id)
    count_in(session, josie, make_entry(session, josie, "idea", title="Among us"))
    address = f"/partners/{partner.id[:12]}"
    assert "Among us" in browser_of(josie, session).get(address).text
    assert "Among us" not in app.test_client().get(address).text


def test_it_says_who_changed_the_card_last_to_those_who_may_know(app: Flask, session: Session) -> None:
    partner = make_partner(session)
    maren, josie = make_account(session, "Maren Oakes"), make_account(session)
    entry = session.get_one(Entry, partner.id)
    revise(session, entry, {"place": "Tarnby"}, list(entry.heads), by=actor_of(session, maren))
    commit(session)
    address = f"/partners/{partner.id[:12]}"
    member, stranger = browser_of(josie, session).get(address).text, app.test_client().get(address).text
    assert "Maren Oakes</a> changed this one last" in member
    assert "This one was changed last" in stranger and "Maren" not in stranger
    assert 'id="people"' not in member


def test_it_leads_to_everything_once_there_is_more(client: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    josie = make_account(session, partner=partner.id)
    for n in range(5):
        make_entry(session, josie, visibility="public", title=f"Thought {n}")
    address = f"/partners/{partner.id[:12]}"
    assert "See everything by" not in client.get(address).text
    make_entry(session, josie, visibility="public", title="One more")
    assert f'href="/entries?partner={partner.id}"' in client.get(address).text


def test_a_partner_without_any_field_has_a_page_that_says_what_belongs_there(app: Flask, session: Session) -> None:
    partner = make_partner(session, "Adrift")
    josie = browser_of(make_account(session), session)
    address = f"/partners/{partner.id[:12]}"
    assert "Say it on their card" in josie.get(address).text
    assert "Nobody has said yet what Adrift does" in app.test_client().get(address).text


def test_it_takes_the_same_few_statements_for_one_person_and_for_many(session: Session) -> None:
    partner = make_partner(session, about="A barn.")
    josie = make_account(session, partner=partner.id)
    browser, taken = browser_of(josie, session), []
    for more in (1, 12):
        for n in range(more):
            make_account(session, f"Person {more} {n}", password="", partner=partner.id)
            count_in(session, josie, make_entry(session, josie, "idea", title=f"Idea {more} {n}"))
        session.rollback()
        browser.get(f"/partners/{partner.id[:12]}")
        with counted() as statements:
            assert browser.get(f"/partners/{partner.id[:12]}").status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 6
