"""This node: its key, and what it must remember outside the database and its backups."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.core.ledger.op import NODE_ITSELF

SIGNATURE_BYTES = 64
STATE, NETWORK_KEY = "node-state.json", "network.key"
INCARNATION = 26
"""Characters of an incarnation."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key that signs for a node or a network."""

    public: str
    secret: bytes

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        public, secret = crypto_sign_seed_keypair(seed)
        return cls(to_base32(public), secret)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return bytes(crypto_sign(message, self.secret)[:SIGNATURE_BYTES])


@dataclass(frozen=True, slots=True)
class Node:
    """One running server: the key it signs with, and the incarnation that numbers its ops."""

    key: SigningKey
    inc: str
    network_key: SigningKey | None = None
    """The key of the network, where this node keeps it."""
    network: str | None = None
    """The network that this node belongs to, whose stewards may look after what is made here."""
    history: str = ""
    """Which history of the database this is: another one since it was put back from a copy."""

    @property
    def id(self) -> str:
        return self.key.public


class Author(Protocol):
    """Who writes an op, and at which node."""

    @property
    def node(self) -> Node: ...

    @property
    def handle(self) -> str: ...

    @property
    def partner(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class NodeItself:
    """The node as an author: it makes the network and brings in old documents."""

    node: Node
    partner: str | None = None

    @property
    def handle(self) -> str:
        return NODE_ITSELF


def new_incarnation() -> str:
    """A random incarnation: numbers start at 1 again under it."""
    return to_base32(os.urandom(16))


def new_handle() -> str:
    """The handle of a person whose card is made at this node."""
    return "p" + to_base32(os.urandom(16))


def open_node(folder: Path) -> Node:
    """The node whose files lie in a folder; its key and state are made there at the first start."""
    key = SigningKey.from_seed(_secret(folder / "node.key"))
    state = read_state(folder, key.public)
    if state is None:
        state = State(node=key.public, inc=new_incarnation())
        state.write(folder)
    return Node(key, state.inc, network_key_in(folder), history=state.history or state.inc)


def network_key_in(folder: Path) -> SigningKey | None:
    """The key of the network that lies in a folder; None where it is kept elsewhere."""
    try:
        return SigningKey.from_seed(from_base32((folder / NETWORK_KEY).read_text().strip(), 32))
    except FileNotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class State:
    """What a node knows of itself outside its database and its backups: so it knows when that was put back."""

    node: str
    inc: str
    epoch: int | None = None
    """A random number that the database holds, too, and that changes whenever the node begins to serve."""
    next_epoch: int | None = None
    """The one that the database is just getting."""
    marks: Mapping[str, int] = field(default_factory=dict)
    """The highest number that was given in each log under this incarnation."""
    last: tuple[int, str] | None = None
    """The newest op that was seen in the database: its row number and its id."""
    erasures: int = 0
    """The row number up to which erasures were copied to their file."""
    history: str = ""
    """The incarnation that was taken when the database was last exchanged; the first one where it is empty."""
    place: str = ""
    """A hash of the machine and the folder."""
    served: bool = False
    """Whether a server has begun to run on this folder, and has not ended by itself."""
    ask_first: bool = False
    """Whether other servers have to be asked what was erased before this one shows anything."""

    def write(self, folder: Path) -> None:
        """Make it last."""
        write_durably(folder / STATE, json.dumps(asdict(self), indent=1).encode() + b"\n")


def read_state(folder: Path, node: str) -> State | None:
    """The state in a folder; None where there is none, where it is damaged, or another node's."""
    try:
        given: dict[str, Any] = json.loads((folder / STATE).read_bytes())
        given = {"node": node, **{name: given[name] for name in _STATE_FIELDS if name in given}}
        if given.get("last") is not None:
            n, op_id = given["last"]
            given["last"] = (int(n), str(op_id))
        given["marks"] = {str(log): int(seq) for log, seq in given.get("marks", {}).items()}
        state = State(**given)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return state if state.node == node and isinstance(state.inc, str) and len(state.inc) == INCARNATION else None


def make_network_key(folder: Path) -> SigningKey:
    """Make the key that signs who looks after the network; kept beside the node's own."""
    return SigningKey.from_seed(_secret(folder / NETWORK_KEY))


_STATE_FIELDS = [each.name for each in fields(State)]


def _secret(path: Path) -> bytes:
    """The 32 secret bytes in a file that only its owner may read; made where there is none."""
    try:
        return from_base32(path.read_text().strip(), 32)
    except FileNotFoundError:
        seed = os.urandom(32)
        write_durably(path, to_base32(seed).encode() + b"\n", mode=0o600)
        return seed


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put a whole file in place, or leave what was there: part, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
