"""Two servers that have something to tell each other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.exchange.nodes import Server
from tests.exchange.places import Place, place

__all__ = ("place",)


@pytest.fixture
def hall(place: Callable[[str], Place]) -> Place:
    """A server whose people have written, replied, changed their mind, erased, and attached a file."""
    hall = place("hall")
    josie, wren = hall.person("Josie Calder"), hall.person("Wren Achebe")
    poster = hall.write(josie, "A poster for spring", body="What shall be on it?", files=[hall.attach()])
    hall.reply(wren, poster, "A lantern — and the river. 🏮")
    hall.edit(josie, poster.id, body="What shall be on it? By Friday, please.")
    hall.write(wren, "Open to all", "public", body="Everybody may read this.")
    gone = hall.write(wren, "A secret said by mistake", body="The canary sings.")
    hall.redact(wren, gone.id)
    hall.append(josie, "weather", {"set": {"sky": "a kind that nobody knows yet"}})
    return hall


@pytest.fixture
def barge(place: Callable[[str], Place]) -> Place:
    """An empty server."""
    return place("barge")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """Set up a whole server by its name."""
    made: list[Server] = []

    def set_up(name: str) -> Server:
        made.append(Server(tmp_path / name))
        return made[-1]

    yield set_up
    for one in made:
        one.close()


@pytest.fixture
def pier(server: Callable[[str], Server]) -> Server:
    """An empty server with pages and commands."""
    return server("pier")
