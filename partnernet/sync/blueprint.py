"""The blueprint of exchange over the wire: what other servers ask for, and what stewards see of it."""

from flask import Blueprint

bp = Blueprint("sync", __name__)
