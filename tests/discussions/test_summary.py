"""The living summary: what is settled, what is still open, and who kept it last."""

import re

import pytest
from flask.testing import FlaskClient

from partnernet.core import text
from partnernet.discussions.summary import summary
from tests.entries.forms import heads, share
from tests.replies.test_views import send


@pytest.mark.parametrize(
    ("source", "settled", "questions"),
    [
        ("A door.", "A door.", []),
        ("A door.\n\n? Who pays?\n? And *when*?", "A door.", ["Who pays?", "And <em>when</em>?"]),
        ("?Who pays?\n\nA door.", "A door.", ["Who pays?"]),
        ("A door.\n? Who pays?", "A door.\n? Who pays?", []),
        ("? **Who pays\n? And when?**", "? Who pays\n? And when?", []),
        ("?", "?", []),
        ("- ? In a list", "? In a list", []),
        ("", "", []),
    ],
)
def test_lines_that_begin_with_a_question_mark_are_still_open(source: str, settled: str, questions: list[str]) -> None:
    found = summary(text.render(source))
    assert re.sub(r"<[^>]+>", "", found.settled).strip() == settled
    assert found.open == questions


def test_the_page_says_who_kept_it_last_and_after_which_reply(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    send(hers, address)
    page = hers.get(address).text
    assert (
        "Nobody has summed this up yet." in page and "Say where you have got to" in page and "living__head" not in page
    )
    seen = heads(his, f"{address}/summary")
    his.post(f"{address}/summary", data={"summary": "A door.\n\n? <Who> pays?", "heads": seen})
    page = re.sub(r"\s+", " ", re.sub(r"</?(time|bdi)[^>]*>", "", hers.get(address).text))
    assert "Last changed today by Tomasz Lind, after reply 1." in page
    assert "<span>Still open</span>" in page and "&lt;Who&gt; pays?" in page


def test_strangers_are_not_asked_to_sum_up(hers: FlaskClient, client: FlaskClient) -> None:
    address = share(hers, "discussion", visibility="public")
    page = client.get(address).text
    assert "summed this up" not in page and "/summary" not in page
