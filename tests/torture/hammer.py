"""Mixed writes against a served node over HTTP, and what it has acknowledged."""

import http.client
import random
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

WORDS = ("harbour", "lantern", "quilt", "marble", "thicket", "ember", "saddle", "violin")
ACTS = ("discussion", "idea", "reply", "edit", "tag", "remove")


@dataclass
class Acknowledged:
    """Everything that a server has said yes to, by address."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    entries: dict[str, str] = field(default_factory=dict)
    """The word that stands in the newest text of each entry, by its path."""
    replies: dict[str, str] = field(default_factory=dict)
    tags: set[tuple[str, str]] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    uncertain: set[str] = field(default_factory=set)
    """Entries whose last change was sent and not answered: both the old and the new are right."""
    count: int = 0


class Hammer(threading.Thread):
    """One signed-in browser that writes without a pause, until the server is gone."""

    def __init__(
        self, address: str, cookie: str, seed: int, said: Acknowledged, enough: threading.Event, after: int
    ) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        self.cookie, self.draw, self.said = cookie, random.Random(seed), said
        self.enough, self.after, self.own = enough, after, 0

    def run(self) -> None:
        try:
            while True:
                self.act(self.draw.choice(ACTS))
        except (OSError, http.client.HTTPException):
            self.enough.set()
        finally:
            self.connection.close()

    def act(self, act: str) -> None:
        """One write; noted only when the server has answered it."""
        word = f"{self.draw.choice(WORDS)}{self.draw.getrandbits(48):x}"
        with self.said.lock:
            entries = [path for path in self.said.entries if path not in self.said.removed]
        if act in ("discussion", "idea") or not entries:
            fields = {"title": f"About {word}", "body": f"We should talk about {word}.", "visibility": "network"}
            page = "/ideas/new" if act == "idea" else "/discussions/new"
            path = self.post(page, {**fields, "stage": "discover"})
            self.note(lambda: self.said.entries.__setitem__(path, word))
            return
        path = self.draw.choice(entries)
        short = path.split("/")[2][:12]
        if act == "reply":
            address = self.post(f"/replies/to/{short}", {"body": f"My answer is {word}."})
            self.note(lambda: self.said.replies.__setitem__(address, word))
        elif act == "edit":
            with self.said.lock:
                self.said.uncertain.add(path)
            self.post(f"{path}/edit", {"title": f"About {word}", "body": f"It is {word} now.", "stage": "define"})
            self.note(lambda: (self.said.entries.__setitem__(path, word), self.said.uncertain.discard(path)))
        elif act == "tag":
            self.post(f"/entries/{short}/tags", {"tags": word})
            self.note(lambda: self.said.tags.add((path, word)))
        else:
            with self.said.lock:
                self.said.removed.add(path)
            self.post(f"/entries/{short}/removal", {})
            self.note(lambda: None)

    def post(self, path: str, fields: dict[str, Any]) -> str:
        """Send a form; where it leads to, once the server has said yes."""
        self.connection.request("POST", path, urlencode(fields), {
            "Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie, "Sec-Fetch-Site": "same-origin",
        })  # fmt: skip
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 303:
            raise AssertionError(f"{path} answered {answer.status}: {body[-2000:]!r}")
        return urlsplit(answer.headers["Location"]).path

    def note(self, add: Any) -> None:
        with self.said.lock:
            add()
            self.said.count += 1
        self.own += 1
        if self.own >= self.after:
            self.enough.set()
