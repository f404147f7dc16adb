"""Smaller answers: pages are compressed as they leave."""

from flask import Flask
from flask_compress import Compress


def init_app(app: Flask) -> None:
    """Compress text; zstd first, since it costs the least."""
    app.config.setdefault("COMPRESS_ALGORITHM", ["zstd", "gzip"])
    app.config.setdefault("COMPRESS_LEVEL", 4)
    app.config.setdefault("COMPRESS_ZSTD_LEVEL", 3)
    app.config.setdefault("COMPRESS_MIN_SIZE", 700)
    app.config.setdefault("COMPRESS_STREAMS", False)
    app.config.setdefault(
        "COMPRESS_MIMETYPES",
        ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain"],
    )
    Compress(app)
