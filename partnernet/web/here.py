"""What the running program has of its own: the node that it is now, and the files that it keeps."""

from flask import current_app

from partnernet.core.files import Files
from partnernet.core.ledger.node import Node


def this_node() -> Node:
    """The node that runs here; another one once it has taken a new incarnation or a new key."""
    node: Node = current_app.extensions["partnernet.node"]
    return node


def its_files() -> Files:
    """The attached files of this node."""
    files: Files = current_app.extensions["partnernet.files"]
    return files
