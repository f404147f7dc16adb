"""The living style page: every part that pages are made of, in each of its states, by the templates that make them."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from partnernet.core.words import lazy
from partnernet.network import look
from partnernet.network.blueprint import bp
from partnernet.network.colour import contrast
from partnernet.network.look import Theme
from partnernet.network.specimens import parts
from partnernet.web.dates import today
from partnernet.web.guard import here, may
from partnernet.web.render import render


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of one theme, and how it stands out from its paper and its tint."""

    label: str
    use: str
    shown: str
    on_paper: float
    on_tint: float


@bp.get("/style")
@may("steward")
def style() -> Response:
    """Every part at rest, with the network's own colour."""
    made = look.palette(here().accent)
    themes = ((lazy("In the light"), made.light), (lazy("In the dark"), made.dark))
    return render(
        "network/style.html", themes=[(label, theme.on.paper, _swatches(theme)) for label, theme in themes],
        **parts(today()),
    )  # fmt: skip


def _swatches(theme: Theme) -> list[Swatch]:
    paper = theme.on
    told = (
        (lazy("Paper"), lazy("the page"), paper.paper),
        (lazy("Tint"), lazy("notices"), paper.tint),
        (lazy("Wash"), lazy("found and changed words"), theme.wash),
        (lazy("Ink"), lazy("text, strong rules"), paper.ink),
        (lazy("Second ink"), lazy("dates, margins"), paper.ink_2),
        (lazy("Edge"), lazy("borders of fields"), paper.edge),
        (lazy("Hairline"), lazy("between items"), paper.rule),
        (lazy("Accent"), lazy("the network’s own"), theme.accent),
        (lazy("Accent, deeper"), lazy("under a pointer"), theme.deep),
        (lazy("Danger"), lazy("errors, with words"), paper.danger),
    )
    return [
        Swatch(label, use, shown, contrast(shown, paper.paper), contrast(shown, paper.tint))
        for label, use, shown in told
    ]
