"""After much was written at once: whoever hears of it catches up, and the index with them."""

from flask import Flask
from sqlalchemy.orm import Session

from partnernet.core.consumers import drain_all
from partnernet.core.lock import FileLock


def catch_up(session: Session, app: Flask, *, index: bool = True) -> None:
    """Let every consumer and the index catch up, unless a running server is about to do it."""
    lock = FileLock(app.config["DATA"] / "background.lock")
    if not lock.acquire():
        return
    try:
        drain_all(session)
    finally:
        lock.release()
    if index and "partnernet.search" in app.extensions:
        from partnernet.search.indexer import catch_up as catch_up_index

        catch_up_index(app)
