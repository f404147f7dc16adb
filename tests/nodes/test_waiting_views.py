"""What waits outside of one server, on pages: looked at safely, let in or discarded; and its limits."""

import io

from flask.testing import FlaskClient

from partnernet.core.db import db
from partnernet.nodes import known
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place


def outside(hall: Place, steward: FlaskClient) -> str:
    """Have what the hall wrote wait outside; the address of its page."""
    file = (io.BytesIO(hall.export("out.pn.zip").read_bytes()), "out.pn.zip")
    batch = steward.post("/exchange/imports", data={"bundle": file}, content_type="multipart/form-data").location
    steward.post(batch + "/apply")
    return f"/exchange/servers/{hall.node.id}"


def test_what_waits_is_said_by_kind_and_title_and_is_no_markup(hall: Place, steward: FlaskClient) -> None:
    hall.write(hall.person("Wren"), "<script>alert(1)</script> a lantern")
    here = outside(hall, steward)
    page = steward.get(here + "/waiting")
    assert "<script>alert" not in page.text
    said = words(page)
    assert "11 statements of" in said and "a lantern" in said and "4 discussions" in said


def test_what_waits_is_let_in_this_once(pier: Server, hall: Place, steward: FlaskClient) -> None:
    here = outside(hall, steward)
    assert steward.post(here + "/waiting", data={"let": "1"}).status_code == 303
    assert "9 statements that had waited came in" in words(steward.get(here))
    server = pier.inside(lambda: known.find(db.session(), hall.node.id))
    assert server.waiting == 0 and not server.node.admitted
    assert "Nothing of" in words(steward.get(here + "/waiting"))


def test_what_waits_is_discarded(pier: Server, hall: Place, steward: FlaskClient) -> None:
    here = outside(hall, steward)
    assert steward.post(here + "/waiting", data={"discard": "1"}).status_code == 303
    assert "9 statements discarded." in words(steward.get(here))
    assert pier.inside(lambda: known.find(db.session(), hall.node.id)).waiting == 0


def test_limits_are_kept_for_one_server_and_taken_back(pier: Server, hall: Place, steward: FlaskClient) -> None:
    here = outside(hall, steward)
    wrong = steward.post(here + "/quota", data={"ops_a_day": "-1", "megabytes": "x"})
    assert wrong.status_code == 422 and "above zero" in words(wrong) and 'value="x"' in wrong.text
    assert steward.post(here + "/quota", data={"ops_a_day": "500", "megabytes_a_day": "2"}).status_code == 303
    node = pier.inside(lambda: known.find(db.session(), hall.node.id)).node
    assert node.quota == {"ops_a_day": 500, "bytes_a_day": 2 << 20}
    assert 'value="500"' in steward.get(here + "/quota").text
    steward.post(here + "/quota", data={"ops_a_day": "", "megabytes_a_day": ""})
    assert pier.inside(lambda: known.find(db.session(), hall.node.id)).node.quota == {}
