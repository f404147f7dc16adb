"""The network's key: a copy of it, bringing it back, and handing over to a new one, crashes included."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import current_app
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.errors import Invalid, Refused
from partnernet.core.ledger import membership
from partnernet.core.ledger.node import Node, open_node
from partnernet.maintenance import check
from partnernet.network.model import OWN, setting
from partnernet.nodes import network_key, network_list
from partnernet.nodes.key_cli import network_key_command
from tests.exchange.places import Place
from tests.factories import make_account, make_network, own_node
from tests.nodes.networks import founded, joined


def test_there_is_a_reminder_until_a_copy_was_taken(hall: Place) -> None:
    assert network_key.reminder(hall.session, hall.node) == ""
    founded(hall)
    assert "network-key copy FILE" in network_key.reminder(hall.session, hall.node)
    network_key.copy(hall.session, hall.node)
    commit(hall.session)
    assert network_key.reminder(hall.session, hall.node) == ""
    rotated = network_key.rotate(hall.session, hall.node, hall.folder)
    assert network_key.reminder(hall.session, rotated) != ""


def test_a_lost_key_is_brought_back_on_another_server(hall: Place, barge: Place) -> None:
    network = founded(hall)
    text = network_key.copy(hall.session, hall.node)
    commit(hall.session)
    with pytest.raises(Refused, match="does not know its network"):
        network_key.restore(barge.session, barge.node, barge.folder, text)
    joined(barge, network)
    barge.take(hall.export("out.pn.zip"))
    node = network_key.restore(barge.session, barge.node, barge.folder, text)
    commit(barge.session)
    assert network_list.signs_here(barge.session, node) and network_key.reminder(barge.session, node) == ""
    assert open_node(barge.folder).network_key == node.network_key
    assert (barge.folder / "network.key").stat().st_mode & 0o077 == 0


def test_another_networks_key_is_refused(hall: Place, barge: Place) -> None:
    founded(hall)
    text = network_key.copy(hall.session, hall.node)
    founded(barge)
    before = barge.node.network_key
    with pytest.raises(Refused, match="not the key of this server"):
        network_key.restore(barge.session, barge.node, barge.folder, text)
    assert open_node(barge.folder).network_key == before


def test_a_new_key_signs_from_then_on_and_the_old_paper_is_worth_nothing(hall: Place) -> None:
    network = founded(hall)
    network_list.publish(hall.session, hall.node, stewards=[(hall.node.id, "p" + "a" * 26)])
    old, text = hall.node, network_key.copy(hall.session, hall.node)
    commit(hall.session)
    node = network_key.rotate(hall.session, hall.node, hall.folder)
    assert node.network_key and old.network_key and node.network_key != old.network_key
    assert membership.current_key(hall.session, network) == node.network_key.public
    newest = membership.latest(hall.session, network)
    assert newest and newest.stewards == [[hall.node.id, "p" + "a" * 26]]
    assert not (hall.folder / "network.key.next").exists()
    assert open_node(hall.folder).network_key == node.network_key
    with pytest.raises(Refused, match="not on this server"):
        network_list.publish(hall.session, old, stewards=[])
    with pytest.raises(Refused, match="replaced since"):
        network_key.restore(hall.session, node, hall.folder, text)
    assert network_list.publish(hall.session, node, stewards=[]) is not None


@pytest.mark.parametrize("step", ["publish", "commit", "finish_rotation"])
def test_a_crash_while_the_key_is_changed_leaves_one_that_signs(
    hall: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    founded(hall)
    finish: Callable[..., Node] = network_key.finish_rotation

    def crash(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(network_key, step, crash)
    with pytest.raises(KeyboardInterrupt):
        network_key.rotate(hall.session, hall.node, hall.folder)
    hall.session.rollback()
    node = finish(hall.session, open_node(hall.folder), hall.folder)
    assert network_list.signs_here(hall.session, node)
    assert (node.network_key != hall.node.network_key) == (step == "finish_rotation")


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(network_key_command, arguments, input=answer)


def test_the_commands_copy_bring_back_and_change_the_key(session: Session) -> None:
    make_network(session)
    make_account(session, role="steward")
    folder = current_app.config["DATA"]
    file = folder / "paper.txt"
    assert "network-key copy FILE" in CliRunner().invoke(check).output
    assert "Print" in run("copy", str(file)).output and file.stat().st_mode & 0o077 == 0
    assert isinstance(run("copy", str(file)).exception, Refused)
    assert "no copy" not in CliRunner().invoke(check).output
    before = own_node().network_key
    (folder / "network.key").unlink()
    assert (
        run("restore", str(file)).exit_code == 0 and open_node(folder).network_key == before == own_node().network_key
    )
    asked = run("rotate", answer="n\n")
    assert "take a new copy at once" in asked.output and isinstance(asked.exception, Refused)
    assert isinstance(run("rotate").exception, Refused)  # nobody is there to answer
    assert own_node().network_key == before
    assert run("rotate", answer="y\n").exit_code == 0 and own_node().network_key not in (None, before)
    before = own_node().network_key
    assert run("rotate", "--yes").exit_code == 0 and own_node().network_key not in (None, before)
    assert membership.current_key(session, setting(session, OWN)) == own_node().network_key.public
    refused = run("restore", str(file))
    assert isinstance(refused.exception, Refused)
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8\xff" * 9_000)
    assert isinstance(run("restore", str(folder / "holiday.jpg")).exception, Invalid)
