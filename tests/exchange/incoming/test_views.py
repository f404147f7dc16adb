"""The pages under /exchange: download, upload, look first, then decide. For stewards only."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from partnernet.core.db import commit, db
from partnernet.core.errors import Conflict
from partnernet.core.policy import MEMBER, STEWARD
from partnernet.exchange.incoming import stage, views
from partnernet.exchange.incoming.views import waiting
from partnernet.nodes.admit import admit
from tests.exchange.nodes import Server, words
from tests.exchange.places import FORMS, POSTER, Place, lines_of


@pytest.fixture
def steward(pier: Server) -> FlaskClient:
    return pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)


def upload(browser: FlaskClient, path: Path, name: str = "") -> Any:
    file = (io.BytesIO(path.read_bytes()), name or path.name)
    return browser.post("/exchange/imports", data={"bundle": file}, content_type="multipart/form-data")


@pytest.mark.parametrize("address", ["/exchange", "/exchange/imports/abc"])
def test_only_stewards_see_the_pages(pier: Server, address: str) -> None:
    member = pier.browser("wren@pier.example", "Wren Achebe", MEMBER)
    assert member.get(address).status_code == 403
    assert pier.app.test_client().get(address).status_code in (303, 404)


@pytest.mark.parametrize("address", ["export", "imports", "imports/abc/apply", "imports/abc/set-aside"])
def test_only_stewards_change_anything(pier: Server, address: str) -> None:
    member = pier.browser("wren@pier.example", "Wren Achebe", MEMBER)
    assert member.post(f"/exchange/{address}").status_code == 403
    assert pier.app.test_client().post(f"/exchange/{address}").status_code in (401, 404)


def test_an_empty_exchange_says_how_to_begin(steward: FlaskClient) -> None:
    said = words(steward.get("/exchange"))
    assert "Nothing was handed over yet" in said and "Bring a bundle in" in said


@pytest.mark.parametrize("form", FORMS)
def test_a_bundle_is_downloaded_whole(hall: Place, pier: Server, steward: FlaskClient, form: str) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    answer = steward.post("/exchange/export", data={"logs": "everything", "form": form, "note": ""})
    assert answer.status_code == 200
    assert f'{form}"' in answer.headers["Content-Disposition"] + '"'
    path = pier.folder / f"got{form}"
    path.write_bytes(answer.data)
    assert set(lines_of(hall.folder / "in.pn.zip")) < set(lines_of(path))
    assert (POSTER in answer.data) == (form == ".pn.zip")
    answer.close()
    assert list((pier.folder / "exports").iterdir()) == []


def test_a_form_that_is_not_offered_is_refused_with_the_words_kept(steward: FlaskClient) -> None:
    answer = steward.post("/exchange/export", data={"logs": "all of it", "form": ".exe", "note": "My own words"})
    assert answer.status_code == 422 and "My own words" in answer.text


def test_an_upload_is_shown_then_taken_in(hall: Place, pier: Server, steward: FlaskClient) -> None:
    answer = upload(steward, hall.export("out.pn.zip", note="From the hall"))
    assert answer.status_code == 303
    page = steward.get(answer.location)
    said = words(page)
    assert "nothing has been changed yet" in said and "New people: Josie Calder, Wren Achebe." in said
    assert "Waiting outside: 9 statements" in said and "From the hall" in said
    assert "Accounts, e-mail addresses" in said
    assert pier.inside(lambda: len(waiting(db.session()))) == 1
    done = steward.post(answer.location + "/apply")
    assert done.status_code == 303 and done.location == answer.location
    assert "9 statements waiting for a steward" in words(steward.get(done.location))
    assert pier.inside(lambda: waiting(db.session())) == []
    assert list((pier.folder / "imports").iterdir()) == []
    for late in ("/apply", "/set-aside"):
        again = steward.post(answer.location + late)
        assert again.status_code == 303 and again.location == answer.location
        assert "9 statements waiting for a steward" in words(steward.get(again.location))


def test_set_aside_leaves_nothing_but_the_note_of_it(hall: Place, pier: Server, steward: FlaskClient) -> None:
    address = upload(steward, hall.export("out.pn.zip")).location
    assert steward.post(address + "/set-aside").status_code == 303
    assert "Set aside; nothing was changed." in words(steward.get("/exchange"))
    assert list((pier.folder / "imports").iterdir()) == []
    assert steward.post(address + "/apply").location == address
    said = words(steward.get(address))
    assert "set aside on" in said and "New people" not in said


@pytest.mark.parametrize("decided", ["/apply", "/set-aside"])
def test_whoever_presses_a_moment_too_late_is_shown_what_became_of_it(
    decided: str, hall: Place, pier: Server, steward: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = upload(steward, hall.export("out.pn.zip")).location

    def too_late(*args: object, **named: object) -> None:
        raise Conflict("This import is over.")

    monkeypatch.setattr(views.apply, "apply", too_late)
    monkeypatch.setattr(views.stage, "set_aside", too_late)
    answer = steward.post(address + decided)
    assert answer.status_code == 303 and answer.location == address


def another(pier: Server) -> FlaskClient:
    """A browser of a second steward."""
    return pier.browser("bo@pier.example", "Bo Lindqvist", STEWARD)


def test_the_same_file_of_one_person_waits_once(hall: Place, pier: Server, steward: FlaskClient) -> None:
    path = hall.export("out.pn.zip")
    first, again = (upload(steward, path, name).location for name in ("", "copy.pn.zip"))
    assert first == again and pier.inside(lambda: len(waiting(db.session()))) == 1
    assert "Things have changed here since" not in words(steward.get(first))
    assert upload(another(pier), path).location != first


def test_a_preview_says_what_has_changed_and_is_made_anew(hall: Place, pier: Server, steward: FlaskClient) -> None:
    path = hall.export("out.pn.zip")
    old = upload(steward, path).location
    pier.inside(lambda: (admit(db.session(), [hall.node.id]), commit()))
    said = words(steward.get(old))
    assert "Things have changed here since" in said and "Waiting outside: 9 statements" in said
    new = upload(steward, path).location
    said = words(steward.get(new))
    assert "Things have changed here since" not in said and "New here: " in said
    assert steward.get(old).status_code == 404 and pier.inside(lambda: len(waiting(db.session()))) == 1
    assert [folder.name for folder in (pier.folder / "imports").iterdir()] == [new.rpartition("/")[2]]
    steward.post(new + "/apply")
    assert "Things have changed here since" not in words(steward.get(new))
    assert pier.inside(lambda: stage.give_way(db.session(), new.rpartition("/")[2])) is False


@pytest.mark.parametrize("what", ["half of it", "a photograph"])
def test_what_is_no_whole_zip_file_is_to_be_asked_for_again(what: str, hall: Place, steward: FlaskClient) -> None:
    path = hall.export("out.pn.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if what == "half of it" else b"\x89PNG\r\n\x1a\n" + bytes(3_000))
    answer = upload(steward, path)
    assert answer.status_code == 422
    assert "The zip file is damaged or cut off; please ask for the bundle again." in words(answer)


def test_only_a_bundle_that_says_what_it_holds_is_said_to_be_whole(hall: Place, steward: FlaskClient) -> None:
    said = {form: words(steward.get(upload(steward, hall.export("out" + form)).location)) for form in FORMS}
    assert [form for form in FORMS if "It arrived whole and undamaged." in said[form]] == [".pn.zip", ".pn.json"]
    assert "whether all of it is here, a file of this kind cannot say" in said[".pn.jsonl"]


def test_a_damaged_upload_says_which_entry_beside_the_field(hall: Place, pier: Server, steward: FlaskClient) -> None:
    path = hall.export("out.pn.jsonl")
    path.write_bytes(path.read_bytes().replace(b"Friday", b"Sunday"))
    answer = upload(steward, path)
    assert answer.status_code == 422
    assert "line 6 is bad. The text of a statement has been altered." in words(answer)
    assert list((pier.folder / "imports").iterdir()) == []


def test_no_file_and_a_file_of_another_kind_are_said_so(hall: Place, steward: FlaskClient) -> None:
    nothing = steward.post("/exchange/imports", data={}, content_type="multipart/form-data")
    assert nothing.status_code == 422 and "choose the file" in words(nothing)
    other = upload(steward, hall.export("out.pn.zip"), "minutes.docx")
    assert other.status_code == 422 and "minutes.docx" in words(other)


def test_what_is_here_already_is_said_at_once(hall: Place, pier: Server, steward: FlaskClient) -> None:
    out = hall.export("out.pn.zip")
    pier.run("import", str(out), "--yes")
    answer = upload(steward, out)
    assert answer.location == "/exchange" and "is here already" in words(steward.get("/exchange"))


def test_an_upload_over_the_limit_is_refused(hall: Place, pier: Server, steward: FlaskClient) -> None:
    pier.app.config["BUNDLE_LIMIT"] = 1_000
    answer = upload(steward, hall.export("out.pn.zip"))
    assert answer.status_code == 413 and "partnernet import" in words(answer)
    assert list((pier.folder / "imports").iterdir()) == []


def test_what_a_bundle_says_of_itself_is_text_and_no_markup(hall: Place, steward: FlaskClient) -> None:
    hall.person("<img src=x onerror=alert(1)>")
    out = hall.export("out.pn.zip", note="<script>alert(1)</script>")
    answer = upload(steward, out, "<b>bold</b>.pn.zip")
    page = steward.get(answer.location).text
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>bold" not in page


def test_the_preview_says_how_well_the_sender_is_known(hall: Place, pier: Server, steward: FlaskClient) -> None:
    first = upload(steward, hall.export("out.pn.zip"))
    steward.post(first.location + "/apply")
    hall.write(hall.person("Ash Ferreira"), "Next")
    said = words(steward.get(upload(steward, hall.export("next.pn.zip")).location))
    assert "Seen in a bundle on" in said and "never compared" in said


def test_a_bundle_that_waits_twice_is_said_to_have_come_once(hall: Place, pier: Server, steward: FlaskClient) -> None:
    def let_in() -> None:
        admit(db.session(), [hall.node.id])
        commit()

    pier.inside(let_in)
    path = hall.export("out.pn.zip")
    first, second = (upload(browser, path).location for browser in (steward, another(pier)))
    steward.post(first + "/apply")
    steward.post(second + "/apply")
    said = words(steward.get(second))
    assert "There is nothing in it that is not here already." in said and "What happens next" not in said
    log = words(steward.get("/exchange/log"))
    assert log.count(": 0 things.") == 1 and log.count(" new") == 1
