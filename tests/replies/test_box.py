"""The reply box that stands under every entry is the form of replies, written out."""

import re

from flask import Flask

from partnernet.entries.form import ReplyForm


def plain(html: str) -> str:
    """Markup without the white space between its parts."""
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html.strip()))


def test_the_box_under_an_entry_is_what_the_form_makes(app: Flask) -> None:
    env = app.jinja_env
    with app.test_request_context():
        for words in ("", "half a <thought>"):
            form = ReplyForm(data={"body": words})
            made = env.get_template("replies/_fields.html").render(form=form)
            written = env.get_template("replies/_box.html").render(words=words)
            assert plain(written) == plain(made)
