"""`/healthz`: this process answers. `/readyz`: the database, the disk and the index do, too."""

import shutil

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from partnernet.core.consumers import CONSUMERS, last_position, position
from partnernet.core.db import db
from partnernet.core.time import now_ms
from partnernet.web.dates import iso
from partnernet.web.guard import may

ROOM_NEEDED = 64 << 20
"""Bytes of free disk below which this server says that it is not ready."""

bp = Blueprint("health", __name__)


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
