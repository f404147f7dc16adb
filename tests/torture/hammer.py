"""Mixed writes against a served node over HTTP, and what it has acknowledged."""

import http.client
import itertools
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

WORDS = ("harbour", "lantern", "quilt", "marble", "thicket", "ember", "saddle", "violin")
ACTS = ("discussion", "idea", "reply", "edit", "tag", "remove")


@dataclass(slots=True)
class Text:
    """One text that was sent for an entry, by its word: when its sending began and ended, as counted moments."""

    word: str
    began: int
    ended: int
    answered: bool
    """Whether the server said yes; where it did not, it may or may not stand."""


@dataclass
class Acknowledged:
    """Everything that a server has said yes to, by address."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    moments: Iterator[int] = field(default_factory=itertools.count)
    entries: dict[str, list[Text]] = field(default_factory=dict)
    """The texts of each entry, by its path."""
    replies: dict[str, str] = field(default_factory=dict)
    tags: set[tuple[str, str]] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    count: int = 0

    def words(self, path: str) -> set[str]:
        """The words of every text of an entry that the server said yes to: none may be lost."""
        return {text.word for text in self.entries[path] if text.answered}

    def newest(self, path: str) -> set[str]:
        """The words that may stand in an entry: none of a text that was over before a later yes was even asked for.

        Two writers may change an entry at once; then the order in which they hear of it says nothing.
        """
        texts = self.entries[path]
        last = max(text.began for text in texts if text.answered)
        return {text.word for text in texts if text.ended >= last}


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
            began = self.moment()
            path = self.post(page, {**fields, "stage": "discover"})
            self.note(lambda: self.said.entries.__setitem__(path, [Text(word, began, next(self.said.moments), True)]))
            return
        path = self.draw.choice(entries)
        short = path.split("/")[2][:12]
        if act == "reply":
            address = self.post(f"/replies/to/{short}", {"body": f"My answer is {word}."})
            self.note(lambda: self.said.replies.__setitem__(address, word))
        elif act == "edit":
            self.edit(path, word)
        elif act == "tag":
            self.post(f"/entries/{short}/tags", {"tags": word})
            self.note(lambda: self.said.tags.add((path, word)))
        else:
            with self.said.lock:
                self.said.removed.add(path)
            self.post(f"/entries/{short}/removal", {})
            self.note(lambda: None)

    def edit(self, path: str, word: str) -> None:
        """A new text of an entry; one that is not answered is kept too, since it may have been written."""
        began, answered = self.moment(), False
        try:
            self.post(f"{path}/edit", {"title": f"About {word}", "body": f"It is {word} now.", "stage": "define"})
            answered = True
        finally:
            with self.said.lock:
                self.said.entries[path].append(Text(word, began, next(self.said.moments), answered))
        self.note(lambda: None)

    def moment(self) -> int:
        """Now, as a number that grows: what is sent after an answer has a higher one than that answer."""
        with self.said.lock:
            return next(self.said.moments)

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
