"""The key of the network: on this server or not, on paper or not, handed over to a new one."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.db import commit, db
from partnernet.core.errors import Refused
from partnernet.core.ledger import membership
from partnernet.core.ledger.canonical import from_base32, to_base32
from partnernet.core.ledger.node import NETWORK_KEY, Node, SigningKey, network_key_in, sync_folder, write_durably
from partnernet.core.words import _
from partnernet.network.model import OWN, own_network, setting, settle
from partnernet.nodes import paper
from partnernet.nodes.card import COPIED
from partnernet.nodes.network_list import publish, signs_here

NEXT = "network.key.next"


def needs_copy(session: Session, node: Node) -> bool:
    """Whether this server keeps the network's key, and nobody has taken a copy of it."""
    return signs_here(session, node) and not is_copied(node, setting(session, COPIED))


def is_copied(node: Node, copied: str) -> bool:
    """Whether the key of which a copy was taken is the one that is kept here."""
    return node.network_key is not None and copied == node.network_key.public


def reminder(session: Session, node: Node) -> str:
    """What to tell whoever looks after this server; empty where there is nothing to tell."""
    if not needs_copy(session, node):
        return ""
    return _(
        "There is no copy of the network’s key outside this server: take one at /exchange/servers/network-key or by "
        "“partnernet network-key copy FILE”, print it and put it away."
    )


def copy(session: Session, node: Node) -> str:
    """The paper of the network's key; that a copy was taken is noted. Raises Refused where the key is not here."""
    key = key_here(session, node)
    network = own_network(session)
    settle(session, COPIED, key.public)
    return paper.write_paper(
        key.secret[: paper.SEED_BYTES], public=key.public, name=network.name if network else "",
        network=setting(session, OWN), day=datetime.now(UTC).date().isoformat(),
    )  # fmt: skip


def restore(session: Session, node: Node, folder: Path, text: str) -> Node:
    """Keep the network's key on this server, from paper; raises Refused where it is another's, or an old one."""
    key = paper.key_of(text)
    current = membership.current_key(session, setting(session, OWN))
    if current is None:
        raise Refused(_("This server does not know its network yet: bring in a bundle of it first."))
    if current != key.public:
        raise Refused(_("These words are not the key of this server’s network, or one that was replaced since."))
    _keep(folder / NETWORK_KEY, key)
    settle(session, COPIED, key.public)
    return replace(node, network_key=key)


def rotate(session: Session, node: Node, folder: Path) -> Node:
    """Hand the network over to a new key, which the old one signs for; raises Refused where the key is not here.

    The new key is on the disk before anything says so, and takes the old one's place after that.
    """
    key_here(session, node)
    fresh = SigningKey.from_seed(os.urandom(paper.SEED_BYTES))
    _keep(folder / NEXT, fresh)
    publish(session, node, new_key=fresh.public)
    commit(session)
    return finish_rotation(session, node, folder)


def finish_rotation(session: Session, node: Node, folder: Path) -> Node:
    """Put a new key in its place that the network was handed over to, also where a crash came in between."""
    path = folder / NEXT
    if not path.exists():
        return node
    fresh = SigningKey.from_seed(from_base32(path.read_text().strip(), paper.SEED_BYTES))
    if membership.current_key(session, setting(session, OWN)) != fresh.public:
        return node
    with suppress(FileNotFoundError):  # another process has just done it
        path.replace(folder / NETWORK_KEY)
    sync_folder(folder)
    return replace(node, network_key=fresh)


def key_here(session: Session, node: Node) -> SigningKey:
    """The key that signs for the network; raises Refused where it is not on this server."""
    if node.network_key is None or not signs_here(session, node):
        raise Refused(_("The key of the network is not on this server: ask the stewards of the one that keeps it."))
    return node.network_key


def _keep(path: Path, key: SigningKey) -> None:
    write_durably(path, to_base32(key.secret[: paper.SEED_BYTES]).encode() + b"\n", mode=0o600)


def init_app(app: Flask) -> None:
    """Finish a handover that a crash cut short, and from then on sign with whatever key lies in the folder."""
    if (app.config["DATA"] / NEXT).exists():
        with app.app_context():
            node = app.extensions["partnernet.node"]
            app.extensions["partnernet.node"] = finish_rotation(db.session(), node, app.config["DATA"])
            db.session.remove()
    app.before_request(_looking(app))


def _looking(app: Flask) -> Callable[[], None]:
    """A look whether a command has put another key in place, or brought one back: one `stat`, nearly always."""
    seen: tuple[object, SigningKey | None] = (None, None)

    def look() -> None:
        nonlocal seen
        folder, node = app.config["DATA"], app.extensions["partnernet.node"]
        try:
            found = (folder / NETWORK_KEY).stat()
            version = (found.st_ino, found.st_mtime_ns)
        except FileNotFoundError:
            version = (0, 0)
        if seen[0] != version:
            seen = (version, network_key_in(folder))
        if node.network_key != seen[1]:
            app.extensions["partnernet.node"] = replace(node, network_key=seen[1])

    return look
