"""Fixtures of every test: a node of its own, in a folder of its own, with real parts."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from partnernet import create_app
from partnernet.core.db import db
from tests import prepared
from tests.browser import browser, visitor
from tests.progress import progress

__all__ = ["browser", "progress", "visitor"]

prepared.share()


def pytest_collection_finish() -> None:
    """Let Python look for what can go among what the tests make, and not among the tests and modules themselves.

    Thousands of tests are known and the program is loaded: a quarter of the time went into going through all that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20)


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Browser(FlaskClient):
    """A client that says, as browsers do, that it comes from our own pages."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if "Sec-Fetch-Site" not in headers and "Origin" not in headers:
            headers |= SAME_ORIGIN
        kwargs.setdefault("buffered", True)  # an answer that is a file is read, and the file closed
        with self.application.app_context():  # as on a server, each request knows nothing of the one before
            return super().open(*args, headers=headers, **kwargs)


def settings(folder: Path) -> dict[str, Any]:
    """The settings of a node in a folder; one that is not there yet finds its tables made."""
    given: dict[str, Any] = {"DATA": folder, "TESTING": True}
    if url := prepared.database_in(folder):
        given["DATABASE_URL"] = url
    return given


def make_app(folder: Path) -> Flask:
    """A node in a folder."""
    app = create_app(settings(folder))
    app.test_client_class = Browser
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A fresh node."""
    app = make_app(tmp_path / "node")
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The database session of the node."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()
