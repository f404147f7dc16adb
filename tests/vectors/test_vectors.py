"""The vectors are what their script makes, and the independent reader finds in them what they say."""

import io
import json
import zipfile

import pytest

from tests.vectors import make
from tests.vectors.lines_made import line_of
from tests.vectors.reader import bundles, lines, merging

DATA = make.HERE
LINES = json.loads((DATA / "lines.json").read_text())
STORIES = sorted(path.stem for path in (DATA / "stories").iterdir())
BAD = json.loads((DATA / "bundles/bad.json").read_text())
GOOD = sorted(path.name for path in (DATA / "bundles/good").iterdir())


def test_the_vectors_are_what_the_script_makes():
    made = dict(make.files())
    here = {path.relative_to(DATA).as_posix(): path.read_bytes() for path in DATA.rglob("*") if path.is_file()}
    assert set(here) == set(made)
    for name, content in made.items():
        assert members(here[name]) == members(content) if name.endswith("deflated.pn.zip") else here[name] == content, (
            name
        )


def members(content):
    """The files of a zip: how they are packed depends on the library."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


@pytest.mark.parametrize("vector", LINES["good"], ids=lambda vector: vector["name"])
def test_a_good_line_is_read(vector):
    assert lines.parse(line_of(vector))["id"]


@pytest.mark.parametrize("vector", LINES["bad"], ids=lambda vector: vector["name"])
def test_a_bad_line_is_refused_for_its_reason(vector):
    with pytest.raises(lines.Bad) as caught:
        lines.parse(line_of(vector))
    assert str(caught.value) == vector["reason"]


@pytest.mark.parametrize("vector", LINES["later"], ids=lambda vector: vector["name"])
def test_a_line_of_a_later_version_is_kept_aside(vector):
    with pytest.raises(lines.Later):
        lines.parse(line_of(vector))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_bundle_is_read(name):
    found = bundles.read(name, (DATA / "bundles/good" / name).read_bytes())
    assert len(found["ops"]) == (0 if name.startswith("nothing") else 8)
    assert (found["sender"] is None) == name.endswith(".jsonl")


@pytest.mark.parametrize("name", BAD)
def test_a_bad_bundle_is_refused_for_its_reason(name):
    with pytest.raises(lines.Bad) as caught:
        bundles.read(name, (DATA / "bundles/bad" / name).read_bytes())
    assert str(caught.value) == BAD[name]


@pytest.mark.parametrize("name", STORIES)
def test_a_story_shows_the_same_in_every_order(name):
    story = json.loads((DATA / f"stories/{name}.json").read_text())
    for order in story["orders"]:
        ops = [lines.parse(story["lines"][n].encode()) for n in order]
        twice = [{**op, "b": None} for op in ops] + ops
        for some in (ops, twice):
            assert {**merging.project(some), "have": merging.have(some)} == story["expected"]
