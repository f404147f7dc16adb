"""Housekeeping: what waits of servers that may write comes in as their quotas allow; the network's list is kept to."""

from flask import current_app
from sqlalchemy.orm import Session

from partnernet.nodes.network_list import follow
from partnernet.nodes.quarantine import take_what_waits


def let_in_what_may(session: Session) -> None:
    """Let in what waits within quotas; it may hold a newer list of the network."""
    take_what_waits(session)
    follow(session, current_app.extensions["partnernet.node"])
