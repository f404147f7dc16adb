"""PartnerNet takes the vectors as the document says: the lines, the bundles, and what the stories show."""

import json
from hashlib import sha256

import pytest
from hypothesis import given

from partnernet.core.errors import BadBundle
from partnernet.core.ledger import op
from partnernet.core.ledger.kinds import KINDS
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.incoming.survey import survey
from tests.laws.budget import budget
from tests.laws.place import place
from tests.laws.specimens import declared
from tests.laws.telling import stories, tell
from tests.laws.world import fixed_chance
from tests.vectors.lines_made import line_of
from tests.vectors.reader import bundles, fields, lines, merging
from tests.vectors.rows import as_rows, shown_by
from tests.vectors.test_vectors import BAD, DATA, GOOD, LINES, STORIES


def checked(line):
    found = op.read(line)
    op.check_signature(found)
    return found


@pytest.mark.parametrize("vector", LINES["good"], ids=lambda vector: vector["name"])
def test_a_good_line_is_read_and_comes_out_again(vector):
    assert checked(line_of(vector)).line == line_of(vector)


@pytest.mark.parametrize("vector", LINES["bad"], ids=lambda vector: vector["name"])
def test_a_bad_line_is_refused(vector):
    with pytest.raises(BadBundle) as caught:
        checked(line_of(vector))
    assert not isinstance(caught.value, op.UnknownVersion)


@pytest.mark.parametrize("vector", LINES["later"], ids=lambda vector: vector["name"])
def test_a_line_of_a_later_version_is_known_as_such(vector):
    with pytest.raises(op.UnknownVersion):
        checked(line_of(vector))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_bundle_is_read(name):
    path = DATA / "bundles/good" / name
    expected = bundles.read(name, path.read_bytes())
    with open_bundle(path) as bundle:
        found = survey(bundle)
        for blob in bundle.blobs:
            with bundle.open(blob) as stream:
                assert sha256(stream.read(1 << 20)).hexdigest() == blob
        assert set(bundle.blobs) == set(expected["blobs"])
    assert found["ops"] - found["later"] == len(expected["ops"])
    assert found["later"] == len(expected["later"])
    assert found["sender"] == expected["sender"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_bundle_is_refused(name):
    with pytest.raises(BadBundle) as caught, open_bundle(DATA / "bundles/bad" / name) as bundle:
        survey(bundle)
    assert ("newer version" in caught.value.sentence) == (BAD[name] == "newer")


@pytest.mark.parametrize("name", STORIES)
def test_a_story_shows_what_it_should_in_every_order(name):
    story = json.loads((DATA / f"stories/{name}.json").read_text())
    given = [checked(line.encode()) for line in story["lines"]]
    bare = {some.id for some in given if some.body is None}
    for order in story["orders"]:
        node = place("vectors").empty()
        for n in order:
            node.receive([given[n]])
        assert shown_by(node) == as_rows(story["expected"])
        assert {some.id for some in node.ops().values() if some.body is None} == bare | set(story["expected"]["erased"])
        assert node.have() == story["expected"]["have"]


def test_the_reader_and_the_product_know_the_same_fields():
    assert {name: set(kind.fields) for name, kind in KINDS.items()} == {n: set(f) for n, f in fields.KINDS.items()}
    shared = {name: {f for f, field in kind.fields.items() if field.shared} for name, kind in KINDS.items()}
    assert {name: some for name, some in shared.items() if some} == fields.SHARED


TEST_KINDS = {
    "testpage": {
        "title": fields.TITLE, "body": fields.BODY, "summary": fields.BODY, "points": fields.lines(20, 300),
        "count": fields.moment, "files": fields.files, "picture": fields.picture,
    },
    "testreply": {"body": fields.BODY},
}  # fmt: skip
KNOWN = {
    "kinds": {**fields.KINDS, **TEST_KINDS},
    "shared": {**fields.SHARED, "testpage": {"summary"}},
    "marks": {**fields.MARKS, "testvote": (fields.one_of("yes", "no", ""), fields.nothing)},
}


@given(stories())
@budget(25)
def told(steps):
    for node in tell(steps).world.places:
        ops = [lines.parse(line) for line in node.lines()]
        assert shown_by(node) == as_rows(merging.project(ops, **KNOWN))
        assert node.have() == merging.have(ops)


def test_the_reader_and_the_product_agree_on_any_story():
    with declared(), fixed_chance():
        told()
