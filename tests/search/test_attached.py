"""What stands in attached files is found, with its page, by those who see the entry and by nobody else."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.ledger import verbs
from partnernet.core.ledger.node import NodeItself
from partnernet.search.cli import index_status
from partnernet.search.results import Hit
from partnernet.search.status import disagreements
from tests.extract.documents import docx, locked_pdf, pdf, pptx, xlsx
from tests.factories import own_node
from tests.search.attached import attach, described, put, read_files
from tests.search.cast import NETWORK, STRANGER, discuss, generation, ids, search, update

PDF = "application/pdf"


def only(session: Session, words: str) -> Hit:
    """The one hit for some words."""
    (hit,) = search(session, words).hits
    return hit


def indexed(session: Session) -> None:
    """Let everything be read and indexed."""
    read_files(session)
    update()


def with_pdf(session: Session, *pages: list[str], **values: str) -> str:
    """An entry with a PDF; the hash of that."""
    content = pdf(*pages)
    discuss(session, "What was on", files=[described("Programme 2026.pdf", content, PDF)], **values)
    return put(content)


def test_a_page_of_a_pdf_is_found_with_its_number_and_opens_there(session: Session) -> None:
    sha256 = with_pdf(session, ["Doors and kettles"], ["The herons of Inchmarrow"], ["Thanks"])
    indexed(session)
    hit = only(session, "herons")
    assert (hit.title, hit.heading) == ("What was on", "Programme 2026.pdf, page 2")
    assert hit.url == f"/files/{sha256}#page=2"
    assert hit.page_url.startswith("/discussions/") and hit.page_url.endswith(sha256[:12])
    assert hit.snippet == "The <mark>herons</mark> of Inchmarrow"


def test_what_an_entry_says_itself_still_leads_to_its_own_place(session: Session) -> None:
    with_pdf(session, ["Kettles"], body="## Birds\n\nAn egret came.")
    indexed(session)
    hit = only(session, "egret")
    assert (hit.in_file, hit.heading) == (None, "Birds") and hit.url.endswith("#h-birds")


def test_slides_and_sheets_are_named_as_such(session: Session) -> None:
    attach(session, "Talk", talk_pptx=pptx("Welcome", "Herons"), sums_xlsx=xlsx(Costs=[["Kettle", 45]]))
    indexed(session)
    assert only(session, "herons").heading == "talk.pptx, slide 2"
    assert only(session, "kettle").heading == "sums.xlsx, sheet “Costs”"


def test_another_file_leads_to_its_place_on_the_page_of_the_entry(session: Session, client: FlaskClient) -> None:
    attach(session, "Minutes", minutes_docx=docx(["The herons were heard"]))
    indexed(session)
    page, _, place = only(session, "herons").url.partition("#")
    assert f'id="{place}"' in client.get(page).get_data(as_text=True)


def test_a_file_of_a_reply_is_found_on_the_page_of_its_thread(session: Session, client: FlaskClient) -> None:
    entry = discuss(session, "Birds")
    content = b"The herons were heard"
    put(content)
    values = {"body": "See here", "files": [described("a.txt", content)]}
    verbs.create(session, NodeItself(own_node()), "reply", entry.log, values, under=entry)
    commit(session)
    indexed(session)
    hit = only(session, "herons")
    page, _, place = hit.url.partition("#")
    assert hit.is_part and f'id="{place}"' in client.get(page).get_data(as_text=True)


def test_a_file_is_found_by_its_name_whether_it_can_be_read_or_not(session: Session) -> None:
    attach(session, "Riders", access_rider_pdf=locked_pdf("x", ["Secret"]), song_mp3=b"la", plan_txt=b"Rooms")
    indexed(session)
    assert only(session, "song").heading == "song.mp3"
    assert only(session, "access").url.startswith("/discussions/")
    assert only(session, "plan").snippet == "Rooms"
    assert ids(session, "secret") == set()


def test_what_a_picture_shows_is_found(session: Session) -> None:
    picture = described("hall.webp", b"RIFF", "image/webp") | {"alt": "A kettle on a stove", "caption": "At Whitby"}
    discuss(session, "Warm", files=[picture])
    indexed(session)
    assert only(session, "stove").snippet == "A kettle on a <mark>stove</mark> At Whitby"
    assert only(session, "whitby").title == "Warm"


def test_a_file_that_comes_later_is_found_then(session: Session) -> None:
    discuss(session, "Late", files=[described("late.txt", b"Better late than herons")])
    indexed(session)
    assert ids(session, "herons") == set()
    put(b"Better late than herons")
    indexed(session)
    assert only(session, "herons").title == "Late"


def test_files_are_found_by_those_alone_who_see_the_entry(session: Session, client: FlaskClient) -> None:
    attach(session, "Ours", log="network", ours_txt=b"The herons of the network")
    indexed(session)
    assert search(session, "herons", NETWORK).count == 1
    assert (search(session, "herons", STRANGER).count, search(session, "ours.txt", STRANGER).count) == (0, 0)
    assert "heron" not in client.get("/search.json?q=network").get_data(as_text=True)


def test_the_same_file_of_two_entries_is_found_with_each(session: Session) -> None:
    one, two = attach(session, "One", a_txt=b"Herons"), attach(session, "Two", log="network", b_txt=b"Herons")
    indexed(session)
    assert ids(session, "herons") == {one.id, two.id}
    assert ids(session, "herons", STRANGER) == {one.id}


def test_a_file_that_is_taken_away_is_found_no_more(session: Session) -> None:
    entry = attach(session, "One", a_txt=b"Herons")
    indexed(session)
    verbs.edit(session, NodeItself(own_node()), entry, {"files": []})
    commit(session)
    indexed(session)
    assert ids(session, "herons") == set()


def test_after_a_redaction_no_word_of_the_file_is_left_in_the_index(app: Flask, session: Session) -> None:
    entry = attach(session, "Erased", erased_txt=b"The canaryfinch sings")
    attach(session, "Stays", stays_txt=b"A heron stands")
    indexed(session)
    folder: Path = app.config["INDEX"]
    assert b"canaryfinch" in held(folder)
    verbs.redact(session, NodeItself(own_node()), entry)
    commit(session)
    indexed(session)
    assert ids(session, "canaryfinch") == set()
    purge()
    assert b"canaryfinch" not in held(folder)


def purge() -> None:
    """Write out what was erased, as happens within the hour."""
    opened = generation()
    opened.refresh()
    opened.purge()


def held(folder: Path) -> bytes:
    """Every byte of the index."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_index_agrees_with_the_database_about_files(app: Flask, session: Session) -> None:
    attach(session, "Many", a_txt=b"Herons", b_pdf=pdf(["One"], ["Two"]), c_mp3=b"la", d_pdf=locked_pdf("x", ["y"]))
    indexed(session)
    assert disagreements(app) == []


