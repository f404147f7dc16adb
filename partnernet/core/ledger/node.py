"""This node: its key, and what it must remember outside the database and its backups."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from partnernet.core.errors import Refused
from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.core.ledger.op import NODE_ITSELF

SIGNATURE_BYTES = 64


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
    seed = _secret(folder / "node.key")
    state_path = folder / "node-state.json"
    try:
        state = json.loads(state_path.read_text())
        inc = state["inc"]
    except FileNotFoundError:
        inc = new_incarnation()
        write_durably(state_path, json.dumps({"inc": inc}).encode())
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{state_path.name} is damaged: restore it, or remove it to start a new incarnation.") from error
    network_path = folder / "network.key"
    network_key = SigningKey.from_seed(_secret(network_path)) if network_path.exists() else None
    return Node(SigningKey.from_seed(seed), inc, network_key)


def make_network_key(folder: Path) -> SigningKey:
    """Make the key that signs who looks after the network; kept beside the node's own."""
    return SigningKey.from_seed(_secret(folder / "network.key"))


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
