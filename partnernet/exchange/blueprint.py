"""The blueprint of the pages of the exchange, to which each of its modules adds its own."""

from flask import Blueprint

bp = Blueprint("exchange", __name__, url_prefix="/exchange")
