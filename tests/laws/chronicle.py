"""What happened in a story, in plain words for whoever reads why a law failed, and how often the rare things happen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import currently_in_test_context, event, note

from partnernet.core.ledger.op import Op


class Chronicle:
    """Keeps a story as sentences: hypothesis prints those of the shortest one that breaks a law."""

    written: dict[str, Op]
    called: dict[str, str]
    """What each op is called in the sentences."""
    happened: Counter[str]

    def say(self, sentence: str) -> None:
        """One sentence of the story."""
        if currently_in_test_context():
            note(sentence)

    def happens(self, what: str) -> None:
        """Something that a law is there for has come about; `--hypothesis-show-statistics` says in how many stories."""
        self.happened[what] += 1
        if currently_in_test_context():
            event(what)

    def call(self, some: Op) -> str:
        """What an op is called."""
        return self.called.setdefault(some.id, f"{some.kind}#{len(self.called) + 1}")

    def names(self, ids: Iterable[str]) -> str:
        """What some ops are called."""
        return ", ".join(self.called.get(op_id, op_id[:8]) for op_id in ids) or "nothing"

    def say_written(self, where: str, some: Op) -> None:
        """Say that somebody wrote an op."""
        what = f"{self.call(some)} in the {some.log} log"
        if not some.is_create:
            what += f", about {self.names([some.entity])}, having seen {self.names(some.par)}"
        rests = f", relying on {self.names([some.h['mem']])}" if "mem" in some.h else ""
        names = f", naming {self.names(some.h['ops'])}" if "ops" in some.h else ""
        self.say(f"{where} writes {what}{rests}{names}, stamped {some.ts}: {_values(some.b or {})}")


def _values(body: Mapping[str, Any]) -> str:
    values = body.get("set", {name: value for name, value in body.items() if name != "salt"})
    return str(values)[:300]
