"""How exchange with other servers stands, in words, as their pages show it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.time import now_ms
from partnernet.core.words import _, if_any
from partnernet.nodes.admit import SHARED
from partnernet.sync.model import Peer


@dataclass(frozen=True, slots=True)
class State:
    """How exchange with one server stands."""

    reached: int | None = None
    """When it was last exchanged with."""
    next_at: int | None = None
    """When it will be tried again; None where somebody has to ask for it."""
    every: int = 0
    """Minutes between two exchanges."""
    error: str = ""
    """What went wrong the last time, in a sentence."""
    is_asked: bool = False
    """Whether it is about to begin."""
    is_running: bool = False
    said: list[str] = field(default_factory=list)
    """What the last exchange did, in sentences."""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for."""
        return not (self.is_asked or self.is_running)


NEVER = State()


def of(session: Session, keys: Collection[str]) -> dict[str, State]:
    """How exchange with some servers stands, by their keys, in one statement."""
    now = now_ms()
    found = {peer.node: _state(peer, now) for peer in session.scalars(select(Peer).where(Peer.node.in_(keys)))}
    return {key: found.get(key, NEVER) for key in keys}


def _state(peer: Peer, now: int) -> State:
    is_running = peer.tried is not None and not peer.error and (peer.reached or 0) < peer.tried
    return State(
        reached=peer.reached,
        next_at=peer.next_at,
        every=peer.every,
        error=peer.error,
        is_asked=not is_running and peer.next_at is not None and peer.next_at <= now,
        is_running=is_running and peer.next_at is not None and peer.next_at > now,
        said=sentences(peer.progress) if peer.reached else [],
    )


def sentences(progress: Mapping[str, Any]) -> list[str]:
    """What an exchange did."""
    count = {name: int(progress.get(name) or 0) for name in ("came", "went", "late", "waiting", "files", "given")}
    said = []
    if not any(count.values()) and not progress.get("held"):
        is_all = all(logs == list(SHARED) for logs in progress.get("rights", {}).values())
        said.append(_("Both servers hold the same.") if is_all else _("Nothing new came or went."))
    said += if_any("%(count)s statement came in.", "%(count)s statements came in.", count["came"])
    said += if_any("%(count)s statement went out.", "%(count)s statements went out.", count["went"])
    said += if_any(
        "%(count)s text that had been missing here came in.",
        "%(count)s texts that had been missing here came in.",
        count["late"],
    )
    said += if_any("%(count)s file came in.", "%(count)s files came in.", count["files"])
    said += if_any("%(count)s file went out.", "%(count)s files went out.", count["given"])
    said += if_any(
        "%(count)s statement waits outside, until its server is let in.",
        "%(count)s statements wait outside, until their servers are let in.",
        count["waiting"],
    )
    if progress.get("held"):
        said.append(_("Something waits for you to decide before it is taken in."))
    rights = progress.get("rights", {})
    if not rights.get("given", True):
        said.append(_("They give this server nothing."))
    if not rights.get("taken", True):
        said.append(_("They let nothing of this server in."))
    return said
