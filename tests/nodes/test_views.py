"""The pages under /exchange/servers: pairing by card and words, rights, and alarms. For stewards only."""

import io
import json
import re

import pytest
from flask.testing import FlaskClient

from partnernet.core.db import commit, db
from partnernet.core.ledger.canonical import to_base32
from partnernet.core.policy import MEMBER
from partnernet.nodes import alarms, known
from partnernet.nodes.card import read_card
from partnernet.nodes.fingerprint import six_words
from partnernet.sync import schedule
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place
from tests.postgres import ON_POSTGRES
from tests.statements import counted

CARD = {"format": "partnernet-node/1", "network": "b" * 51 + "q", "name": "Four Tides", "server": "Northside Dance"}
RIGHTS = {"reads": "public", "writes": "everything"}


def card_of(place: Place) -> str:
    return json.dumps(CARD | {"node": place.node.id, "address": "https://north.example"})


def server_of(pier: Server, place: Place) -> known.Server:
    found: known.Server = pier.inside(lambda: known.find(db.session(), place.node.id))
    return found


@pytest.mark.parametrize("address", ["", "/card", "/new", "/own", "/abc", "/abc/words", "/abc/edit"])
def test_only_stewards_see_the_pages(pier: Server, address: str) -> None:
    member = pier.browser("wren@pier.example", "Wren Achebe", MEMBER)
    assert member.get("/exchange/servers" + address).status_code == 403
    assert pier.app.test_client().get("/exchange/servers" + address).status_code in (303, 404)


def test_an_empty_page_says_how_to_begin(steward: FlaskClient) -> None:
    said = words(steward.get("/exchange/servers"))
    assert "No other server yet" in said and "Pair with a server" in said and "PartnerNet" in said


def test_the_card_of_this_server_is_downloaded(pier: Server, steward: FlaskClient) -> None:
    steward.post("/exchange/servers/own", data={"name": "Salt House"})
    answer = steward.get("/exchange/servers/card")
    assert "attachment" in answer.headers["Content-Disposition"]
    card = read_card(answer.data)
    assert (card.node, card.server) == (pier.app.extensions["partnernet.node"].id, "Salt House")


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_card_leads_to_six_words_that_are_the_same_on_both_sides(
    pier: Server, hall: Place, steward: FlaskClient, way: str
) -> None:
    file = {"card": (io.BytesIO(card_of(hall).encode()), "card.json")}
    given = file if way == "file" else {"text": "\n" + card_of(hall) + "\n"}
    answer = steward.post("/exchange/servers/new", data=given, content_type="multipart/form-data")
    assert answer.location == f"/exchange/servers/{hall.node.id}/words"
    said = words(steward.get(answer.location))
    expected = six_words(hall.node.id, pier.app.extensions["partnernet.node"].id)
    assert all(word in said for word in expected) and "Northside Dance" in said
    assert not server_of(pier, hall).node.paired and server_of(pier, hall).writes == []
    assert "never compared" in words(steward.get(f"/exchange/servers/{hall.node.id}"))


def test_an_address_that_is_typed_beside_a_card_is_kept(pier: Server, hall: Place, steward: FlaskClient) -> None:
    given = {"text": card_of(hall), "address": "https://10.0.0.7", "private": "y"}
    assert steward.post("/exchange/servers/new", data=given).status_code == 303
    node = server_of(pier, hall).node
    assert (node.address, node.private) == ("https://10.0.0.7", True)


def test_confirming_writes_who_compared_and_gives_the_rights_that_were_chosen(
    pier: Server, hall: Place, steward: FlaskClient
) -> None:
    steward.post("/exchange/servers/new", data={"text": card_of(hall)})
    address = f"/exchange/servers/{hall.node.id}/words"
    nobody = steward.post(address, data=RIGHTS)
    assert nobody.status_code == 422 and "Give the name of the person there" in words(nobody)
    assert steward.post(address, data=RIGHTS | {"met": "Josie"}).status_code == 303
    server = server_of(pier, hall)
    assert server.node.paired and (server.writes, server.reads) == (["public", "network"], ["public"])
    assert "You compared six words with Josie on" in words(steward.get("/exchange/servers"))
    other = pier.browser("bea@pier.example", "Bea Thorne", "steward")
    assert "Ash Ferreira compared six words with Josie on" in words(other.get("/exchange/servers"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Bring the card as a file or as text"),
        ({"text": "{}"}, "This is not the card of a server"),
        ({"address": "north.example"}, "Give the whole address"),
        ({"address": "ftp://north.example"}, "Give the whole address"),
        ({"address": "https://[::1"}, "Nothing"),
    ],
)
def test_what_brings_no_card_is_said_beside_the_field_with_the_words_kept(
    steward: FlaskClient, given: dict[str, str], said: str
) -> None:
    answer = steward.post("/exchange/servers/new", data=given)
    assert answer.status_code == 422
    assert said in words(answer) or given.get("address", "").startswith("https://")
    assert all(value in answer.text.replace("&#34;", '"') for value in given.values())


def test_the_own_card_is_refused(pier: Server, steward: FlaskClient) -> None:
    own = steward.get("/exchange/servers/card").text
    answer = steward.post("/exchange/servers/new", data={"text": own})
    assert answer.status_code == 422 and "this very server" in words(answer)


