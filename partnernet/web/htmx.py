"""What htmx 4 asks and may be told; only this module, the layout and `app.js` know its version."""

from flask import request


def is_partial() -> bool:
    """Whether htmx asks for a part of the page, not the whole."""
    return request.headers.get("HX-Request-Type") == "partial"
