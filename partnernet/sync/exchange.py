"""One exchange with one server, from knocking to the last file. What was taken in lasts, whatever breaks off later."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import commit, write
from partnernet.core.errors import BadBundle, Refused
from partnernet.core.ledger import log
from partnernet.core.ledger.node import Node
from partnernet.core.ledger.ranges import Ranges
from partnernet.core.ledger.tables import Lacking
from partnernet.core.words import _
from partnernet.exchange.bundle import named_files
from partnernet.exchange.header import Have, read_have
from partnernet.exchange.log.handovers import WIRE, note_have
from partnernet.network.model import OWN, setting
from partnernet.nodes.admit import let_in
from partnernet.nodes.alarms import KEY_CHANGED, raise_alarm
from partnernet.sync import address, brought, files, given, pages, unequal, vouched, wants
from partnernet.sync.client import AnotherServer, Client
from partnernet.sync.connection import Connection, Patience
from partnernet.sync.incarnation import settle
from partnernet.sync.intake import take_in
from partnernet.sync.pages import Page
from partnernet.sync.peers import Guest, guest, why_not
from partnernet.sync.protocol import BODIES, LEAST_PIECE, PAGE_BYTES, PAGE_OPS
from partnernet.sync.report import Report
from partnernet.web.here import its_files, this_node

NAMED = 10_000
"""Files of what comes that are remembered; those of the rest are found by what names them."""


def exchange(session: Session, key: str, *, patience: Patience | None = None, most: int = PAGE_OPS) -> Report:
    """Exchange with a server what both may have; `most` ops in a page. Raises Refused with what went wrong.

    Every page is committed by itself, so an interruption costs one page.
    """
    other, sentence = guest(session, key), why_not(session, key)
    session.rollback()
    if other is None or sentence:
        raise Refused(sentence)
    place = address.find(other.address, private=other.private)
    connection = Connection(place, current_app.config["SYNC_CA"] or None, patience or Patience())
    walk = Walk(session, this_node(), other, connection, most)
    try:
        walk.go()
    except AnotherServer:
        session.rollback()
        write(session)
        raise_alarm(session, KEY_CHANGED, key)
        commit(session)
        raise
    finally:
        session.rollback()
        connection.close()
        walk.report.trips, walk.report.received, walk.report.sent = (
            connection.trips, connection.received, connection.sent,
        )  # fmt: skip
    return walk.report


class Walk:
    """The steps of one exchange."""

    def __init__(self, session: Session, node: Node, other: Guest, connection: Connection, most: int) -> None:
        self.session, self.node, self.other, self.most = session, node, other, most
        self.store = its_files()
        self.client = Client(connection, node, other)
        self.report = Report()
        self.named: dict[str, str] = {}
        """Files that came to be named, each with an op that names it."""
        self.differ: list[str] = []
        self.network: object = None
        """The network that they belong to, as they said it."""
        self.lacked: object = None
        """Files that they lack, as they said it."""

    def go(self) -> None:
        """From the first word to the last file."""
        network = self.client.hello().get("network")
        self.network = network.get("id") if isinstance(network, dict) else None
        theirs, found, asked = self._compare()
        told = self._pages(found.wants, asked)
        self._note(told or theirs)
        if told is not None:
            self._hear(told)
        self._mend(self.differ)
        if self.report.came or self.report.late:
            before, theirs = len(self.differ), self._confirm()
            self._hear(theirs)  # what has come may have made numbers equal that were not
            self._mend(self.differ[before:])
        files.fetch(self)
        files.give(self)

    # -- what both hold ----------------------------------------------------------------------------

    def _compare(self) -> tuple[Have, wants.Differences, wants.Wants]:
        """What they hold, what is wanted of it, and what they want."""
        answer, theirs = self._say()
        self.report.note_rights(self.other, answer)
        asked: wants.Wants = wants.read_wants(answer.get("want"), self.other.reads)
        # Held against what is here now: what was written since may be there already, by another exchange.
        found = wants.compare(
            self.session, self.node, let_in(self.session, self.node), self.other, theirs, log.have(self.session)
        )
        self.node = settle(self.session, self.node, found)
        self.differ, self.lacked = found.unequal, answer.get("lacks")
        if self.network and self.network == setting(self.session, OWN):
            asked = self._vouched(answer, theirs, found, asked)
        self.session.rollback()
        return theirs, found, asked

    def _vouched(
        self, answer: Mapping[str, Any], theirs: Have, found: wants.Differences, asked: wants.Wants
    ) -> wants.Wants:
        """Want what the key of the network has signed, too, and what they want together with what they lack of it."""
        signed, mine = answer.get("signed", {}), log.have(self.session)
        found.wants = vouched.together(found.wants, vouched.wanted(self.session, self.node, self.other, signed, mine))
        taken = answer.get("writes")
        lacked = vouched.lacked(self.session, self.other, theirs)
        open_to_us = {key: numbers for key, numbers in lacked.items() if isinstance(taken, list) and _log(key) in taken}
        return vouched.together(asked, open_to_us)

    def _say(self) -> tuple[dict[str, Any], Have]:
        """Say what is held here; what they answer, and hold."""
        mine = brought.told(self.session, self.other, log.have(self.session))
        self.session.rollback()
        answer = self.client.have(mine)
        return answer, read_have(answer.get("have"))

    def _mend(self, keys: Iterable[str]) -> None:
        """Look at the ids where both hold the same numbers and not the same statements."""
        for key in dict.fromkeys(keys):
            unequal.mend(self, key)

    def _confirm(self) -> Have:
        """Say what has come, so that both know at once what the other holds by now; what they hold."""
        self.look_again()
        answer, theirs = self._say()
        self.lacked = answer.get("lacks")
        self._note(theirs)
        return theirs

    def _hear(self, theirs: Have) -> None:
        """What they hold now that they took something in; where numbers have become equal, look at the ids."""
        found = wants.compare(
            self.session, self.node, let_in(self.session, self.node), self.other, theirs, log.have(self.session)
        )
        found.is_behind = False
        found.unequal = [key for key in found.unequal if key not in self.differ]
        self.node = settle(self.session, self.node, found)
        self.differ = [*self.differ, *found.unequal]

    def _note(self, theirs: Have) -> None:
        self.session.rollback()
        write(self.session)
        note_have(self.session, self.other.key, theirs, sorted({_log(key) for key in theirs}), way=WIRE)
        commit(self.session)

    def look_again(self) -> None:
        """See what the other server may do now: an exchange takes long, and a steward may have decided meanwhile."""
        now = guest(self.session, self.other.key)
        if now is None:
            raise Refused(why_not(self.session, self.other.key))
        self.other = now

    def share(self, whole: int) -> int:
        """As many bytes at once as the line is trusted with: less after each failure, as there are fewer ops."""
        return max(whole * self.most // PAGE_OPS, min(whole, LEAST_PIECE))

    def page(self) -> Page:
        """An empty page, of the size that the line is trusted with."""
        return Page(self.most, self.share(PAGE_BYTES))

    # -- pages -------------------------------------------------------------------------------------

    def _pages(self, wanted: dict[str, Ranges], asked: wants.Wants) -> Have | None:
        """Give and take pages until neither side lacks anything; what they say at the end that they hold."""
        lacking, told = self._lacking(), None
        while True:
            self.look_again()
            asked = {key: ranges for key, ranges in asked.items() if _log(key) in self.other.reads}
            page = pages.fill(self.session, self.page(), asked) if asked else Page()
            self.session.rollback()
            asked = _less(asked, page.held()) if page.is_cut else {}
            head = {"want": (now := wants.written(wanted)), "ids": lacking, "most": self.most}
            if not now and not lacking and not page.lines:
                return told
            answer, taken = self.turn(head, page)
            if self.report.refused:
                asked = {}
            told, self.lacked = _have(answer) or told, answer.get("lacks", self.lacked)
            if self.report.held:
                wanted = {}
            wanted = _rest(wanted, now, taken, is_more=answer.get("more") is True, first=bool(lacking))
            lacking = []

    def turn(self, head: Mapping[str, Any], page: Page) -> tuple[dict[str, Any], dict[str, Ranges]]:
        """Send one page and take one in; what they answered, and which numbers came."""
        answer, lines = pages.read(self.client.ops(pages.write(head, page.ordered())))
        self._gave(answer, page)
        result = take_in(self.session, self.node, self.store, self.other, lines)
        self.node = this_node()  # by what came it may have found out that it was set back
        self.report.add(result)
        if not result.is_held:
            brought.note(self.session, self.other, lines)
        taken: dict[str, list[int]] = {}
        for line in lines if self.other.writes and not result.is_held else ():
            op = orjson.loads(line)
            head = op["h"]
            if isinstance(head.get("seq"), int):
                taken.setdefault(f"{head.get('node')}/{head.get('inc')}/{head.get('log')}", []).append(head["seq"])
            if len(self.named) < NAMED:
                self.named |= dict.fromkeys(named_files(line), op["id"])
        return answer, {key: Ranges().add(*numbers) for key, numbers in taken.items()}

    def _gave(self, answer: Mapping[str, Any], page: Page) -> None:
        if not page.lines:
            return
        result = answer.get("push")
        if not isinstance(result, dict) or result.get("refused"):
            why = result.get("refused") if isinstance(result, dict) else ""
            self.report.refused = _("%(server)s refused: %(why)s", server=self.other.name, why=str(why)[:300])
        elif result.get("held") is True:
            self.report.refused = _(
                "At %(server)s a steward has to decide before it takes in more.", server=self.other.name
            )
        else:
            self.report.went += len(page.lines)
            given.note(self.session, self.other.key, page)

    def _lacking(self) -> list[str]:
        """The ops whose text is missing here; where these are many a few of them, others each time."""
        query = select(Lacking.op).where(Lacking.log.in_(self.other.writes)).order_by(Lacking.op)
        start, found = secrets.choice(_BASE32), list[str]()
        for part in (Lacking.op >= start, Lacking.op < start):
            found += self.session.scalars(query.where(part).limit(BODIES - len(found)))
        self.session.rollback()
        return found


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def _log(key: str) -> str:
    return key.split("/", 2)[2]


def _have(answer: Mapping[str, Any]) -> Have | None:
    return read_have(answer["have"]) if "have" in answer else None


def _less(some: wants.Wants, gone: wants.Wants) -> dict[str, Ranges]:
    left = {key: ranges.minus(gone[key]) if key in gone else ranges for key, ranges in some.items()}
    return {key: ranges for key, ranges in left.items() if ranges}


def _rest(
    wanted: wants.Wants, now: Mapping[str, str], came: wants.Wants, *, is_more: bool, first: bool
) -> dict[str, Ranges]:
    """What is still to be asked for: what did not fit into an answer, and what was not asked for yet.

    `first`: something else was asked for that goes first, and may have filled the page.
    """
    asked = {key: Ranges.read(text) for key, text in now.items()}
    left = _less(wanted, came if is_more else asked)
    if is_more and wanted and left == wanted and not first:
        raise BadBundle(_("The other server says that there is more, and gives nothing of it."))
    return left
