"""What we did not write ourselves: each file is listed, unchanged, licensed and in use."""

import json
import re
from hashlib import sha384
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
LISTED = json.loads((STATIC / "vendor" / "vendor.json").read_text())


@pytest.mark.parametrize("entry", LISTED, ids=[entry["file"] for entry in LISTED])
def test_a_listed_file_is_the_one_that_was_brought_in(entry: dict[str, str | int]) -> None:
    content = (STATIC / str(entry["file"])).read_bytes()
    assert (len(content), sha384(content).hexdigest()) == (entry["bytes"], entry["sha384"])


@pytest.mark.parametrize("entry", LISTED, ids=[entry["file"] for entry in LISTED])
def test_a_listed_file_names_its_source_and_has_its_licence_beside_it(entry: dict[str, str | int]) -> None:
    assert re.fullmatch(r"npm:@?[\w./-]+@\d+\.\d+\.\d+", str(entry["source"]))
    assert entry["licence"] and (STATIC / str(entry["licence_text"])).read_text().strip()


def test_nothing_brought_in_is_unlisted() -> None:
    listed = {str(entry[name]) for entry in LISTED for name in ("file", "licence_text")}
    found = {
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file()
    }
    assert found | {"icons.svg"} == listed | {"vendor/vendor.json"}


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""\b(?:icon\(|icon_name=)['"]([^'"]+)['"]""", template.read_text())
    }
    assert named and named <= drawn


def test_every_icon_of_the_sprite_is_in_use() -> None:
    drawn = re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text())
    text = "".join(template.read_text() for template in (ROOT / "templates").rglob("*.html"))
    assert not [name for name in drawn if not re.search(rf"""['"]{name}['"]""", text)]


def test_every_sheet_is_joined_into_the_site() -> None:
    sheets = {path.name for path in (STATIC / "css").glob("*.css")} - {"site.css"}
    imported = re.findall(r'^@import url\("([^"]+)"\);$', (STATIC / "css" / "site.css").read_text(), re.MULTILINE)
    assert sorted(imported) == sorted(sheets)


def test_every_file_that_a_sheet_names_is_there() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        for name in re.findall(r'url\("(\.\.?/[^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / name).is_file(), f"{sheet.name} names {name}"
