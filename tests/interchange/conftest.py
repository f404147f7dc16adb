"""A small network with something of everything, and ways to write it out."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from partnernet.core.db import commit, db
from partnernet.core.ledger import verbs
from partnernet.entries import links
from partnernet.interchange.choice import Choice, some_member
from partnernet.interchange.cli import write_out_command
from partnernet.interchange.texts import Reading, Text
from partnernet.load.cli import load
from tests.conftest import make_app
from tests.factories import actor_of, make_account, make_entry, make_network, make_partner, make_reply

POSTER = b"%PDF-1.4 the poster of the spring"


@dataclass
class Node:
    """A node of the tests: what is in it, written out and brought in as a person would."""

    app: Flask
    folder: Path
    made: dict[str, str] = field(default_factory=dict)
    """Ids of what the test asks for, by a name."""

    def write_out(self, form: str, name: str, *options: str) -> Path:
        """Write out to a place of this name."""
        path = self.folder / name
        self.run(write_out_command, form, str(path), *options)
        return path

    def load(self, form: str, path: Path, *options: str) -> dict[str, Any]:
        """Bring in, and say what came of it."""
        said = self.run(load, form, str(path), "--no-index", "--json", *options)
        report: dict[str, Any] = json.loads(said.splitlines()[-1])
        return report

    def run(self, command: Any, *words: str) -> str:
        """Call a command."""
        with self.app.app_context():
            result = CliRunner().invoke(command, list(words), catch_exceptions=False, standalone_mode=False)
            db.session.rollback()
            if result.exception is not None:
                raise result.exception
            return result.output

    def reading(self, **choice: Any) -> Reading:
        """A member's way through what is here, inside an app context."""
        reader = choice.pop("reader", some_member(self.app.extensions["partnernet.node"]))
        return Reading(db.session(), Choice(reader, **choice))

    def threads(self) -> list[Any]:
        """Everything as it reads, with the replies under each: what a way there and back must not change."""
        with self.app.app_context():
            reading = self.reading()
            found = [_read(text, list(reading.replies(text.id))) for text in reading.entries()]
            db.session.rollback()
            return sorted(found, key=str)


def _read(text: Text, replies: list[Text]) -> Any:
    answered = {reply.id: reply for reply in replies}

    def above(reply: Text) -> Any:
        parent = answered.get(reply.parent or "")
        return (parent.when, parent.body.strip("\n")) if parent else None

    return (
        text.kind, text.when, text.title, text.author, text.log, tuple(text.tags), text.body.strip("\n"),
        tuple(sorted((name, str(value)) for name, value in text.more.items())),
        sorted((reply.when, reply.author, reply.body.strip("\n"), above(reply)) for reply in replies),
    )  # fmt: skip


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Callable[[str], Node]]:
    """Make a node with a network of its own, by a name."""
    made: list[Node] = []

    def make(name: str) -> Node:
        app = make_app(tmp_path / name)
        made.append(Node(app, tmp_path))
        with app.app_context():
            make_network(db.session())
            commit()
        return made[-1]

    yield make
    for one in made:
        with one.app.app_context():
            db.session.rollback()
            db.engine.dispose()


@pytest.fixture
def hall(node: Callable[[str], Node]) -> Node:
    """A node whose people have written something of every kind."""
    hall = node("hall")
    with hall.app.app_context():
        fill(hall)
    return hall


@pytest.fixture
def pier(node: Callable[[str], Node]) -> Node:
    """A fresh node."""
    return node("pier")


def fill(hall: Node) -> None:
    """Write a talk with replies, an idea that came from it, news with a file, a note, and what nobody may see."""
    session = db.session()
    partner = make_partner(session, "The Corn Hall", place="Saltby", about="=HYPERLINK(1)")
    josie = make_account(session, "Josie Calder", email="canary@secret.example", partner=partner.id)
    wren = make_account(session, "Wren Achebe", about="Plays the tuba.", visibility="public")
    body = "A door.\n\n<!-- partnernet:replies -->\n\nAnd?"
    talk = make_entry(session, josie, title="What does a hall need?", body=body, tags=["halls"])
    reply = make_reply(session, talk, wren, body=f"Ask @[{josie.handle}].\n\nFrom here on: a kettle.")
    make_reply(session, reply, josie, body="=1+1 kettles — and *two* cups. 🫖")
    idea = make_entry(session, wren, "idea", title="A van for all: yes?", body="We share it.", stage="define")
    poster = attach(hall, "poster.pdf", POSTER)
    news = make_entry(session, josie, "news", visibility="public", title="CON", body="It is open.", files=[poster],
                      standfirst='He said: "come"', learning=["- Ask first", "Pay the fare"])  # fmt: skip
    note = make_entry(session, wren, "note", title="Nodiadau’r Hydref", body="# Present\n\nAll.", held="2025-10-09",
                      host=partner.id)  # fmt: skip
    gone = make_entry(session, josie, title="canary removed", body="canary removed")
    erased = make_entry(session, josie, title="canary erased", body="canary erased")
    links.link(session, idea, talk, by=actor_of(session, wren))
    verbs.delete(session, actor_of(session, josie), gone)
    verbs.redact(session, actor_of(session, josie), erased)
    commit()
    hall.made = {
        "talk": talk.id, "reply": reply.id, "idea": idea.id, "news": news.id, "note": note.id, "gone": gone.id,
        "josie": josie.handle, "wren": wren.handle, "erased": erased.id,
    }  # fmt: skip
    session.rollback()


def attach(node: Node, name: str, content: bytes) -> dict[str, Any]:
    """A file that is kept, as an op names it."""
    stored = node.app.extensions["partnernet.files"].store(io.BytesIO(content), 1 << 20)
    return {"sha256": stored.sha256, "name": name, "type": "application/pdf", "size": stored.size}
