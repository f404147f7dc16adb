"""`partnernet card`."""

import json
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy.orm import Session

from partnernet.nodes.cli import card
from tests.factories import make_network, own_node


def test_a_card_is_printed_or_written(session: Session, tmp_path: Path) -> None:
    make_network(session)
    printed = json.loads(CliRunner().invoke(card).output)
    assert printed["format"] == "partnernet-node/1" and printed["node"] == own_node().id
    CliRunner().invoke(card, ["--out", str(tmp_path / "card.json")])
    assert json.loads((tmp_path / "card.json").read_text()) == printed
