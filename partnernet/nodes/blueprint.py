"""The blueprint that the pages of other servers share."""

from flask import Blueprint

bp = Blueprint("nodes", __name__, url_prefix="/exchange/servers")
