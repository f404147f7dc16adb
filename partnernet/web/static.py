"""Static files under addresses that change with their content, so that browsers keep them for good."""

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

from partnernet.config import assets
from partnernet.web.guard import may

FOREVER = "public, max-age=31536000, immutable"
_IMPORT = re.compile(r'@import url\("([a-z-]+\.css)"\)( layer\([a-z.]+\))?;')


def init_app(app: Flask) -> None:
    """Serve `static/`, and the style sheets joined into one."""
    app.add_url_rule("/static/<given>/<path:name>", "static_file", send)
    app.add_url_rule("/favicon.ico", "favicon", favicon)


def asset(name: str) -> str:
    """The address of a static file."""
    return f"/static/{fingerprint()}/{name}"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """One short hash over all static files."""
    folder = assets("static")
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@may("anyone")
def send(given: str, name: str) -> Response:
    """One static file; `css/site.css` comes with all that it imports in one piece."""
    if name == "css/site.css":
        response = current_app.response_class(joined_css(), mimetype="text/css")
    else:
        response = send_from_directory(assets("static"), name)
    if given == fingerprint():  # a page of an older program may ask an address that is no longer this content's
        response.headers["Cache-Control"] = FOREVER
    return response


@may("anyone")
def favicon() -> Response:
    """The icon that browsers ask for by this name."""
    return send_from_directory(assets("static"), "icons/favicon.ico", mimetype="image/x-icon")


@lru_cache(maxsize=1)
def joined_css() -> str:
    """`site.css` with each imported sheet in its place."""
    folder: Path = assets("static") / "css"
    return _IMPORT.sub(lambda found: _read(folder / found[1]), _read(folder / "site.css"))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
