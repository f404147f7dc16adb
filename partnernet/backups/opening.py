"""A node as it was laid out from a backup, opened in a folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from partnernet.backups.form import Manifest
from partnernet.backups.reading import DATABASE
from partnernet.core import dump
from partnernet.core.db import db
from partnernet.core.dump import SQLITE
from partnernet.core.errors import Refused

SQLITE_FILE = "partnernet.db"
WHERE = "This backup is of a PostgreSQL database: say with PARTNERNET_DATABASE_URL where an empty one is."


@contextmanager
def opened(folder: Path, manifest: Manifest, url: str | None = None) -> Iterator[Flask]:
    """Open it, brought up to date, under a new incarnation, and told what is known to be erased.

    `url` is an empty PostgreSQL database for a backup of such a one.
    """
    from partnernet import create_app

    if manifest.database["kind"] == SQLITE:
        (folder / DATABASE).replace(folder / SQLITE_FILE)
        url = f"sqlite:///{folder / SQLITE_FILE}"
    elif url is None:
        raise Refused(WHERE)
    else:
        dump.load(folder / DATABASE, url)
        (folder / DATABASE).unlink()
    app = create_app({"DATA": folder, "DATABASE_URL": url, "BACKUPS": "off", "LAID_OUT": True})
    with app.app_context():
        try:
            yield app
        finally:
            db.session.rollback()
            db.engine.dispose()
