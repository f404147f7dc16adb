"""`partnernet verify` and `partnernet check`: is everything what it should be?"""

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import text

from partnernet.core.db import db
from partnernet.core.engine import has_wal_race, sqlite_module
from partnernet.core.words import _
from partnernet.web.here import its_files, this_node


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of what is wrong.")
def verify(as_json: bool) -> None:
    """Derive every row again from the signed record and compare them all."""
    from partnernet.core.ledger.verify import verify as verify_ledger
    from partnernet.search.status import disagreements

    wrong = verify_ledger(db.session(), this_node().id)
    wrong += files_wrong()
    wrong += disagreements(current_app)
    if as_json:
        click.echo(json.dumps(wrong, ensure_ascii=False))
    else:
        for sentence in wrong:
            click.echo(sentence)
        if not wrong:
            click.echo("Everything agrees with the signed record.")
    if wrong:
        raise click.exceptions.Exit(1)


@click.command
def check() -> None:
    """Say what is wrong or unsafe about this installation."""
    from partnernet.backups.standing import standing
    from partnernet.nodes.health import findings as of_servers
    from partnernet.sync.connection import concerns as trust

    findings = unsafe(current_app.config) + of_servers(db.session(), this_node())
    findings += standing(current_app.config).concerns + trust(current_app.config["SYNC_CA"])
    for sentence in findings:
        click.echo(sentence)
    if not findings:
        click.echo("Nothing was found that needs you.")


def files_wrong() -> list[str]:
    """Attachments whose content is not what their name says."""
    from hashlib import sha256

    files = its_files()
    wrong = []
    for path in sorted(files.folder.glob("??/*")):
        digest = sha256()
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != path.name and not path.name.endswith(".part"):
            wrong.append(f"The file {path.name} has been altered: remove it, and it will be asked for again.")
    return wrong


def unsafe(config: Any) -> list[str]:
    """What a steward should look at, in sentences."""
    found = []
    if db.engine.dialect.name == "sqlite":
        if has_wal_race(sqlite_module().sqlite_version_info):
            found.append(
                _("SQLite %(version)s has a fault that can damage a busy database, so a slower way of writing is used: "
                  "install pysqlite3 0.6.1 or SQLite 3.51.3.", version=sqlite_module().sqlite_version)
            )  # fmt: skip
        journal = db.session.execute(text("pragma journal_mode")).scalar()
        if db.session.execute(text("pragma synchronous")).scalar() != 2 or journal not in ("wal", "truncate"):
            found.append(_("The database is not written with full care; remove what changes its settings."))
    for name in ("node.key", "network.key", "secret.key"):
        path = Path(config["DATA"]) / name
        if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(_("Others on this machine can read %(file)s: run chmod 600 on it.", file=name))
    base = config["BASE_URL"]
    if config["HOST"] not in ("127.0.0.1", "localhost", "::1") and not base.startswith("https://"):
        found.append(_("This server is open to others without HTTPS: put Caddy before it and set PARTNERNET_BASE_URL."))
    if sys.version_info < (3, 11, 8):
        found.append(
            _("This Python reads some damaged zip files wrongly; PartnerNet checks them itself, but update it.")
        )
    return found


commands = [verify, check]
