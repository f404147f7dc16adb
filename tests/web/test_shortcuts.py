"""The list of keys: a page that needs no script, and the sheet over any other."""

from flask.testing import FlaskClient

from tests.test_architecture import ROOT


def test_the_keys_are_a_page_that_every_page_leads_to(client: FlaskClient) -> None:
    assert 'href="/shortcuts"' in client.get("/").text
    page = client.get("/shortcuts").text
    assert page.startswith("<!doctype html>") and "<kbd>/</kbd>" in page


def test_the_sheet_is_the_list_alone_with_a_heading(client: FlaskClient) -> None:
    sheet = client.get("/shortcuts", headers={"HX-Request-Type": "partial"}).text
    assert "<kbd>/</kbd>" in sheet and 'id="shortcuts-title"' in sheet and "<html" not in sheet


def test_every_key_of_the_script_is_in_the_list(client: FlaskClient) -> None:
    page = client.get("/shortcuts").text
    script = (ROOT / "static" / "js" / "behaviours" / "shortcuts.js").read_text()
    table = script.partition("const keys = {")[2].partition("\n};")[0]
    keys = [line.strip().split(":")[0].strip('"') for line in table.splitlines() if line.strip()]
    assert len(keys) >= 7
    assert not [key for key in keys if f"<kbd>{key}</kbd>" not in page]
