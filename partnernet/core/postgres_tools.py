"""PostgreSQL's own tools, `pg_dump` and `pg_restore`: how they are run, and what they complain of, in sentences."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from shutil import which
from typing import Any

from sqlalchemy import URL

from partnernet.core.errors import Refused, StorageFull

_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "host": "PGHOST", "port": "PGPORT"}
_PREFIX = re.compile(r"^(?:pg_(?:dump|restore): )?(?:error: )?(?:could not execute query: )?(?:ERROR:\s+)?")
_VERSIONS = re.compile(r"server version: ([^;\s]+).*?pg_dump version: (\S+)", re.DOTALL).search


def run(tool: str, url: URL | None, given: Sequence[str]) -> None:
    """Run one of the tools; the password goes by the environment, where nobody else can read it.

    Raises Refused in a sentence that says what to do, and StorageFull.
    """
    program = which(tool)
    if program is None:
        raise Refused(
            f"{tool} was not found: install PostgreSQL's client programs (postgresql-client) on this machine."
        )
    # As a list of names and values: a name with a sign in it would be read as one.
    target = [f"--dbname=dbname={_quoted(str(url.database))}"] if url is not None else []
    done = subprocess.run(  # noqa: S603 - a tool of PostgreSQL, with arguments of ours
        [program, *target, *given],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        env={**os.environ, **(_environment(url) if url is not None else {}), "LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        raise complaint(tool, done.stderr.decode(errors="replace"))


def complaint(tool: str, words: str) -> Refused:
    """What a tool complains of, as what is to be done about it."""
    lines = [_PREFIX.sub("", line).strip().rstrip(".") for line in words.splitlines() if line.strip()]
    first = lines[0] if lines else "it does not say why"
    for sign, sentence in _COMPLAINTS.items():
        if sign in words:
            return sentence(tool, first, words)
    return Refused(f"{tool} could not do it: {first}.")


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", r"\\").replace("'", r"\'") + "'"


def _environment(url: URL) -> Mapping[str, str]:
    """The address of a database as PostgreSQL's tools read it."""
    known: dict[str, Any] = {
        "PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password,
        **{_OPTIONS[name]: value for name, value in url.query.items() if name in _OPTIONS},
    }  # fmt: skip
    return {name: str(value) for name, value in known.items() if value}


# -- complaints ------------------------------------------------------------------------------------


def _too_old(tool: str, first: str, words: str) -> Refused:
    found = _VERSIONS(words)
    server, own = (found[1], found[2]) if found else ("newer", "older")
    return Refused(
        f"{tool} ({own}) is older than the server of the database ({server}): install PostgreSQL's client programs of "
        f"version {server.partition('.')[0]} on this machine, and put them first in the PATH."
    )


def _newer_backup(tool: str, first: str, words: str) -> Refused:
    return Refused(
        f"{tool} is older than the PostgreSQL that this backup came from ({first}): install the client programs of "
        "that version or a newer one on this machine."
    )


def _older_server(tool: str, first: str, words: str) -> Refused:
    return Refused(
        f"The server of this database is older than the one that the backup came from ({first}): restore into one of "
        "that version or a newer one."
    )


def _not_allowed(tool: str, first: str, words: str) -> Refused:
    return Refused(
        f"The user of the database may not do that ({first}): make an empty database that belongs to it (createdb "
        "--owner), and give its address with PARTNERNET_DATABASE_URL."
    )


def _not_reached(tool: str, first: str, words: str) -> Refused:
    return Refused(f"The database cannot be opened ({first}): look at PARTNERNET_DATABASE_URL.")


def _full(tool: str, first: str, words: str) -> Refused:
    return StorageFull(f"There was no room left while {tool} ran ({first}): make room, and try again.")


_COMPLAINTS: Mapping[str, Callable[[str, str, str], Refused]] = {
    "server version mismatch": _too_old,
    "unsupported version": _newer_backup,
    "unrecognized configuration parameter": _older_server,
    "No space left on device": _full,
    "could not extend file": _full,
    "permission denied": _not_allowed,
    "must be owner": _not_allowed,
    "connection to server": _not_reached,
    "could not translate host name": _not_reached,
}
