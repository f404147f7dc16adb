"""Two people join, talk, and find it again, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

TITLE = "What does a hall need before we arrive?"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_two_people_join_talk_and_find_it_again(server: Server, visitor: Visitor, javascript: bool) -> None:
    steward = visitor(javascript=javascript).new_page()
    steps.come_in(steward, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    link = steps.invite(steward, server.address, "Josie Calder")

    member = visitor(javascript=javascript, width=360).new_page()
    steps.come_in(member, link, "Josie Calder", "josie@example.org")
    steps.begin_discussion(member, server.address, TITLE, "Is there a piano, and *who* tuned it?")

    steward.goto(f"{server.address}/discussions")
    steward.get_by_role("link", name=TITLE).click()
    steps.reply(steward, "Ours has a kettle the size of a font.")

    assert server.catch_up()
    member.goto(f"{server.address}/search?q=kettle")
    member.get_by_role("link", name="Ruth Adeyemi").click()  # the answer, by who wrote it, under the discussion
    expect(member.get_by_text("Ours has a kettle")).to_be_visible()
    assert "#r-" in member.url

    stranger = visitor(javascript=javascript).new_page()
    answer = stranger.goto(member.url.split("#")[0])
    assert answer is not None and answer.status == 404
    stranger.goto(f"{server.address}/search?q=kettle")
    expect(stranger.get_by_text("Ours has a kettle")).to_have_count(0)


def test_a_used_invitation_leads_to_signing_in(server: Server, visitor: Visitor) -> None:
    link = steps.first_link(server.first_step)
    steps.come_in(visitor().new_page(), link, "Ruth Adeyemi", "ruth@example.org")
    late = visitor().new_page()
    late.goto(link)
    expect(late.get_by_role("heading", name="Sign in")).to_be_visible()
    late.get_by_label("E-mail").fill("ruth@example.org")
    late.get_by_label("Password", exact=True).fill(steps.PASSWORD)
    late.locator("main").get_by_role("button", name="Sign in").click()
    expect(late.get_by_role("link", name="Write up a gathering")).to_be_visible()


def test_what_is_being_written_survives_a_reload(server: Server, visitor: Visitor) -> None:
    page = visitor().new_page()
    steps.come_in(page, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    page.goto(f"{server.address}/ideas/new")
    page.get_by_label("Title").fill("A travelling press for village halls")
    page.get_by_label("Text", exact=True).fill("It fits through a single door with the bed off.")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.goto(f"{server.address}/ideas/new")
    expect(page.get_by_label("Title")).to_have_value("A travelling press for village halls")


def test_a_draft_is_kept_by_a_button_without_javascript(server: Server, visitor: Visitor) -> None:
    page = visitor(javascript=False).new_page()
    steps.come_in(page, steps.first_link(server.first_step), "Ruth Adeyemi", "ruth@example.org")
    page.goto(f"{server.address}/notes/new")
    page.get_by_label("Text", exact=True).fill("We met at the Kiln and talked about clay.")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("We met at the Kiln and talked about clay.")
