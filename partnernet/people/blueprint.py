"""The blueprint that all pages of people and their accounts share."""

from flask import Blueprint

bp = Blueprint("people", __name__)
