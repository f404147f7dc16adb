"""`partnernet backup` and `restore`: everything that a server owns, in one file and back."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app

from partnernet import config
from partnernet.backups import nightly, record
from partnernet.backups.record import Rehearsal, Restoration
from partnernet.backups.rehearsing import rehearse
from partnernet.backups.restoring import Restored
from partnernet.backups.restoring import restore as restore_from
from partnernet.backups.writing import Made, size_in_all, write
from partnernet.core.errors import Refused
from partnernet.core.lock import FileLock
from partnernet.core.time import now_ms
from partnernet.terminal import progress

FILE = click.Path(path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--rehearse", "tries", is_flag=True,
    help="Restore a backup into a scratch folder, check all of it, and say what is wrong: FILE, or the last one made.",
)  # fmt: skip
@click.option("--nightly", "is_nightly", is_flag=True, hidden=True, help="What the server calls each night.")
def backup_command(file: Path | None, tries: bool, is_nightly: bool) -> None:
    """Write everything that this server owns to one file, while it runs, and check it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # what the proxy stands for
    if is_nightly:
        nightly.be_humble()
        nightly.run(app)
        return
    if file is None and not tries:
        raise click.UsageError("Say where to: partnernet backup FILE.")
    if file is not None and file.is_dir():
        file = file / nightly.name_at(datetime.now(UTC))
    if file is not None and not (tries and file.exists()):
        _say_made(_make(app, file))
    if tries:
        _try(app, file or _last(app))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put aside what the folder holds, and restore in its place.")
def restore_command(file: Path, force: bool) -> None:
    """Put a server back from a backup, into the folder of PARTNERNET_DATA; stop the server first."""
    settings = config.load({"SECRET_KEY": "not used while restoring", "RESTORING": True})
    with progress("Restoring") as step:
        restored = restore_from(file, settings, force=force, progress=step)
    data: Path = settings["DATA"]
    noted = Restoration(now_ms(), restored.manifest.created)
    replace(record.read(data), restoration=noted).write(data)
    for sentence in _of_restored(restored, data):
        click.echo(sentence)


commands: list[click.Command] = [backup_command, restore_command]


def _make(app: Flask, file: Path) -> Made:
    lock = FileLock(app.config["DATA"] / nightly.LOCK)
    if not lock.acquire():
        raise Refused("Another backup is being made just now: try again when that has ended.")
    try:
        with progress("Writing and checking", size_in_all(app)) as step:
            made = write(app, file, step)
        replace(record.read(app.config["DATA"]), backup=nightly.backup_of(made)).write(app.config["DATA"])
    finally:
        lock.release()
    return made


def _last(app: Flask) -> Path:
    """The newest nightly backup, else the one that was made last."""
    noted = record.read(app.config["DATA"]).backup
    found = [*nightly.own(app.config)[:1], *([Path(noted.path)] if noted else ())]
    newest: Path | None = next((path for path in found if path.is_file()), None)
    if newest is None:
        raise Refused("There is no backup yet: make one with partnernet backup FILE.")
    return newest


def _try(app: Flask, file: Path) -> None:
    beside = nightly.folder_of(app.config) or Path(app.config["DATA"])
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    with progress("Restoring for a trial") as step:
        found = rehearse(file, beside, app.config["SQLALCHEMY_DATABASE_URI"], step)
    nightly.keep(app, found)
    for sentence in of_rehearsal(found):
        click.echo(sentence)
    if found.wrong:
        raise click.exceptions.Exit(1)


def _say_made(made: Made) -> None:
    database, files = made.manifest.database, made.manifest.files
    click.echo(
        f"{made.path} is written and was read again ({_megabytes(made.size)}): "
        f"{database['ops']} statements and {files['count']} files."
    )
    for name in made.manifest.left_out:
        click.echo(f"The file {name} has been altered on this disk and was left out; partnernet verify says more.")
    if os.name == "posix" and stat.S_IMODE(made.path.stat().st_mode) & 0o077:
        click.echo("Others on this machine can read it, since this disk keeps no rights: take it away from here.")
    click.echo("It holds the keys of this server: keep it where nobody else can read it.")


def of_rehearsal(found: Rehearsal) -> list[str]:
    """What a rehearsal has found, in sentences."""
    made = f" of {_day(found.made)}" if found.made else ""
    if not found.wrong:
        return [f"The backup{made} was restored for a trial in {found.seconds} s: everything agrees with the record."]
    return [f"The backup{made} was restored for a trial, and something is wrong:", *found.wrong]


def _of_restored(restored: Restored, data: Path) -> Iterator[str]:
    manifest = restored.manifest
    yield (
        f"{manifest.network or 'The server'} is restored in {data} as it was on {_day(manifest.created)}: "
        f"{manifest.database['ops']} statements and {manifest.files['count']} files."
    )
    if restored.aside is not None:
        yield f"What was here before lies in {restored.aside}, and is removed after seven days."
        if nightly.has_other_key(restored.aside, data):
            yield (
                "The network's key there is another one than in the backup, and is never removed: if it was changed "
                "since, put that one back in its place."
            )
    if restored.must_ask:
        yield (
            "What was erased since then is not known on this machine: when it is served, it asks the servers that "
            "it knows before it shows anything."
        )
    else:
        yield "What was erased since then, as far as this machine knew of it, is erased again."
    yield "It goes on under a new incarnation. Make sure that the old server does not run any more."
    for name, value in restored.settings.items():
        shown = "…" if "URL" in name and "@" in str(value) else value
        yield f"Its server had the setting PARTNERNET_{name}={shown}."
    yield "Everybody signs in again. Next: partnernet serve"


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%d %B %Y, %H:%M} UTC"


def _megabytes(size: int) -> str:
    return f"{max(size / 1e6, 0.1):.1f} MB"
