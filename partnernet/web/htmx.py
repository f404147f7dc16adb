"""What htmx 4 asks and may be told; only this module, the layout and `app.js` know its version."""

from flask import Response, request


def is_partial() -> bool:
    """Whether htmx asks for a part of the page, not the whole."""
    return request.headers.get("HX-Request-Type") == "partial"


def shown_elsewhere(response: Response) -> Response:
    """Keep what was there in its place: the page says what came back where it says what happened."""
    response.headers["HX-Reswap"] = "none"
    return response
