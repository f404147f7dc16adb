"""What the commands share: a bar on a terminal, and files that are whole or not there."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from partnernet.core.errors import Refused
from partnernet.core.files import storing
from partnernet.core.ledger.node import sync_folder


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that stands under its name once it is whole, in the place of an older one; raises Refused if none can."""
    if path.is_dir():
        raise Refused(f"{path} is a folder: give the name of a file.")
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}: make it first, or choose another place.")
    part = path.with_name(path.name + ".part")
    try:
        with storing():
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync_folder(path.resolve().parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, told how much more is done; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)
