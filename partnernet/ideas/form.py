"""The forms of ideas."""

from wtforms import HiddenField, SelectField

from partnernet.core.words import lazy, lazy_choices
from partnernet.entries.form import Blamed, EntryForm
from partnernet.ideas.model import FIRST_STAGE, STAGES

CHOICES = lazy_choices(STAGES)


class IdeaForm(EntryForm):
    """Put forward an idea."""

    stage = SelectField(
        lazy("Stage"), choices=CHOICES, default=FIRST_STAGE,
        description=lazy("Where it is in the cycle. Everybody can move it on later."),
    )  # fmt: skip


class StageForm(Blamed):
    """Move an idea in the cycle."""

    stage = SelectField(lazy("Stage"), choices=CHOICES)
    heads = HiddenField()

    seen = EntryForm.seen
