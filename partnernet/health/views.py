"""`/healthz`: this process answers. `/readyz`: the database, the disk and the index do, too.

`/health` is for people: how this server is, and what whoever looks after it should do.
"""

import re
import shutil

from flask import Blueprint, Response, current_app, jsonify, url_for
from markupsafe import Markup, escape
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from partnernet.backups import nightly
from partnernet.core.consumers import CONSUMERS, last_position, position
from partnernet.core.db import db
from partnernet.core.errors import Conflict
from partnernet.core.time import now_ms
from partnernet.core.words import _
from partnernet.health.report import report
from partnernet.web.dates import iso
from partnernet.web.guard import may
from partnernet.web.notices import done
from partnernet.web.render import go, render

ROOM_NEEDED = 64 << 20
"""Bytes of free disk below which this server says that it is not ready."""

_ADDRESS = re.compile(r"(?<=\s)/exchange(?:/[a-z-]+)*(?![a-z])")

bp = Blueprint("health", __name__)


@bp.get("/health")
@may("steward")
def show() -> Response:
    """How this server is, in words."""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # what the proxy stands for
    found = report(db.session(), app)
    return render("health/show.html", report=found, alarms=found.alarms, needs=[led(each) for each in found.needs])


def led(sentence: str) -> Markup:
    """A sentence whose addresses on this server are links."""
    return Markup(_ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', str(escape(sentence))))  # noqa: S704 - escaped


@bp.post("/health/backup")
@may("steward")
def backup() -> AnyResponse:
    """Ask for a backup now."""
    if nightly.folder_of(current_app.config) is None:
        raise Conflict(_("Backups are switched off on this server (PARTNERNET_BACKUPS)."))
    nightly.ask(current_app.config)
    done(_("A backup is being made. Load this page again in a minute to see how it went."))
    return go(url_for("health.show"))


@bp.get("/healthz")
@may("anyone")
def alive() -> Response:
    """Whether this process answers."""
    return jsonify({"status": "ok"})


@bp.get("/readyz")
@may("anyone")
def ready() -> tuple[Response, int]:
    """Whether it can serve: the database answers, there is room, and no change has waited too long for the index.

    An index that is being made, or is behind, keeps nobody from reading: it is told beside.
    """
    free = shutil.disk_usage(current_app.config["DATA"]).free
    checks: dict[str, object] = {"disk": free >= ROOM_NEEDED, "search": True}
    try:
        db.session.execute(text("select 1"))
        newest = last_position(db.session())
        waiting = {name: max(0, newest - position(db.session(), name)) for name in CONSUMERS}
        behind = current_app.extensions["partnernet.search"].waiting(newest)
        waiting["search"] = behind.changes
        checks["search"] = not behind.is_too_long(now_ms())
        checks |= {
            "database": True,
            "waiting": waiting,
            "search_waits_since": iso(behind.since) if behind.since else None,
        }
    except SQLAlchemyError:
        checks["database"] = False
    is_ready = all(checks[name] for name in ("disk", "database", "search"))
    return jsonify({"status": "ok" if is_ready else "not ready", **checks}), 200 if is_ready else 503
