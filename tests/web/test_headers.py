"""Headers: every answer carries them, whatever went well or wrong."""

from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from partnernet.core.db import commit, db, write
from partnernet.core.entry import Attachment, Entry
from partnernet.web.guard import may
from partnernet.web.headers import ALWAYS, CSP, FILE_CSP
from partnernet.web.static import asset, fingerprint
from tests.conftest import settings

DIRECTIVES = dict(part.strip().split(" ", 1) for part in CSP.split(";"))


def assert_guarded(answer: Any, csp: str = CSP) -> None:
    expected = ALWAYS | {"Content-Security-Policy": csp}
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert "Cache-Control" in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers
    if (answer.mimetype or "").startswith("text/") and answer.data:
        assert answer.mimetype_params.get("charset") == "utf-8"


def test_pages_and_redirects_carry_them(client: FlaskClient) -> None:
    for address, status in (("/discussions", 200), ("/drafts", 303), ("/favicon.ico", 200), ("/nowhere", 404)):
        for method in ("GET", "HEAD"):
            answer = client.open(address, method=method)
            assert answer.status_code == status
            assert_guarded(answer)


def test_static_files_carry_them(client: FlaskClient) -> None:
    for name in ("css/site.css", "js/app.js", "icons/icon.svg", "vendor/htmx.min.js"):
        assert_guarded(client.get(asset(name)))
    assert_guarded(client.get(f"/static/{fingerprint()}/nothing.js"))


def test_unchanged_answers_carry_them(client: FlaskClient) -> None:
    first = client.get(asset("js/theme.js"))
    answer = client.get(asset("js/theme.js"), headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 304
    assert_guarded(answer)


def test_refusals_carry_them(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    cross_site = {"Sec-Fetch-Site": "cross-site"}
    answers = {
        400: client.get("/discussions", headers={"Host": "evil.example"}),
        401: client.post("/discussions/new"),
        403: client.post("/discussions/new", headers=cross_site),
        404: client.get("/discussions/abcdefabcdef"),
        405: client.put("/discussions"),
        413: client.post("/login", data={"password": "x" * 2_000}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert_guarded(answer)


def test_mistakes_of_ours_carry_them(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/boom", "boom", may("anyone")(lambda: str(1 / 0)))
    app.add_url_rule("/teapot", "teapot", may("anyone")(lambda: abort(418)))
    for address, status in (("/boom", 500), ("/teapot", 418)):
        answer = client.get(address)
        assert answer.status_code == status
        assert_guarded(answer)


def test_a_file_is_served_in_a_sandbox_of_its_own(app: Flask, client: FlaskClient) -> None:
    import io

    stored = app.extensions["partnernet.files"].store(io.BytesIO(b"<script>alert(1)</script>"), 1_000)
    write()
    session = db.session()
    session.add(Entry(id="e" * 52, kind="note", log="public", node="n", by="p", ts=1, when=1))
    session.add(
        Attachment(
            entry="e" * 52, field="files", n=0, sha256=stored.sha256, name="a.html", type="text/html", size=25
        )
    )  # fmt: skip
    commit()
    answer = client.get(f"/files/{stored.sha256}")
    assert answer.data == b"<script>alert(1)</script>"
    assert_guarded(answer, FILE_CSP)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    again = client.get(f"/files/{stored.sha256}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert_guarded(again, FILE_CSP)
    part = client.get(f"/files/{stored.sha256}", headers={"Range": "bytes=900-"})
    assert part.status_code == 416
    assert_guarded(part)


def test_no_script_or_style_runs_that_is_not_a_file_of_ours() -> None:
    assert DIRECTIVES["default-src"] == "'none'"
    assert DIRECTIVES["script-src"] == DIRECTIVES["style-src"] == "'self'"
    assert DIRECTIVES["base-uri"] == DIRECTIVES["frame-ancestors"] == "'none'"
    assert "unsafe" not in CSP and "http" not in CSP and "*" not in CSP


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [("https://net.example.org", "max-age=31536000"), ("http://pi.local:8000", None)],
)
def test_browsers_are_told_to_keep_to_https_where_it_is_used(
    tmp_path: Any, base_url: str, expected: str | None
) -> None:
    from partnernet import create_app

    app = create_app(settings(tmp_path) | {"BASE_URL": base_url})
    answer = app.test_client().get("/login")
    assert answer.headers.get("Strict-Transport-Security") == expected
    with app.app_context():
        db.engine.dispose()
