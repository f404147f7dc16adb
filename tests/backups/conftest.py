"""A node with something to lose, and a backup of it."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from partnernet.people.model import Account
from tests.backups import house


@pytest.fixture
def josie(session: Session) -> Account:
    """The steward of a node that has something to lose."""
    return house.furnish(session)


@pytest.fixture
def backup(app: Flask, josie: Account, tmp_path: Path) -> Path:
    """A backup of that node."""
    return house.back_up(app, tmp_path / "one.backup.tar.gz").path
