"""What one exchange did: counted while it goes on, kept when it is over."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from partnernet.nodes.admit import SHARED
from partnernet.sync.intake import Taken
from partnernet.sync.peers import Guest


@dataclass(slots=True)
class Report:
    """What an exchange did."""

    came: int = 0
    """Statements that are new here."""
    late: int = 0
    """Texts that had been missing here."""
    waiting: int = 0
    """Statements that wait outside, or for a person."""
    went: int = 0
    """Statements that the other server has taken."""
    files: int = 0
    """Files that came, and are whole."""
    file_bytes: int = 0
    given: int = 0
    """Files that went out, and are whole there."""
    held: bool = False
    """Whether something waits for a steward here."""
    refused: str = ""
    """What the other server did not take, in a sentence."""
    rights: dict[str, list[str]] = field(default_factory=dict)
    """The logs that each may be given by the other and may bring there: `reads` and `writes` of theirs here, and
    `given` and `taken` of what they say this server may do there."""
    trips: int = 0
    received: int = 0
    sent: int = 0

    def said(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def note_rights(self, other: Guest, said: Mapping[str, Any]) -> None:
        """Note which way what may go, by what was decided here and what they said."""
        theirs = {"given": said.get("reads"), "taken": said.get("writes")}
        self.rights = {
            "reads": shared(other.reads), "writes": shared(other.writes),
            **{name: shared(logs if isinstance(logs, list) else ()) for name, logs in theirs.items()},
        }  # fmt: skip

    def add(self, taken: Taken) -> None:
        """Count what became of a page."""
        self.came += taken.ops
        self.late += taken.late
        self.waiting += taken.waiting
        self.held = self.held or taken.is_held


def shared(logs: Iterable[object]) -> list[str]:
    """Those of some logs that servers can be given a part in."""
    return [log for log in SHARED if log in logs]
