"""Keys that come late: whatever order the documents of a network come in, those count whose handovers are here.

A stranger wrote all of them, whom nobody has let in; so nothing but the network's own key vouches for any.
"""

import io
from collections.abc import Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.entry import Membership, Revocation
from partnernet.core.ledger.node import SigningKey
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpRow, Quarantined
from partnernet.exchange.incoming.apply import apply
from partnernet.exchange.incoming.reader import read_stream
from partnernet.exchange.incoming.stage import has_news, stage
from partnernet.network.model import OWN, settle
from partnernet.nodes import network_list
from partnernet.sync.pages import Received
from tests.laws.budget import budget
from tests.laws.governing import Charter, Governing
from tests.laws.place import Actor, digest, place
from tests.laws.sticks import Server, server

WAYS = ("stick", "wire")
number = st.integers(0, 9)
STEPS = {"appoint": 4, "hand_over": 3, "revoke": 4}
steps = st.lists(
    st.sampled_from(sorted(STEPS)).flatmap(lambda name: st.tuples(st.just(name), *[number] * STEPS[name])),
    min_size=2, max_size=9,
)  # fmt: skip


class Scribe(Governing):
    """Whoever writes down what the keys of a network sign."""

    def __init__(self) -> None:
        self.world = self
        self.place = place("scribe").empty()
        self.first = SigningKey.from_seed(digest("network", "0"))
        self.charter = Charter([self.first])
        self.written: dict[str, Op] = {}
        self._write(self.place, "network", "public", {"set": {"name": "A network"}}, net=self.first.public)
        self.network = next(iter(self.written))

    def tell(self, steps: Sequence[tuple[str, int]]) -> None:
        for name, *numbers in steps:
            more = (True,) if name == "revoke" else ()
            getattr(self, name)(*numbers, *more)

    def _place(self, who: int) -> object:
        return self.place

    def _write(self, at, kind, log, body, **header):
        made = at.write(kind, log, body, by=Actor(at.node, at.person.handle), **header)
        self.written[made.id] = made


@cache
def reader() -> Server:
    return server("reader")


def counted(some: Server) -> tuple[set[str], set[str]]:
    """What counts here, and what is in the set."""
    rows = {*some.session.scalars(select(Membership.op)), *some.session.scalars(select(Revocation.op))}
    ops = set(some.session.scalars(select(OpRow.id)))
    some.session.rollback()
    return rows, ops


def bring(to: Server, ops: Sequence[Op], way: str) -> None:
    lines = [op.line for op in ops]
    bundle = Received("s" * 52, lines) if way == "wire" else read_stream(io.BytesIO(b"\n".join([*lines, b""])))
    batch = stage(to.session, bundle, to.node, to.files, name="a stick", by="node", way="file")
    if has_news(batch):
        write(to.session)
        apply(to.session, batch.id, to.node)
        commit(to.session)


def keeps_count(steps: Sequence[tuple[str, int]], random: Random, sizes: Sequence[int], way: str) -> None:
    """After each piece that came, exactly those documents count that were signed with the key of their version."""
    scribe = Scribe()
    scribe.tell(steps)
    there = reader().empty()
    write(there.session)
    settle(there.session, OWN, scribe.network)
    commit(there.session)
    left = random.sample(list(scribe.written.values()), len(scribe.written))
    arrived: list[Op] = []
    ever: set[str] = set()
    for size in sizes:
        some, left = left[:size], left[size:]
        arrived += some
        bring(there, some, way)
        known = Charter(scribe.charter.keys)
        known.signed = [each for each in scribe.charter.signed if each.op in arrived]
        begun = scribe.network in {op.id for op in arrived}
        valid = {each.op.id for each in known.valid()} if begun else set()
        ever |= valid | ({scribe.network} if begun else set())  # of two handovers of one version a later may win
        assert counted(there) == (valid, ever)
    assert not left


documents = (steps, st.randoms(use_true_random=False), st.lists(st.integers(1, 4), min_size=10, max_size=10))


@pytest.mark.parametrize("way", WAYS)
def test_what_the_network_signed_counts_as_soon_as_its_key_is_known(way: str) -> None:
    @given(*documents)
    @budget(3)
    def law(steps, random, sizes):
        keeps_count(steps, random, sizes, way)

    law()


def test_the_law_notices_where_what_waits_is_looked_at_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    real = network_list.take_signed

    def forgetful(session: Session) -> int:
        taken = real(session)
        session.execute(update(Quarantined).values(network=None))
        return taken

    @given(*documents)
    @settings(max_examples=100, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
              report_multiple_bugs=False, suppress_health_check=list(HealthCheck))  # fmt: skip
    def law(steps, random, sizes):
        keeps_count(steps, random, sizes, "stick")

    monkeypatch.setattr(network_list, "take_signed", forgetful)
    with pytest.raises(AssertionError):
        law()