def test_a_very_long_file_is_found_to_its_last_page(session: Session) -> None:
    attach(session, "Long", long_docx=docx(*([f"page {n}", "filler words " * 200] for n in range(199)), ["Herons"]))
    indexed(session)
    assert only(session, "herons").heading == "long.docx, page 200"


def test_a_file_is_read_in_its_own_language(session: Session) -> None:
    welsh = "Mae yna neuadd yn y pentref ac mae hi ar agor i bawb sydd yn gallu dod i helpu gyda ni yn y gwanwyn."
    attach(session, "A hall in Wales", neuadd_txt=welsh.encode())
    indexed(session)
    hit = only(session, "neuadd")
    assert hit.spoken == "cy" and hit.in_file is not None and hit.in_file.file.lang == "cy"


def test_the_page_of_search_links_the_file_and_the_entry(session: Session, client: FlaskClient) -> None:
    sha256 = with_pdf(session, ["Kettles"], ["Herons"])
    indexed(session)
    shown = client.get("/search?q=herons").get_data(as_text=True)
    assert f'href="/files/{sha256}#page=2">' in shown and "Programme 2026.pdf, page 2</a>" in shown
    assert 'href="/discussions/' in shown


def test_search_json_names_the_file_and_the_page(session: Session, client: FlaskClient) -> None:
    with_pdf(session, ["Kettles"], ["Herons"], body="An egret came.")
    indexed(session)
    (hit,) = client.get("/search.json?q=herons").get_json()["hits"]
    assert (hit["file"], hit["page"]) == ("Programme 2026.pdf", 2)
    (hit,) = client.get("/search.json?q=egret").get_json()["hits"]
    assert "file" not in hit and "page" not in hit


def test_an_entry_says_quietly_which_of_its_files_cannot_be_searched(session: Session, client: FlaskClient) -> None:
    entry = attach(session, "Locked", rider_pdf=locked_pdf("x", ["Secret"]), plan_txt=b"Rooms")
    address = f"/discussions/{entry.short}"
    before = client.get(address)
    assert "cannot be searched" not in before.get_data(as_text=True)
    indexed(session)
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]}).get_data(as_text=True)
    assert after.count("Its text cannot be searched: it is locked with a password.") == 1


@pytest.mark.parametrize("as_json", [False, True])
def test_the_status_counts_files(app: Flask, session: Session, as_json: bool) -> None:
    attach(session, "Some", rider_pdf=locked_pdf("x", ["Secret"]), plan_txt=b"Rooms")
    discuss(session, "Late", files=[described("late.txt", b"Late")])
    indexed(session)
    said = CliRunner().invoke(index_status, ["--json"] if as_json else []).output
    if as_json:
        assert '"files": {"read": 1, "waiting": 1, "unreadable": 1}' in said
    else:
        assert "Files: the text of 1 is searched, 1 wait to be read or to come, 1 cannot be read." in said
        assert "rider.pdf: Its text cannot be searched: it is locked with a password." in said
