"""A fresh database on the throw-away PostgreSQL of the tests (`.ci/postgres`)."""

import os
import uuid

from sqlalchemy import create_engine, make_url, text

ON_POSTGRES = "PARTNERNET_TEST_DATABASE_URL" in os.environ


def fresh_database(url: str, like: str = "") -> str:
    """Make a database beside the one of `url`, empty or like that of another address; the address of the new one."""
    template = make_url(like).database if like else "template1"
    name = "t" + uuid.uuid4().hex
    server = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"create database {name} template {template}"))
    server.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
