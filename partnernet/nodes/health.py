"""What is wrong with, or between, servers: for `partnernet check` and the page on the health of this one."""

from sqlalchemy.orm import Session

from partnernet.core.ledger.node import Node
from partnernet.nodes import alarms, network_key


def findings(session: Session, node: Node) -> list[str]:
    """What a steward should look at, in sentences: alarms that nobody has seen, and a key without a copy."""
    told = [f"{alarm.what} {alarm.do}".strip() for alarm in alarms.unseen(session)]
    reminder = network_key.reminder(session, node)
    return told + ([reminder] if reminder else [])
