"""The shape of the house: imports point inward, files stay short, and every route says who may use it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from partnernet.core import policy
from partnernet.web.guard import SAFE_METHODS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "partnernet"
LINES = 300

LEVELS = {"core": 0, "web": 2, "entries": 3}
"""How far inward each room lies; features are 4, and lie beside each other."""
FEATURE = 4
INNER = {
    "people.model",
    "people.sessions",
    "people.names",
    "people.mentions",
    "partners.model",
    "network.model",
}
"""The few modules of people that the pages of everything need: they lie between core and web."""
INNER_LEVEL = 1
KINDS = ("news", "ideas", "discussions", "notes", "replies", "glossary")
CONSUMERS = ("search", "exchange", "sync", "nodes", "interchange", "backups", "health", "load", "demo", "home")
FLASK = {"flask", "flask_login", "flask_compress", "flask_babel", "werkzeug"}
MAY_USE_FLASK_SQLALCHEMY = {"core/db.py"}
MAY_COMMIT_SESSIONS = {"core/db.py"}

SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str | None:
    """The folder of the house that an imported module lies in; None outside the house."""
    parts = module.split(".")
    return parts[1] if parts[0] == "partnernet" and len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else None


def level(module: str) -> int:
    """How far out a module lies, by its dotted name."""
    parts = module.removeprefix("partnernet.").split(".")
    if ".".join(parts[:2]) in INNER:
        return INNER_LEVEL
    return LEVELS.get(parts[0], FEATURE)


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent != PACKAGE], ids=name)
def test_imports_point_inward(path: Path) -> None:
    own = name(path).removesuffix(".py").replace("/", ".")
    for module in imports(path):
        if room(module) is not None and module.count(".") > 1:
            assert level(module) <= level(own), f"{own} imports {module}, which lies further out"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parts[len(PACKAGE.parts)] in KINDS], ids=name)
def test_kinds_know_neither_each_other_nor_what_hears_of_them(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0]
    strangers = {*KINDS, *CONSUMERS} - {own}
    assert not [module for module in imports(path) if room(module) in strangers]


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if "core" in path.parts or path.name in ("model.py",)],
    ids=name,
)
def test_the_kernel_and_models_know_no_request(path: Path) -> None:
    used = {module.split(".")[0] for module in imports(path)}
    assert not used & FLASK
    assert "flask_sqlalchemy" not in used or name(path) in MAY_USE_FLASK_SQLALCHEMY


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "form.py"], ids=name)
def test_forms_know_no_request(path: Path) -> None:
    assert not {module.split(".")[0] for module in imports(path)} & FLASK


@pytest.mark.parametrize(
    "path",
    [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)  # fmt: skip
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_one_module_commits(path: Path) -> None:
    if name(path) in MAY_COMMIT_SESSIONS:
        return
    calls = [
        node for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]  # fmt: skip
    committed = [ast.unparse(call.func.value) for call in calls]
    assert not [owner for owner in committed if "session" in owner]


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "model.py"], ids=name)
def test_models_never_commit(path: Path) -> None:
    assert "partnernet.core.db.commit" not in set(imports(path))


def test_every_route_declares_a_permission_of_the_table(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        assert permission, f"{rule} declares no permission"
        policy.rules(permission)


def test_a_route_without_a_permission_answers_403(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret", methods=["GET", "POST"])
    assert client.get("/undeclared").status_code == 403
    assert client.post("/undeclared").status_code == 403


def test_every_page_endpoint_has_its_template(app: Flask) -> None:
    missing = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        source = ROOT / Path(view.__code__.co_filename)
        if "GET" not in (rule.methods or ()) or "render(" not in source.read_text():
            continue
        blueprint, _, act = rule.endpoint.partition(".")
        text = _source_of(view)
        if act and "render(" in text and f"{blueprint}/{act}.html" in text:
            missing += [] if (ROOT / "templates" / blueprint / f"{act}.html").is_file() else [rule.endpoint]
    assert not missing


def test_every_template_that_is_named_exists() -> None:
    named = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
                named.add(node.value)
    assert named
    whole = {text for text in named if "/" in text and not text.startswith("/")}
    assert not [text for text in whole if not (ROOT / "templates" / text).is_file()]


def test_safe_methods_are_those_that_change_nothing() -> None:
    assert set(SAFE_METHODS) == {"GET", "HEAD", "OPTIONS"}


def _source_of(view: object) -> str:
    import inspect

    return inspect.getsource(view)  # type: ignore[arg-type]
