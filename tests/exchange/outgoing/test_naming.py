"""Who made a bundle, and what its file is called: by name, and never by more than it can be known by."""

import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bagit import Bag
from flask.testing import FlaskClient

from partnernet.core.db import commit, write
from partnernet.core.policy import STEWARD
from partnernet.exchange.header import read_header, shown_name
from partnernet.exchange.incoming.reader import open_bundle
from partnernet.exchange.log import book as logbook
from partnernet.exchange.outgoing.choosing import Wish, selection_of
from partnernet.exchange.outgoing.naming import file_name, part_name
from partnernet.exchange.outgoing.selection import Selection
from partnernet.exchange.outgoing.writer import Export
from partnernet.network.model import settle
from partnernet.nodes import known
from partnernet.nodes.card import SERVER
from tests.exchange.incoming.test_views import upload
from tests.exchange.nodes import Server, words
from tests.exchange.places import Place

MOMENT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
NAMED = "Northside\u202e  Dance\u0007 Company"
"""With what turns writing round, and what no eye sees."""


def call(place: Place, name: str) -> None:
    write(place.session)
    settle(place.session, SERVER, name)
    commit(place.session)


@pytest.fixture
def steward(pier: Server) -> FlaskClient:
    return pier.browser("ash@pier.example", "Ash Ferreira", STEWARD)


@pytest.mark.parametrize("form", [".pn.zip", ".pn.json"])
def test_a_bundle_says_what_its_server_is_called(hall: Place, form: str) -> None:
    call(hall, "Northside Dance")
    with open_bundle(hall.export(f"out{form}")) as bundle:
        assert bundle.header.server == "Northside Dance" and bundle.sender == hall.node.id


def test_the_bag_and_the_readme_name_it(hall: Place, tmp_path: Path) -> None:
    call(hall, "Northside Dance")
    with zipfile.ZipFile(hall.export("out.pn.zip")) as archive:
        archive.extractall(tmp_path / "unpacked")
    (top,) = (tmp_path / "unpacked").iterdir()
    bag = Bag(str(top))
    bag.validate()
    assert bag.info["Source-Organization"] == "Northside Dance"
    assert "Northside Dance made it on " in (top / "README.txt").read_text()
    assert top.name.startswith("partnernet-northside-dance-")


def test_an_older_bundle_without_a_name_is_read(hall: Place) -> None:
    said = {"format": "partnernet-bundle/1", "from": {"node": hall.node.id, "network": "Places"}}
    assert read_header(said).called == ""


def test_a_name_from_outside_is_one_line_that_can_be_seen() -> None:
    assert shown_name(NAMED) == "Northside Dance Company"
    assert len(shown_name("x" * 300)) == 100 and shown_name(7) == "" and shown_name("\n") == ""


def test_a_server_that_was_never_met_is_called_by_its_name_and_not_believed(
    hall: Place, pier: Server, steward: FlaskClient
) -> None:
    call(hall, NAMED)
    address = upload(steward, hall.export("out.pn.zip")).location
    for page in (address, "/exchange", "/exchange/log"):
        assert "Northside Dance Company (never met before)" in words(steward.get(page)), page
    steward.post(f"{address}/apply")
    for page in (address, "/exchange", "/exchange/log", "/exchange/servers", f"/exchange/servers/{hall.node.id}"):
        assert "Northside Dance Company (never met before)" in words(steward.get(page)), page
    assert "Seen in a bundle on" in words(steward.get("/exchange/servers"))
    steward.post(f"/exchange/servers/{hall.node.id}/admission", data={"admit": "1"})
    said = words(steward.get("/exchange/servers"))
    assert "Northside Dance Company" in said and "never met" not in said


def test_what_a_server_calls_itself_takes_no_name_away_that_somebody_here_gave_it(hall: Place, barge: Place) -> None:
    known.hear_of(barge.session, [hall.node.id])
    known.describe(barge.session, hall.node.id, name="The old hall", address="", private=False)
    known.call(barge.session, hall.node.id, "The Royal Opera")
    assert known.find(barge.session, hall.node.id).called == "The old hall"


def test_a_later_name_of_a_stranger_takes_the_place_of_the_first(hall: Place, barge: Place) -> None:
    for name in ("Salt", "Salt House"):
        call(hall, name)
        hall.write(hall.person("Ash"), name)
        barge.take(hall.export("out.pn.zip"), admitting=())
    assert known.find(barge.session, hall.node.id).called == "Salt House (never met before)"


# -- files -----------------------------------------------------------------------------------------

SELECTIONS = [
    Selection(),
    Selection(root="a" * 52),
    Selection(root="b" * 52),
    Selection(kind="news"),
    Selection(start=1_767_225_600_000),
    Selection(end=1_767_225_600_000),
    Selection(since={"x": {"r": "1", "x": ""}}),
    Selection(logs=("public",)),
    Selection(with_files=False),
]


def test_names_tell_what_is_in_a_file() -> None:
    names = [file_name("Northside Dance", MOMENT, selection) for selection in SELECTIONS]
    assert len(set(names)) == len(SELECTIONS)
    assert names[0] == "partnernet-northside-dance-2026-03-02-1405"
    assert file_name("Quay", MOMENT, SELECTIONS[6], "Salt House") == (
        "partnernet-quay-2026-03-02-1405-for-salt-house-what-is-new"
    )
    assert part_name(names[0], 2, 5) == f"{names[0]}-part-2-of-5"


@pytest.mark.parametrize("name", ["", "CON", "../../etc", 'a:b*c?"<>|', "Theatr Ŵy & Dŵr", "اجتماع", "x" * 300, "🎭"])
def test_names_go_on_every_disk_and_in_every_e_mail(name: str) -> None:
    all_at_once = Selection(
        root="a" * 52, kind="x" * 32, start=0, end=1, since={"x": {}}, logs=("public",), with_files=False
    )
    made = part_name(file_name(name, MOMENT, all_at_once, name), 999, 999) + ".pn.jsonl"
    assert re.fullmatch(r"[a-z0-9-]+[.]pn[.]jsonl", made) and "--" not in made and len(made) <= 255


def test_the_name_has_the_days_that_were_asked_for(hall: Place) -> None:
    wish = Wish(first=date(2026, 1, 5), last=date(2026, 1, 9))
    export = Export(hall.session, hall.node, hall.files, selection_of(hall.session, wish))
    assert export.name.endswith("-from-2026-01-05-until-2026-01-09")


# -- the log ---------------------------------------------------------------------------------------


def test_no_line_of_one_moment_is_skipped_between_pages(hall: Place) -> None:
    from partnernet.exchange.log import handovers

    write(hall.session)
    made = {
        handovers.note(
            hall.session, by="node", to=None, way="file", form=".pn.zip", name=f"{n}", selection={}, counts={"ops": n},
            held={}, size=1, at=1_780_000_000_000,
        ).id
        for n in range(7)
    }  # fmt: skip
    commit(hall.session)
    seen, before = [], None
    for _ in range(4):
        found, before = logbook.lines(hall.session, hall.node, None, before=before, limit=2)
        seen += [line.made for line in found]
    assert before is None and len(seen) == 7 and set(seen) == made
