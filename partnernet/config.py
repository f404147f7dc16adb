"""Settings: defaults, then the data folder, then `PARTNERNET_*` in the environment."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partnernet.core import swap
from partnernet.core.errors import Refused
from partnernet.core.ledger.node import write_durably

PREFIX = "PARTNERNET_"
SECRET_BYTES = 32
LAST_PORT = 65_535
HOURS = 24
_UNUSABLE = "The folder {} cannot be used ({}): say with PARTNERNET_DATA which one may be written to."

DEFAULTS: Mapping[str, Any] = {
    "HOST": "127.0.0.1",
    "PORT": 8000,
    "BASE_URL": "",
    "MAIL_URL": "",
    "SYNC_CA": "",
    "MAX_CONTENT_LENGTH": 64 << 20,
    "MAX_FORM_MEMORY_SIZE": 2 << 20,
    "MAX_FORM_PARTS": 200,
    "BUNDLE_LIMIT": 2 << 30,
    "FILE_LIMIT": 50 << 20,
    "BACKUPS": "",
    "BACKUP_HOUR": 3,
}


def checkout() -> Path | None:
    """The folder of the checkout that this runs from; None where the package is installed."""
    folder = Path(__file__).resolve().parent.parent
    return folder if (folder / "pyproject.toml").is_file() and (folder / "templates").is_dir() else None


def assets(name: str) -> Path:
    """A folder that comes with the program (`templates`, `static`), in a checkout or installed."""
    root = checkout()
    return root / name if root else Path(__file__).resolve().parent / "_assets" / name


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """All settings of a node, its folder made and its secret drawn where they were missing."""
    settings = {**DEFAULTS, **_environment(), **(overrides or {})}
    data, index = _folders(settings)
    _make(data)
    if not settings.get("RESTORING"):
        swap.settle(data)
    settings["DATA"], settings["INDEX"] = data, index
    settings.setdefault("DATABASE_URL", f"sqlite:///{data / 'partnernet.db'}")
    settings["SQLALCHEMY_DATABASE_URI"] = _driver(settings["DATABASE_URL"])
    settings.setdefault("SECRET_KEY", None)
    settings["SECRET_KEY"] = settings["SECRET_KEY"] or _secret(data / "secret.key")
    if len(str(settings["SECRET_KEY"])) < 16:
        raise Refused("PARTNERNET_SECRET_KEY is too short: give it 16 characters or more, or leave it out.")
    return settings


def _environment() -> dict[str, Any]:
    given = {name.removeprefix(PREFIX): value for name, value in os.environ.items() if name.startswith(PREFIX)}
    for name in ("PORT", "MAX_CONTENT_LENGTH", "BUNDLE_LIMIT", "FILE_LIMIT", "BACKUP_HOUR"):
        if given.get(name):
            try:
                given[name] = int(given[name])  # type: ignore[assignment] # numbers come as text
            except ValueError as error:
                raise Refused(f"{PREFIX}{name} should be a number, not “{given[name]}”.") from error
    if not 0 <= int(given.get("PORT") or 0) <= LAST_PORT:
        raise Refused(f"{PREFIX}PORT should lie between 0 and {LAST_PORT}, not be {given['PORT']}.")
    if not 0 <= int(given.get("BACKUP_HOUR") or 0) < HOURS:
        raise Refused(f"{PREFIX}BACKUP_HOUR should lie between 0 and 23, not be {given['BACKUP_HOUR']}.")
    return {name: value for name, value in given.items() if value != ""}


def _folders(settings: Mapping[str, Any]) -> tuple[Path, Path]:
    if "DATA" in settings:
        data = Path(settings["DATA"]).expanduser().resolve()
        return data, data / "search_index"
    root = checkout()
    if root:
        return root / "instance", root / "search_index"
    data = Path.cwd() / "instance"
    return data, data / "search_index"


def _make(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(_UNUSABLE.format(data, error.strerror)) from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise Refused(_UNUSABLE.format(data, "it belongs to somebody else"))


def _driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _secret(path: Path) -> str:
    if not path.exists():
        write_durably(path, secrets.token_urlsafe(SECRET_BYTES).encode(), mode=0o600)
    return path.read_text().strip()
