"""Asking others first: a server that was restored where nothing is known of later erasures shows nothing before."""

import logging

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from partnernet.core.db import db
from partnernet.core.errors import Refused
from partnernet.core.ledger import state
from partnernet.core.ledger.tables import KnownNode
from partnernet.sync.address import Unmeant
from partnernet.sync.peers import why_not
from partnernet.sync.running import run

log = logging.getLogger(__name__)

NOBODY = (
    "What was erased since the backup was made is not known here, and there is no other server with an address to ask: "
    "bring in a bundle of another server soon."
)
UNMEANT = (
    "What was erased since the backup was made is not known here. Stop this server and run “partnernet sync NAME "
    "--private” with the name of another one; or sign in as a steward, open the page of another server, and exchange "
    "with it."
)


def reachable(session: Session) -> list[str]:
    """The servers that can be exchanged with from here."""
    keys = session.scalars(select(KnownNode.key).where(KnownNode.address != "").order_by(KnownNode.key)).all()
    return [key for key in keys if not why_not(session, key)]


def ask_first(app: Flask, *, anyway: bool = False) -> str:
    """Hear from other servers what was erased, where that has to be; a sentence for the steward, or none.

    Raises Refused where none of those that could be asked answers. `anyway`: a steward goes on without.
    """
    folder, node, session = app.config["DATA"], app.extensions["partnernet.node"], db.session()
    if not state.must_ask_first(folder, node):
        return ""
    if anyway:
        state.has_asked(folder, node)
        return ""
    failed: list[Refused] = []
    for key in reachable(session):
        try:
            run(session, key)
        except Refused as error:
            session.rollback()
            failed.append(error)
    if not state.must_ask_first(folder, node):
        return ""
    said = " ".join(error.sentence for error in failed)
    if all(isinstance(error, Unmeant) for error in failed):  # only a page can tell this server to ask there
        return f"{UNMEANT} {said}" if failed else NOBODY
    raise Refused(
        "What was erased since the backup was made is not known here, and no other server answers to be asked. "
        f"{said} Try again when one is there, or go on without by “partnernet serve --without-asking”."
    )
