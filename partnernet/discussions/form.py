"""The forms of discussions."""

from wtforms import HiddenField

from partnernet.core.words import lazy
from partnernet.discussions.model import SUMMARY_LIMIT
from partnernet.entries.fields import ProseField
from partnernet.entries.form import Blamed, EntryForm, at_most, no_nul, unix_lines


class DiscussionForm(EntryForm):
    """Begin a discussion."""


class SummaryForm(Blamed):
    """Where we have got to."""

    summary = ProseField(
        lazy("Where we have got to"), [at_most(SUMMARY_LIMIT), no_nul], filters=[unix_lines],
        description=lazy(
            "What is settled, and what is still open: a line that begins with ? is set apart as a question. "
            "Everybody keeps this together."
        ),
    )  # fmt: skip
    heads = HiddenField()

    seen = EntryForm.seen
