"""`/healthz`: this process answers. `/readyz`: the database, the disk and the index do, too."""

import shutil

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from partnernet.core.consumers import CONSUMERS, last_position, position
from partnernet.core.db import db
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
    """Whether it can serve: the database answers and there is room; the backlogs are told beside."""
    free = shutil.disk_usage(current_app.config["DATA"]).free
    checks: dict[str, object] = {"disk": free >= ROOM_NEEDED}
    try:
        db.session.execute(text("select 1"))
        newest = last_position(db.session())
        waiting = {name: max(0, newest - position(db.session(), name)) for name in CONSUMERS}
        waiting["search"] = max(0, newest - current_app.extensions["partnernet.search"].position())
        checks |= {"database": True, "waiting": waiting}
    except SQLAlchemyError:
        checks["database"] = False
    is_ready = bool(checks["disk"] and checks["database"])
    return jsonify({"status": "ok" if is_ready else "not ready", **checks}), 200 if is_ready else 503
