"""The JSON Schemas fit what the product writes, take the good vectors, and refuse what is bad as far as they can."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from partnernet.core.db import commit, db, write
from partnernet.core.errors import BadBundle
from partnernet.exchange.header import read_header
from partnernet.network.founding import ensure
from partnernet.nodes.card import own_card
from tests.exchange.conftest import barge, hall, pier, place, server
from tests.exchange.nodes import Server
from tests.exchange.places import Place, lines_of
from tests.vectors.lines_made import line_of
from tests.vectors.reader.bundles import read
from tests.vectors.test_vectors import DATA, GOOD, LINES

__all__ = ("barge", "hall", "pier", "place", "server")

FOLDER = Path(__file__).parents[2] / "docs/schemas"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
REGISTRY: Any = Registry().with_resources(
    (f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
UNSEEN = ("parents out of order", "version true")
"""Bad headers that no schema can tell from good ones, or that JSON Schema takes for the same: 1 and true."""


def good(name: str, value: Any) -> bool:
    return Draft202012Validator(SCHEMAS[name], registry=REGISTRY).is_valid(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_and_is_listed(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert f"`{name}.json`" in (FOLDER / "README.md").read_text()


def test_what_the_product_writes_fits(hall: Place) -> None:
    with zipfile.ZipFile(hall.export("out.pn.zip")) as bag:
        files = {name.partition("/")[2]: bag.read(name) for name in bag.namelist()}
    text = json.loads(hall.export("out.pn.json").read_text())
    for header in (json.loads(files["bundle.json"]), text["bundle"]):
        assert header["have"] == hall.have() and header["left_out"] and header["blobs"]
        assert good("bundle", header) and good("have", header["have"])
    assert good("signature", json.loads(files["signature.json"])) and good("signature", text["signature"])
    lines = lines_of(hall.export("out.pn.jsonl"))
    assert len(lines) > 5 and all(good("line", json.loads(line)) for line in lines)


def test_what_a_server_says_of_itself_fits(pier: Server) -> None:
    def card() -> dict[str, Any]:
        write()
        ensure(db.session(), pier.app)
        commit()
        return own_card(db.session(), pier.app.extensions["partnernet.node"], "https://pier.example").said()

    said = pier.inside(card)
    assert said["address"] and good("node", said)
    known = pier.app.test_client().get("/.well-known/partnernet").get_json()
    assert known["network"]["id"] and good("well-known", known)
    assert not good("node", known) and not good("well-known", said)


@pytest.mark.parametrize("vector", LINES["good"], ids=lambda vector: vector["name"])
def test_a_good_line_fits(vector: dict[str, Any]) -> None:
    assert good("line", json.loads(line_of(vector)))


BAD_LINES = [
    vector for vector in LINES["bad"]
    if vector["reason"] in ("parts", "header", "version") and vector["name"] not in UNSEEN and "repeat" not in vector
]  # fmt: skip


@pytest.mark.parametrize("vector", BAD_LINES, ids=lambda vector: vector["name"])
def test_a_bad_line_does_not_fit(vector: dict[str, Any]) -> None:
    assert not good("line", json.loads(line_of(vector)))


@pytest.mark.parametrize("name", GOOD)
def test_the_header_of_a_good_bundle_fits(name: str) -> None:
    header = read(name, (DATA / "bundles/good" / name).read_bytes())["header"]
    assert good("bundle", header) or not header


BAD_HEADERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no format": lambda header: header.pop("format"),
    "a newer format": lambda header: header.update(format="partnernet-bundle/2"),
    "no key": lambda header: header["from"].update(node="x"),
    "a long name of its server": lambda header: header["from"].update(server="x" * 301),
    "a number for its server": lambda header: header["from"].update(server=7),
    "a long note": lambda header: header.update(note="x" * 4_001),
    "a number for a note": lambda header: header.update(note=7),
    "fewer than no ops": lambda header: header["counts"].update(ops=-1),
    "a have of another form": lambda header: header.update(have={"x": {"r": "1", "x": "0" * 16}}),
    "a range that begins at nought": lambda header: header.update(have={KEY: {"r": "0-3", "x": "0" * 16}}),
    "a short digest": lambda header: header.update(have={KEY: {"r": "1-3", "x": "0"}}),
    "a hash in capitals": lambda header: header.update(blobs=[{"sha256": "A" * 64}]),
    "a blob over 500 MiB": lambda header: header.update(blobs=[{"sha256": "0" * 64, "size": (500 << 20) + 1}]),
    "a list of reasons too long": lambda header: header.update(left_out=[{"what": "x" * 301}]),
}
KEY = f"{'a' * 52}/{'a' * 26}/network"


@pytest.mark.parametrize("name", BAD_HEADERS)
def test_a_bad_header_does_not_fit_and_is_refused(name: str) -> None:
    header = read("stored.pn.zip", (DATA / "bundles/good/stored.pn.zip").read_bytes())["header"]
    BAD_HEADERS[name](header)
    assert not good("bundle", header)
    with pytest.raises(BadBundle):
        read_header(header)
