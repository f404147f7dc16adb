"""The record goes from one server to another as a file, by the pages alone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Visitor
from tests.server import Server, serving

pytestmark = pytest.mark.browser

TITLE = "The ferry is late again"
BODY = "The last boat left without the puppets."


def test_the_record_is_handed_over_as_a_file(server: Server, visitor: Visitor, tmp_path: Path) -> None:
    here = visitor().new_page()
    steps.come_in(here, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    steps.begin_discussion(here, server.address, TITLE, BODY)
    here.goto(f"{server.address}/exchange")
    here.get_by_role("link", name="For anybody").click()
    here.get_by_role("button", name="See what will be in it").click()
    with here.expect_download() as download:
        here.get_by_role("button", name="Download").click()
    bundle = tmp_path / download.value.suggested_filename
    download.value.save_as(bundle)

    folder = tmp_path / "second"
    folder.mkdir()
    with serving(folder) as second:
        address = second.address.split()[-1]
        there = visitor().new_page()
        steps.come_in(there, steps.first_link(second.first_step), "Idris Vaughan", "idris@example.org")
        there.goto(f"{address}/exchange")
        there.get_by_label("The bundle").set_input_files(bundle)
        there.get_by_role("button", name="Check it and show what is in it").click()
        there.get_by_role("button", name="Take it in").click()
        there.goto(f"{address}/exchange/servers")
        there.locator("main h3 a, main h2 a").first.click()
        there.get_by_role("button", name="Let it in without comparing").click()
        there.goto(f"{address}/discussions")
        there.get_by_role("link", name=TITLE).click()
        expect(there.get_by_text(BODY)).to_be_visible()
        expect(there.locator(".entry-head").get_by_text("Ruth Adeyemi")).to_be_visible()
