"""Who wrote something, as different readers may know it."""

from types import SimpleNamespace

from sqlalchemy import event
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import SigningKey
from partnernet.people import accounts, cards
from partnernet.people.names import ELSEWHERE, FORMER, MEMBER, SERVER, byline, names, pairs_of
from tests.factories import actor_of, card_of, make_account, make_network, make_partner, own_node

OTHER = SigningKey.from_seed(b"o" * 32).public


def test_a_member_sees_the_name_and_the_partner(session: Session) -> None:
    partner = make_partner(session)
    josie = make_account(session, partner=partner.id)
    make_account(session, "Noise Maker")
    name = names(session, actor_of(session, josie), [(own_node().id, josie.handle)])[(own_node().id, josie.handle)]
    assert (name.text, name.partner_text) == ("Josie Calder", "Wether Fell Youth Dance")
    assert name.url == f"/people/{josie.card[:12]}-josie-calder"
    assert name.partner_url == f"/partners/{partner.id[:12]}-wether-fell-youth-dance"


def test_a_stranger_sees_the_partner_where_the_card_is_open_to_the_network_only(session: Session) -> None:
    partner = make_partner(session)
    pair = (own_node().id, make_account(session, partner=partner.id).handle)
    assert names(session, None, [pair])[pair].text == "Wether Fell Youth Dance"


def test_a_stranger_sees_a_member_where_there_is_no_partner_either(session: Session) -> None:
    pair = (own_node().id, make_account(session).handle)
    assert names(session, None, [pair])[pair] == MEMBER


def test_a_stranger_sees_the_name_of_a_card_that_is_open_to_everybody(session: Session) -> None:
    pair = (own_node().id, make_account(session, visibility="public").handle)
    assert names(session, None, [pair])[pair].text == "Josie Calder"


def test_whoever_has_left_is_a_former_member_to_all(session: Session) -> None:
    josie, reader = make_account(session), make_account(session, "Samira Khan")
    pair = (own_node().id, josie.handle)
    accounts.leave(session, josie, by=actor_of(session, josie))
    commit(session)
    assert names(session, actor_of(session, reader), [pair])[pair] == FORMER
    assert names(session, None, [pair])[pair] == FORMER


def test_whoever_left_after_moving_their_card_is_a_former_member(session: Session) -> None:
    josie = make_account(session)
    pair = (own_node().id, josie.handle)
    for visibility in ("public", "network"):
        by = actor_of(session, josie)
        cards.reword(session, josie, {"name": "Josie Calder", "partner": "", "about": ""}, visibility, by=by)
        commit(session)
    assert names(session, actor_of(session, josie), [pair])[pair].text == "Josie Calder"
    accounts.leave(session, josie, by=actor_of(session, josie))
    commit(session)
    assert names(session, None, [pair])[pair] == FORMER


def test_a_person_whose_card_has_not_arrived_is_somebody_at_another_server(session: Session) -> None:
    josie = make_account(session)
    pair = (OTHER, josie.handle)
    found = names(session, actor_of(session, josie), [pair])
    assert found[pair] == ELSEWHERE


def test_the_node_itself_goes_by_the_name_of_the_network(session: Session) -> None:
    node = own_node().id
    assert names(session, None, [(node, "node")])[(node, "node")] == SERVER
    make_network(session)
    known = names(session, None, [(node, "node"), (OTHER, "node")])
    assert known[(node, "node")].text == "PartnerNet"
    assert known[(OTHER, "node")].text == "PartnerNet"


def test_loaded_history_is_signed_with_its_credit(session: Session) -> None:
    make_network(session)
    node = own_node().id
    known = names(session, None, [(node, "node")])
    name = byline(SimpleNamespace(node=node, by="node", credit="Poster 12"), known)
    assert (name.text, name.partner_text) == ("Poster 12", "brought in by PartnerNet")


def test_a_page_full_of_names_takes_one_query(session: Session) -> None:
    make_network(session)
    people = [make_account(session, f"Person {n}") for n in range(12)]
    pairs = [(own_node().id, person.handle) for person in people] + [(own_node().id, "node")]
    reader = actor_of(session, people[0])
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert len(names(session, reader, pairs)) == 13
    assert len([statement for statement in statements if "pragma" not in statement.lower()]) == 1


def test_everybody_mentioned_is_asked_for(session: Session) -> None:
    josie, samira = make_account(session), make_account(session, "Samira Khan")
    by = actor_of(session, josie)
    verbs.edit(session, by, card_of(session, josie), {"about": "x"})
    entry = SimpleNamespace(node=by.node.id, by=by.handle, body=f"Thank you @[{samira.handle}]!")
    assert pairs_of([entry]) == {(by.node.id, by.handle), (by.node.id, samira.handle)}
