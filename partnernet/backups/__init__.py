"""Backups: everything that a server owns in one file, taken while it runs, and put back by one command."""

import atexit

from flask import Flask

from partnernet.backups import nightly
from partnernet.web.feature import Feature


def init_app(app: Flask) -> None:
    """End with the server what it has begun."""
    atexit.register(nightly.end_running)


BACKUPS = Feature("backups", chores=(nightly.nightly,), rounds=(nightly.asked,), init_app=init_app)
