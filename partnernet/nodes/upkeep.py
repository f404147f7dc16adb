"""Housekeeping: what waits of servers that may write comes in as their quotas allow; the network's list is kept to.

So is a handover to a new key that a crash of its command cut short.
"""

from flask import current_app
from sqlalchemy.orm import Session

from partnernet.nodes.network_key import finish_rotation
from partnernet.nodes.network_list import follow, take_signed
from partnernet.nodes.quarantine import take_what_waits
from partnernet.web.here import this_node


def let_in_what_may(session: Session) -> None:
    """Let in what waits within quotas; it may hold a newer list of the network."""
    node = this_node()
    take_signed(session)
    take_what_waits(session)
    follow(session, node)
    finish_rotation(session, node, current_app.config["DATA"])
