"""Static files under addresses that change with their content, so that browsers keep them for good."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

from partnernet.config import assets
from partnernet.web.guard import may

COMPRESSED = ("text/javascript", "image/svg+xml")
FOREVER = "public, max-age=31536000, immutable"
_MODULE = re.compile(r'^import (?:[^"]* from )?"(\./|\.\./)([a-z/-]+\.js)";', re.MULTILINE)
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
        if response.status_code == 200 and response.mimetype in COMPRESSED:
            response.direct_passthrough = False  # read now: what is streamed from the disk is never compressed
            response.make_sequence()
    if given == fingerprint():  # a page of an older program may ask an address that is no longer this content's
        response.headers["Cache-Control"] = FOREVER
    return response


@may("anyone")
def favicon() -> Response:
    """The icon that browsers ask for by this name."""
    return send_from_directory(assets("static"), "icons/favicon.ico", mimetype="image/x-icon")


@lru_cache(maxsize=1)
def modules() -> Sequence[str]:
    """The addresses of all modules that `app.js` leads to, so that a browser asks for them at once."""
    folder, found = assets("static") / "js", dict[Path, None]()
    waiting = [folder / "app.js"]
    while waiting:
        path = waiting.pop()
        for there, name in _MODULE.findall(_read(path)):
            module = (path.parent / there / name).resolve()
            if module not in found:
                found[module] = None
                waiting.append(module)
    return [asset(f"js/{module.relative_to(folder.resolve()).as_posix()}") for module in sorted(found)]


@lru_cache(maxsize=1)
def joined_css() -> str:
    """`site.css` with each imported sheet in its place."""
    folder: Path = assets("static") / "css"
    return _IMPORT.sub(lambda found: _read(folder / found[1]), _read(folder / "site.css"))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
