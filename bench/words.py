"""A sentence of a template, as `web/spoken.py` says it, beside what Jinja and Flask-Babel install by themselves."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_babel import get_translations
from jinja2 import Environment

from bench.table import Row, show
from partnernet import create_app

ROUNDS, SENTENCES = 9, 2_000
SOURCE = "{% for n in range(sentences) %}{{ _('Save') }}{% endfor %}"


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as folder:
        app = create_app({"DATA": Path(folder)})
        own = app.jinja_env.from_string(SOURCE)
        usual = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
        usual.install_gettext_callables(  # type: ignore[attr-defined] # of the extension
            lambda text: get_translations().gettext(text),
            lambda *given: get_translations().ngettext(*given),
            newstyle=True,
        )
        theirs = usual.from_string(SOURCE)
        with app.test_request_context("/", headers={"Accept-Language": "cy"}):
            pairs = [(_took(theirs.render), _took(own.render)) for _ in range(ROUNDS)]
    before, after = (statistics.median(pair[n] for pair in pairs) for n in (0, 1))
    show("A sentence of a template: CPU microseconds", [
        Row("web/spoken.py", after, after / before, "≤ 0.5 × the usual way"),
        Row("Jinja and Flask-Babel by themselves", before, 1.0, ""),
    ])  # fmt: skip


def _took(render: Callable[..., str]) -> float:
    began = time.process_time()
    render(sentences=SENTENCES)
    return (time.process_time() - began) / SENTENCES * 1e6


if __name__ == "__main__":
    main()
