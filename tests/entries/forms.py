"""What browsers send with the forms of entries, and what they read out of pages."""

import io
import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from PIL import Image

KINDS = ("news", "idea", "discussion", "note")
PLURALS = {"news": "news", "idea": "ideas", "discussion": "discussions", "note": "notes"}

WORDS: dict[str, dict[str, Any]] = {
    "news": {"standfirst": "A week in the hall.", "learning": "Measure the door", "link": "", "picture_alt": ""},
    "idea": {"stage": "define"},
    "discussion": {},
    "note": {"held": "2026-03-05", "host": "", "place": "Brackwater"},
}


def form(kind: str, **changed: Any) -> dict[str, Any]:
    """A whole form of a kind."""
    given = {"title": "The press by milk van", "body": "It rained.", "visibility": "network", "tags": ""}
    return given | WORDS[kind] | changed


def share(browser: FlaskClient, kind: str, **changed: Any) -> str:
    """Share something; its address."""
    answer = browser.post(f"/{PLURALS[kind]}/new", data=form(kind, **changed))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def heads(browser: FlaskClient, address: str) -> str:
    """The heads that a form was made from."""
    found = re.search(r'name="heads"[^>]*value="([^"]*)"', browser.get(address, follow_redirects=True).text)
    assert found
    return found[1]


def written(page: str, name: str = "body") -> str:
    """What stands in the text area of a form."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def errors(page: str) -> dict[str, str]:
    """What stands beside the fields, by field."""
    found = re.findall(r'id="([a-z_]+)-error">.*?<span>(.*?)</span></span>', page, re.DOTALL)
    return {name: unescape(sentence) for name, sentence in found}


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> io.BytesIO:
    """A picture, as a file."""
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    made.seek(0)
    return made


def without_marks(page: str) -> str:
    """A page without the marks around words that differ."""
    return re.sub(r"</?mark[^>]*>", "", page)
