"""Replying without leaving the page: from the box under an entry, and from beneath a reply."""

import io
import re

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from partnernet.core.entry import Entry
from tests.entries.forms import errors, heads, share, written
from tests.factories import read_again
from tests.replies.test_views import send, to

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_the_box_comes_back_empty_with_the_reply_in_its_place(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    send(his, address)
    answer = hers.post(to(address), data={"body": "A *kettle*."}, headers=PARTIAL)
    assert answer.status_code == 200 and "<html" not in answer.text
    box, _, new = answer.text.partition('<hx-partial hx-target="#sent" hx-swap="beforeend strip:true">')
    assert 'id="reply"' in box and written(box) == "" and f'hx-post="{to(address)}"' in box
    assert "<em>kettle</em>" in new and "autofocus" in new and 'data-announce="Your reply is there."' in new
    assert '<hx-partial hx-target="#replies" hx-swap="innerHTML">2 replies</hx-partial>' in new
    page = hers.get(address).text
    assert "<em>kettle</em>" in page and "Your reply is there." not in page and "autofocus" not in page
    assert 'id="sent"' in page and 'id="replies"' in page


def test_an_empty_reply_keeps_its_words_in_the_box(hers: FlaskClient, session: Session) -> None:
    address = share(hers, "discussion")
    wrong = {"body": "Half a thought", "files": [(io.BytesIO(b"MZ"), "virus.exe")]}
    answer = hers.post(to(address), data=wrong, headers=PARTIAL)
    assert answer.status_code == 422 and written(answer.text) == "Half a thought"
    assert answer.text.lstrip().startswith('<form class="editor row" id="reply"') and errors(answer.text)
    read_again(session)
    assert session.scalar(select(func.count()).where(Entry.kind == "reply")) == 0


def test_an_answer_stands_beneath_what_it_answers(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    first = send(his, address)
    short = first.split("/")[2]
    form = hers.get(to(first), headers=PARTIAL).text
    assert form.lstrip().startswith(f'<form class="flow" id="answer-{short}"') and f'id="body-{short}"' in form
    assert "autofocus" in form and 'id="body"' not in form
    assert written(hers.get(f"{to(first)}?quote", headers=PARTIAL).text) == "> A door.\n\n"
    answer = hers.post(to(first), data={"body": "How wide?"}, headers=PARTIAL).text
    above, new = re.findall(r'<li class="reply[^>]*>', answer)
    assert f'id="r-{short}"' in above and "autofocus" not in above
    assert "reply--nested" in new and "autofocus" in new and "to Tomasz" in answer
    refused = hers.post(to(first), data={"body": ""}, headers=PARTIAL)
    assert refused.status_code == 422 and f'id="answer-{short}"' in refused.text and "Write something" in refused.text


def test_a_reply_is_changed_in_place(hers: FlaskClient, his: FlaskClient) -> None:
    address = share(hers, "discussion")
    reply = send(his, address)
    short = reply.split("/")[2]
    form = his.get(f"{reply}/edit", headers=PARTIAL).text
    assert form.lstrip().startswith("{#") is False and f'id="change-{short}"' in form and written(form) == "A door."
    seen = heads(his, f"{reply}/edit")
    refused = his.post(f"{reply}/edit", data={"body": "", "heads": seen}, headers=PARTIAL)
    assert refused.status_code == 422 and f'id="change-{short}"' in refused.text
    answer = his.post(f"{reply}/edit", data={"body": "A window.", "heads": seen}, headers=PARTIAL)
    assert answer.status_code == 200 and 'data-announce="Saved."' in answer.text and "A window." in answer.text
    assert "A window." in hers.get(address).text
    assert hers.get(f"{reply}/edit", headers=PARTIAL).status_code == 403


def test_a_reply_with_files_is_changed_on_a_page_of_its_own(hers: FlaskClient) -> None:
    address = share(hers, "discussion")
    plain, filed = send(hers, address), send(hers, address, files=[(io.BytesIO(b"x"), "list.txt")])
    page = hers.get(address).text
    assert f'hx-get="{plain}/edit"' in page and f'hx-get="{filed}/edit"' not in page
    assert f'href="{filed}/edit"' in page
