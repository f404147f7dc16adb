"""A fresh database on the throw-away PostgreSQL of the tests (`.ci/postgres`)."""

import os
import uuid

from sqlalchemy import create_engine, make_url, text

ON_POSTGRES = "PARTNERNET_TEST_DATABASE_URL" in os.environ


def fresh_database(url: str) -> str:
    """Make an empty database beside the one of `url`; the address of the new one."""
    name = "t" + uuid.uuid4().hex
    server = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"create database {name}"))
    server.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
