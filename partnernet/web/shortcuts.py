"""The keys for those who like them: a page that lists them, and the sheet that `?` opens over any page."""

from flask import Blueprint, Flask, Response

from partnernet.web.guard import may
from partnernet.web.render import render

bp = Blueprint("shortcuts", __name__)


def init_app(app: Flask) -> None:
    """Serve the page."""
    app.register_blueprint(bp)


@bp.get("/shortcuts")
@may("anyone")
def show() -> Response:
    """Which key does what, and how to turn them off; for `?`, the list alone."""
    return render("shortcuts/show.html", fragment="sheet")
