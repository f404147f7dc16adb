"""What a generation of the index says of itself: how far it has read, and which files it is made of.

The state is the commit point. It names every file with its size and hash and is signed with a key
that only this node has, so that nothing is unpickled that this node did not write: neither a damaged
index nor one that came from elsewhere. What it does not name is left over, and swept.
"""

import hmac
import json
import os
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from partnernet.core.ledger.node import Node, write_durably
from partnernet.search.analysis import ANALYSIS

FILE = "state.json"
FORMAT = f"partnernet-search/3.{ANALYSIS}"
"""Raise it when an older index must be made anew."""

Stamped = tuple[int, str]
Look = tuple[int, int, int]


class Damaged(Exception):
    """The index cannot be used: absent, incomplete, changed, of an older form, or not this node's own."""


@dataclass(frozen=True, slots=True)
class State:
    """One commit of a generation."""

    node: str
    inc: str
    format: str = FORMAT
    position: int = 0
    """Everything in `touched` up to here is in the index."""
    entity: str = ""
    """The entity touched at that position: another one there means another history."""
    documents: int = 0
    erased_at: int = 0
    """Since when, in milliseconds, files hold words that were erased; 0 where none do."""
    files: dict[str, Stamped] = field(default_factory=dict)

    def at(self, position: int, entity: str) -> "State":
        """The same index, further on."""
        return replace(self, position=position, entity=entity)


def empty(node: Node) -> State:
    """The state of an index that holds nothing yet."""
    return State(node.id, node.history or node.inc)


def write(folder: Path, state: State, node: Node) -> None:
    """Make a state last, wholly or not at all."""
    content = json.dumps(asdict(state), sort_keys=True)
    write_durably(folder / FILE, json.dumps({"state": content, "mac": _mac(node, content)}).encode(), mode=0o600)


def read(folder: Path, node: Node) -> State:
    """The state of a generation; raises Damaged unless this node wrote it, in the form it has today."""
    try:
        signed = json.loads(_plain(folder / FILE).read_bytes())
        content, mac = str(signed["state"]), str(signed["mac"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged("The index has no readable state.") from error
    if not hmac.compare_digest(mac.encode(), _mac(node, content).encode()):
        raise Damaged("The index was not written by this node.")
    fields: dict[str, Any] = json.loads(content)
    if fields.get("format") != FORMAT:
        raise Damaged("The index is of an older form.")
    if (fields["node"], fields["inc"]) != (node.id, node.history or node.inc):
        raise Damaged("The index was written before this node was restored.")
    fields["files"] = {name: (size, digest) for name, (size, digest) in fields["files"].items()}
    return State(**fields)


def version(folder: Path) -> tuple[int, int]:
    """Something cheap that differs after each commit; raises OSError where there is no state."""
    found = os.stat(folder / FILE)
    return found.st_ino, found.st_mtime_ns


def stamp(path: Path) -> Stamped:
    """The size and hash of a file."""
    digest, size = blake2b(digest_size=16), 0
    with _plain(path).open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def look(path: Path) -> Look:
    """What tells without reading whether a file was changed since; raises OSError where there is none."""
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns, found.st_ino


def check(folder: Path, state: State, known: dict[str, Look]) -> None:
    """Raise Damaged unless each file is there as it was written.

    Those that look as `known` has them are not read again; it learns how the others look.
    """
    for name, stamped in state.files.items():
        path = folder / name
        try:
            seen = look(path)
            if known.get(name) == seen:
                continue
            intact = stamp(path) == stamped
        except OSError as error:
            raise Damaged(f"{name} of the index cannot be read.") from error
        if not intact:
            raise Damaged(f"{name} of the index is not as it was written.")
        known[name] = seen


def _plain(path: Path) -> Path:
    """The path, where a file lies at it: anything else might never end, or wait for somebody."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return path


def _mac(node: Node, content: str) -> str:
    key = sha256(b"partnernet-search-index\n" + node.key.secret).digest()
    return hmac.new(key, content.encode(), "sha256").hexdigest()
