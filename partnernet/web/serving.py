"""Waitress as we want it: a 304 leaves the connection open, as a browser that has the page expects."""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask


class Task(WSGITask):
    """A request being answered."""

    def set_close_on_finish(self) -> None:
        """Close the connection after an answer of unknown length, but not after one that has no body at all.

        Waitress 3 takes the missing length of a 304 for an unknown one, and every unchanged page would
        cost a new connection.
        """
        asked = self.request.headers.get("CONNECTION", "").lower()
        if self.has_body or self.version != "1.1" or asked == "close":
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """A connection."""

    task_class = Task


def server(app: Any, **settings: Any) -> Any:
    """A server that is ready to run."""
    made = create_server(app, **settings)
    made.channel_class = Channel
    return made
