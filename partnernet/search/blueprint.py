"""The one blueprint of everything about searching."""

from flask import Blueprint

bp = Blueprint("search", __name__)
