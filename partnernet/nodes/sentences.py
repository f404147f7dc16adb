"""What a server may do and how well it is known, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from partnernet.core.policy import NETWORK, PUBLIC, Actor
from partnernet.core.words import _, lazy
from partnernet.nodes.admit import MEMBERSHIP, SAID, SHARED
from partnernet.nodes.known import Server
from partnernet.people.names import SOMEBODY
from partnernet.web.dates import day_short

NOTHING, ONLY_PUBLIC, EVERYTHING = "nothing", "public", "everything"
LOGS: Mapping[str, Sequence[str]] = {NOTHING: (), ONLY_PUBLIC: (PUBLIC,), EVERYTHING: (PUBLIC, NETWORK)}
"""The rights that people choose from, each as the logs it stands for."""

READS = {
    EVERYTHING: lazy("Everything that is public or open to the network"),
    ONLY_PUBLIC: lazy("Only what is public"),
    NOTHING: lazy("Nothing: only bundles on sticks and in e-mails go there"),
}
WRITES = {
    EVERYTHING: lazy("Everything that it wrote for everybody or for the network"),
    ONLY_PUBLIC: lazy("Only what it wrote for everybody"),
    NOTHING: lazy("Nothing: it waits outside until somebody decides"),
}


def right_of(logs: Sequence[str]) -> str:
    """Which of the rights some logs are."""
    return EVERYTHING if NETWORK in logs else ONLY_PUBLIC if PUBLIC in logs else NOTHING


def how_known(server: Server, *, to: Actor, by: str = "") -> str:
    """How well a server is known. `by` is what whoever compared words here is called."""
    node = server.node
    if node.paired:
        on, met = day_short(node.paired), node.met or SOMEBODY.text
        if node.paired_by == to.handle:
            return _("You compared six words with %(person)s on %(day)s.", person=met, day=on)
        return _("%(name)s compared six words with %(person)s on %(day)s.", name=by, person=met, day=on)
    if node.origin == MEMBERSHIP:
        return _("Named by the network; nobody here has compared words with it.")
    if node.admitted:
        return _("Let in on %(day)s; nobody here has compared words with it.", day=day_short(node.since))
    if (node.name and node.origin != SAID) or node.address:
        return _("Known by its card since %(day)s, never compared.", day=day_short(node.since))
    return _("Seen in a bundle on %(day)s, never compared.", day=day_short(node.since))


def state(server: Server) -> str:
    """What of it is let in, in a few words; of one that is only given something, that."""
    return {
        EVERYTHING: _("Let in."),
        ONLY_PUBLIC: _("Let in for what is public."),
        NOTHING: _("Only given things.") if server.reads else _("Not let in."),
    }[right_of(server.writes)]


def state_beside(server: Server) -> str:
    """What of it is let in, to be said before how well it is known; empty where that says as much by itself."""
    is_said = server.node.origin != MEMBERSHIP and not server.node.paired and right_of(server.writes) == EVERYTHING
    return "" if is_said else state(server)


def differs(server: Server, entry: Mapping[str, Any]) -> bool:
    """Whether the network's list gives a server other rights than it has here."""
    said = {name: [log for log in SHARED if log in entry[name]] for name in ("reads", "writes")}
    return said != {"reads": list(server.reads), "writes": list(server.writes)}


def list_says(server: Server, entry: Mapping[str, Any] | None) -> str:
    """What the network's list says of a server, and whether it is done so here."""
    if entry is None:
        return _("It is not on the network’s list: other servers of the network decide about it by themselves.")
    if differs(server, entry):
        return _("The network’s list gives it other rights than it has here; what was decided here holds.")
    return _("It is on the network’s list, with the rights that it has here.")
