"""What is not in the ledger cannot leave: canaries of every local table are looked for in every bundle."""

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import String, Text, select

from partnernet.core.db import Base, db
from partnernet.core.entry import Entry
from partnernet.core.policy import STEWARD
from partnernet.people.model import Account
from tests.exchange.nodes import Server
from tests.exchange.places import FORMS, Place

TRAVELS = {
    "op",
    "have",
    "entry",
    "mark",
    "attachment",
    "membership",
    "touched",
    "person",
    "partner",
    "network",
    "rendering",
}
"""Tables of the ledger, and what is derived from it."""
COMMON = 12
"""Characters below which a value says nothing of where it came from."""


def everything_in(path: Path) -> bytes:
    if not path.name.endswith(".zip"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def secrets(server: Server) -> set[str]:
    """Every text in the tables that do not travel, but for the ids and handles that lead to what does."""

    def gather() -> set[str]:
        session, found = db.session(), set[str]()
        for table in Base.metadata.sorted_tables:
            texts = [column for column in table.columns if isinstance(column.type, String | Text)]
            if table.name not in TRAVELS and texts:
                for row in session.execute(select(*texts)):
                    found |= {value for value in row if isinstance(value, str) and len(value) > COMMON}
        return found - set(session.scalars(select(Account.handle))) - set(session.scalars(select(Entry.id)))

    return set(server.inside(gather))


@pytest.mark.parametrize("form", FORMS)
def test_no_account_session_key_or_address_is_in_a_bundle(pier: Server, form: str) -> None:
    pier.browser("canary@pier.example", "Ash Ferreira", STEWARD)
    out = pier.folder / f"out{form}"
    assert pier.run("export", "--out", str(out)).exit_code == 0
    content = everything_in(out)
    held = secrets(pier)
    assert {"canary@pier.example", "argon2-canary-hash"} <= held
    assert [secret for secret in held if secret.encode() in content] == []
    for name in ("node.key", "network.key", "secret.key"):
        key = pier.folder / name
        assert not key.exists() or key.read_bytes().strip() not in content


WISHES: tuple[tuple[str, ...], ...] = (
    (), ("--log", "public"), ("--log", "network"), ("--kind", "discussion"), ("--kind", "person"), ("--no-files",),
    ("--from", "2020-01-01"), ("--until", "2100-01-01"), ("--max-size", "1M"), ("--to", "SERVER"),
    ("--kind", "discussion", "--from", "2020-01-01", "--max-size", "1M", "--no-files"),
)  # fmt: skip


def test_no_selection_holds_a_secret(hall: Place, pier: Server) -> None:
    pier.run("import", str(hall.export("in.pn.zip")), "--yes")
    pier.browser("canary@pier.example", "Ash Ferreira", STEWARD)
    held = secrets(pier) - {hall.node.id}
    assert {"canary@pier.example", "argon2-canary-hash"} <= held
    for number, wish in enumerate(WISHES):
        given = [hall.node.id if word == "SERVER" else word for word in wish]
        assert pier.run("export", "--out", str(pier.folder / f"{number}.pn.zip"), *given).exit_code == 0, wish
        (out,) = [path for path in pier.folder.glob(f"{number}*.pn.zip") if path.name[len(str(number))] in ".-"]
        content = everything_in(out)
        assert [secret for secret in held if secret.encode() in content] == [], wish
        assert (pier.folder / "node.key").read_bytes().strip() not in content
