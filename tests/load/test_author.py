"""Who brings something in."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.errors import Refused
from partnernet.people import accounts
from tests.load.conftest import Load, only


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "van.md"
    path.write_text("# The van\n\nIt is blue.")
    return path


def test_the_node_itself_brings_in_what_nobody_else_does(run: Load, note: Path) -> None:
    run("notes", note)
    assert (only("note").by, only("note").partner) == ("node", None)


def test_an_account_can_bring_it_in(run: Load, note: Path, network: Flask, session: Session) -> None:
    node = network.extensions["partnernet.node"]
    account = accounts.open_account(session, node, email="gwen@quayside.example", name="Gwen")
    commit(session)
    run("notes", note, "--by", "Gwen@quayside.example", "--partner", "Quayside Hall")
    assert (only("note").by, only("note").partner) == (account.handle, only("partner").id)
    assert run("notes", note, "--by", "gwen@quayside.example")["same"] == 1


def test_nobody_brings_in_nothing(run: Load, note: Path) -> None:
    with pytest.raises(Refused, match="Nobody can sign in"):
        run("notes", note, "--by", "nobody@quayside.example")
