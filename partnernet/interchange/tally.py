"""What was written out and what was not, counted on the way and said in plain words."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[int], None]

PLURALS = {"reply": "replies", "news": "news", "person": "people", "term": "words of the word list"}


@dataclass(slots=True)
class Tally:
    """The counts of one write-out."""

    kinds: Counter[str] = field(default_factory=Counter)
    files: int = 0
    missing: int = 0
    """Attachments that have not reached this server."""
    too_large: int = 0
    """Attachments that are more than the form can hold."""
    progress: Progress = lambda count: None

    def add(self, kind: str) -> None:
        """Count one more."""
        self.kinds[kind] += 1
        self.progress(1)

    def sentences(self) -> Iterator[str]:
        """All of it in plain words."""
        made = ", ".join(_number(n, kind) for kind, n in sorted(self.kinds.items()))
        files = f" Attachments: {self.files:,}." if self.files else ""
        yield f"Written out: {made}.{files}" if made else "There was nothing to write out."
        if self.missing:
            yield f"Attachments that have not reached this server, and so are not in it: {self.missing:,}."
        if self.too_large:
            yield f"Attachments that were left out, as they are too large for a mail: {self.too_large:,}."

    def said(self) -> dict[str, Any]:
        """The same for a script."""
        return {
            "written": dict(sorted(self.kinds.items())), "files": self.files, "missing": self.missing,
            "too_large": self.too_large,
        }  # fmt: skip


def _number(n: int, kind: str) -> str:
    return f"1 {kind}" if n == 1 and kind != "news" else f"{n:,} {PLURALS.get(kind, kind + 's')}"