def test_a_server_seen_in_a_bundle_is_let_in_stopped_and_let_in_again(
    pier: Server, hall: Place, steward: FlaskClient
) -> None:
    file = (io.BytesIO(hall.export("out.pn.zip").read_bytes()), "out.pn.zip")
    batch = steward.post("/exchange/imports", data={"bundle": file}, content_type="multipart/form-data").location
    steward.post(batch + "/apply")
    here = f"/exchange/servers/{hall.node.id}"
    said = words(steward.get("/exchange/servers"))
    assert "Not let in." in said and "9 statements wait outside" in said and "Seen in a bundle" in said
    assert steward.post(here + "/admission").status_code == 303
    said = words(steward.get(here))
    assert "is let in. 9 statements that had waited came in." in said and "Stop letting it in" in said
    assert steward.post(here + "/admission", data={"stop": "1"}).status_code == 303
    assert server_of(pier, hall).writes == [] and "is not let in any more" in words(steward.get(here))
    assert "Let it in without comparing" in words(steward.get(here))
    steward.post(here + "/words", data=RIGHTS | {"met": "Josie"})
    steward.post(here + "/admission", data={"stop": "1"})
    said = words(steward.get(here))
    assert "You compared six words with Josie" in said and "without comparing" not in said
    steward.post(here + "/admission", data={"writes": "public", "reads": "everything"})
    assert (server_of(pier, hall).writes, server_of(pier, hall).reads) == (["public"], ["public", "network"])


def test_a_server_nobody_heard_of_is_not_there(steward: FlaskClient) -> None:
    for act in ("admission", "edit", "words"):
        assert steward.post(f"/exchange/servers/{'a' * 52}/{act}", data=RIGHTS).status_code == 404


def test_its_name_and_address_are_changed(pier: Server, hall: Place, steward: FlaskClient) -> None:
    steward.post("/exchange/servers/new", data={"text": card_of(hall)})
    here = f"/exchange/servers/{hall.node.id}"
    twisted = steward.post(here + "/edit", data=RIGHTS | {"address": "https://ash:pw@north.example/?x"})
    assert twisted.status_code == 422 and "with nothing after the name" in words(twisted)
    wrong = steward.post(here + "/edit", data=RIGHTS | {"name": "The hall", "address": "north"})
    assert wrong.status_code == 422 and "The hall" in wrong.text and "Give the whole address" in words(wrong)
    given = RIGHTS | {"name": "The hall", "address": "http://10.0.0.7:8000", "private": "y"}
    assert steward.post(here + "/edit", data=given).status_code == 303
    node = server_of(pier, hall).node
    assert (node.name, node.address, node.private) == ("The hall", "http://10.0.0.7:8000", True)
    (box,) = re.findall(r'<input[^>]*name="private"[^>]*>', steward.get(here + "/edit").text)
    assert "checked" in box
    pier.inside(lambda: schedule.fail(db.session(), hall.node.id, "Nothing answers there."))
    steward.post(here + "/edit", data=given)
    assert "Nothing answers there." in steward.get(here + "/now").text
    steward.post(here + "/edit", data=given | {"address": "http://10.0.0.8:8000"})
    assert "Nothing answers there." not in steward.get(here + "/now").text


def test_what_a_card_says_is_text_and_no_markup(hall: Place, steward: FlaskClient) -> None:
    card = json.dumps(json.loads(card_of(hall)) | {"server": "<img src=x onerror=alert(1)>"})
    steward.post("/exchange/servers/new", data={"text": card})
    for page in ("", f"/{hall.node.id}", f"/{hall.node.id}/words"):
        assert "<img src=x" not in steward.get("/exchange/servers" + page).text


def test_alarms_are_shown_until_they_are_seen(pier: Server, steward: FlaskClient) -> None:
    def ring() -> int:
        alarms.raise_alarm(db.session(), alarms.RESTORED)
        commit()
        return alarms.unseen(db.session())[0].id

    number = pier.inside(ring)
    assert "This needs a look" in words(steward.get("/exchange/servers"))
    given = {"alarm": [str(number), "x", "99999999999999"]}
    assert steward.post("/exchange/servers/alarms/seen", data=given).status_code == 303
    assert "This needs a look" not in words(steward.get("/exchange/servers"))


@pytest.mark.parametrize("page", ["", "/{key}", "/{key}/words", "/{key}/waiting", "/network-key"])
def test_a_page_takes_the_same_few_statements_however_many_servers_there_are(
    pier: Server, hall: Place, steward: FlaskClient, page: str
) -> None:
    def more(start: int) -> None:
        for n in range(start, start + 20):
            key = to_base32(bytes([n]) * 32)
            known.hear_of(db.session(), [key])
            known.pair(db.session(), key, met="Josie", by=handle)
            alarms.raise_alarm(db.session(), alarms.COPIED, key)
        commit()

    steward.post("/exchange/servers/new", data={"text": card_of(hall)})
    handle = "p" + "a" * 26
    taken = []
    for start in (1, 30):
        pier.inside(lambda start=start: more(start))
        with pier.app.app_context(), counted() as statements:
            assert steward.get("/exchange/servers" + page.format(key=hall.node.id)).status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 8 + ON_POSTGRES  # where a reading transaction is begun by a statement
