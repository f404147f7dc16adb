"""What the commands of the exchange share: for whom they run."""

from flask import current_app

from partnernet.core.files import Files
from partnernet.core.ledger.node import Node


def this_node() -> Node:
    """The node that a command runs for."""
    node: Node = current_app.extensions["partnernet.node"]
    return node


def its_files() -> Files:
    """The files of that node."""
    files: Files = current_app.extensions["partnernet.files"]
    return files
