"""Static files: addresses that change with their content, one joined style sheet, and nothing outside."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from partnernet.config import assets
from partnernet.web.static import FOREVER, asset, fingerprint, joined_css, joined_js

OUTSIDE = [
    "../pyproject.toml", "..%2fpyproject.toml", "%2e%2e/pyproject.toml", "css/../../pyproject.toml",
    "css/..%2f..%2fpyproject.toml", "/etc/passwd", "%2fetc%2fpasswd", "....//pyproject.toml",
    "..%5cpyproject.toml", "css", "css/", "", "js/app.js%00.css", "~root",
]  # fmt: skip


def test_a_file_is_kept_by_browsers_for_good(client: FlaskClient) -> None:
    answer = client.get(asset("js/theme.js"))
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.data == (assets("static") / "js" / "theme.js").read_bytes()


def test_content_under_an_older_address_is_not_kept_for_good(client: FlaskClient) -> None:
    answer = client.get("/static/0123456789ab/js/app.js")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


def test_pages_name_the_address_of_this_content(client: FlaskClient) -> None:
    named = re.findall(r"/static/([^/]+)/", client.get("/discussions").text)
    assert named and set(named) == {fingerprint()}


def test_another_byte_is_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnernet.web.static.assets", lambda name: tmp_path)
    seen = set()
    for content in ("a", "b"):
        (tmp_path / "x.css").write_text(content)
        fingerprint.cache_clear()
        seen.add(fingerprint())
    (tmp_path / "x.css").rename(tmp_path / "y.css")
    fingerprint.cache_clear()
    seen.add(fingerprint())
    monkeypatch.undo()
    fingerprint.cache_clear()
    assert len(seen) == 3


def test_the_style_sheet_comes_in_one_piece_and_in_order(client: FlaskClient) -> None:
    text = client.get(asset("css/site.css")).text
    assert text == joined_css() and "@import" not in text
    source = (assets("static") / "css" / "site.css").read_text(encoding="utf-8")
    places = [
        text.index((assets("static") / "css" / name).read_text(encoding="utf-8").strip())
        for name in re.findall(r'@import url\("([^"]+)"\)', source)
    ]
    assert len(places) > 10 and places == sorted(places)


def test_the_scripts_come_in_one_piece_each_after_those_that_it_needs(client: FlaskClient) -> None:
    text = client.get(asset("js/app.js")).text
    assert text == joined_js() and not re.search(r"^(import|export)\b", text, re.MULTILINE)
    folder = assets("static") / "js"
    modules = [path for path in folder.rglob("*.js") if path != folder / "theme.js"]
    assert len(modules) > 5 and text.count(" = (() => {") == len(modules)
    for path in modules:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.startswith(("import ", "export ")) or line in text, f"{path.name}: {line}"
    needs = re.findall(r"^const \{[^}]*\} = (module\d+);$", text, re.MULTILINE)
    assert needs
    for name in set(needs):
        assert text.index(f"const {name} = (()") < text.index(f"}} = {name};")


def test_what_the_style_sheet_names_is_found_beside_it(client: FlaskClient) -> None:
    names = set(re.findall(r'url\("\.\./([^"#]+)"\)', joined_css()))
    assert names
    assert {client.get(asset(name)).status_code for name in names} == {200}


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_outside_the_folder_is_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{fingerprint()}/{name}", follow_redirects=True)
    assert answer.status_code == 404
    assert b"hatchling" not in answer.data and b"root:" not in answer.data


def test_types_are_what_browsers_need(client: FlaskClient) -> None:
    types = {"css/site.css": "text/css", "js/app.js": "text/javascript", "icons/icon.svg": "image/svg+xml"}
    assert {name: client.get(asset(name)).mimetype for name in types} == types
    assert client.get("/favicon.ico").mimetype == "image/x-icon"
