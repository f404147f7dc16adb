"""What the commands of the exchange share: a bar on a terminal, and files that are whole or not there."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from partnernet.core.files import Files, storing
from partnernet.core.ledger.node import Node, sync_folder


def this_node() -> Node:
    """The node that a command runs for."""
    node: Node = current_app.extensions["partnernet.node"]
    return node


def its_files() -> Files:
    """The files of that node."""
    files: Files = current_app.extensions["partnernet.files"]
    return files


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands under its name once it is whole, and not before."""
    part = path.with_name(path.name + ".part")
    try:
        with storing(), part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.resolve().parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)
