"""A server that was set back learns of it from a stick, and gives no number twice."""

from collections.abc import Callable

import pytest

from partnernet.core.db import db
from partnernet.exchange.outgoing.selection import Selection
from partnernet.nodes.alarms import unseen
from tests.exchange.nodes import Server
from tests.exchange.places import Place, lines_of


def given_away(pier: Server, here: Place) -> None:
    """What the pier wrote is taken in elsewhere; then all of the pier is set back to before, its state included."""
    pier.browser("ash@pier.example", "Ash Ferreira", "steward")
    out = here.folder / "all.pn.jsonl"
    assert pier.run("export", "--out", str(out)).exit_code == 0
    here.take(out)


def inc(pier: Server) -> str:
    found: str = pier.app.extensions["partnernet.node"].inc
    return found


def alarms(pier: Server) -> list[str]:
    return pier.inside(lambda: [told.what for told in unseen(db.session())])  # type: ignore[no-any-return]


@pytest.mark.parametrize("brings", ["its words", "what others hold"])
def test_what_a_server_had_lost_comes_in_and_it_goes_on_anew(
    pier: Server, server: Callable[[str], Server], barge: Place, brings: str
) -> None:
    given_away(pier, barge)
    twin = server("twin")  # the same key and incarnation, with nothing in it: as a snapshot of the whole machine
    twin.app.extensions["partnernet.node"] = pier.app.extensions["partnernet.node"]
    barge.write(barge.person("Bo"), "New", body="Words")
    lost = {
        key: held for key, held in barge.have().items() if key.startswith(pier.app.extensions["partnernet.node"].id)
    }
    left_out = Selection(since=lost if brings == "what others hold" else {})
    bundle = barge.export("back.pn.zip", left_out)
    assert (pier.app.extensions["partnernet.node"].id.encode() in b"".join(lines_of(bundle))) == (not left_out.since)
    before = inc(twin)
    assert twin.run("import", str(bundle), "--yes").exit_code == 0
    assert inc(twin) != before and len(alarms(twin)) == 1
    now = inc(twin)
    assert twin.run("import", str(barge.export("again.pn.zip")), "--yes").exit_code == 0
    assert inc(twin) == now


def test_a_server_that_lost_nothing_goes_on_as_it_was(pier: Server, barge: Place) -> None:
    given_away(pier, barge)
    before = inc(pier)
    assert pier.run("import", str(barge.export("back.pn.zip")), "--yes").exit_code == 0
    assert inc(pier) == before and not alarms(pier)
