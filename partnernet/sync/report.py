"""What one exchange did: counted while it goes on, kept when it is over."""

from dataclasses import asdict, dataclass
from typing import Any

from partnernet.sync.intake import Taken


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
    trips: int = 0
    received: int = 0
    sent: int = 0

    def said(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def add(self, taken: Taken) -> None:
        """Count what became of a page."""
        self.came += taken.ops
        self.late += taken.late
        self.waiting += taken.waiting
        self.held = self.held or taken.is_held
