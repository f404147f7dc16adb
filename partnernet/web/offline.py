"""The page that stands in for any other while the server cannot be reached: a browser may keep it beforehand."""

from flask import Blueprint, Flask, Response, g

from partnernet.web.guard import may
from partnernet.web.render import render

bp = Blueprint("offline", __name__)


def init_app(app: Flask) -> None:
    """Serve the page."""
    app.register_blueprint(bp)


@bp.get("/offline")
@may("anyone")
def show() -> Response:
    """What to do without the server; the same for everybody, since it may be kept and shown to anybody."""
    g.actor = None
    return render("errors/offline.html")
