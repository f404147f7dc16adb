"""Static files under addresses that change with their content, so that browsers keep them for good."""

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, send_from_directory

from partnernet.config import assets
from partnernet.web.guard import may

COMPRESSED = ("text/javascript", "image/svg+xml")
FOREVER = "public, max-age=31536000, immutable"
_MODULE = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.{1,2}/[a-z/-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)
_IMPORT = re.compile(r'@import url\("([a-z-]+\.css)"\)( layer\([a-z.]+\))?;')


def init_app(app: Flask) -> None:
    """Serve `static/`, with the style sheets joined into one, and the scripts."""
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
    """One static file; `css/site.css` and `js/app.js` come with all that they import in one piece."""
    if name == "css/site.css":
        response = current_app.response_class(joined_css(), mimetype="text/css")
    elif name == "js/app.js":
        response = current_app.response_class(joined_js(), mimetype="text/javascript")
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
def joined_css() -> str:
    """`site.css` with each imported sheet in its place."""
    folder: Path = assets("static") / "css"
    return _IMPORT.sub(lambda found: _read(folder / found[1]), _read(folder / "site.css"))


@lru_cache(maxsize=1)
def joined_js() -> str:
    """`app.js` after the modules that it leads to, each in a scope of its own: one request instead of twenty."""
    names: dict[Path, str] = {}
    parts: list[str] = []
    _join((assets("static") / "js" / "app.js").resolve(), names, parts)
    return "".join(parts)


def _join(path: Path, names: dict[Path, str], parts: list[str]) -> str:
    """Add a module after those that it imports, once; the name of what it exports."""
    if path in names:
        return names[path]
    name = names[path] = f"module{len(names)}"

    def bring(found: re.Match[str]) -> str:
        exported = _join((path.parent / found[2]).resolve(), names, parts)
        return f"const {{{found[1].replace(' as ', ': ')}}} = {exported};\n" if found[1] else ""

    source = _MODULE.sub(bring, _read(path))
    exports = ", ".join(export for _, export in _EXPORT.findall(source))
    source = _EXPORT.sub(r"\1 \2", source)
    parts.append(f"const {name} = (() => {{\n{source}return {{ {exports} }};\n}})();\n")
    return name


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
