"""The form of a word in the glossary."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField, RadioField, StringField, ValidationError, validators

from partnernet.core.policy import NETWORK, VISIBILITIES, Actor
from partnernet.core.words import _, lazy, lazy_choices
from partnernet.entries.fields import LinesField, ProseField
from partnernet.entries.form import (
    VISIBILITY_WORDS,
    Blamed,
    EntryForm,
    at_most,
    labels,
    no_control,
    no_nul,
    one_line,
    required,
    strip,
    unix_lines,
)
from partnernet.glossary.model import ALSO_LIMIT, MEANING_LIMIT, WORD_LIMIT, plain
from partnernet.glossary.wordlist import Clash, clashes


class TermForm(Blamed):
    """A word, the others for the same thing, and what it means."""

    title = StringField(
        lazy("The word"), [required(lazy("Give the word.")), at_most(WORD_LIMIT), no_control],
        filters=[one_line, strip], description=lazy("One word, a few, or letters such as CPD."),
    )  # fmt: skip
    also = LinesField(
        lazy("Other words for the same thing"), [validators.Optional()],
        description=lazy("One a line, up to %(limit)s. Search looks for these, too.", limit=ALSO_LIMIT),
    )  # fmt: skip
    body = ProseField(
        lazy("What it means"), [at_most(MEANING_LIMIT), no_nul], filters=[unix_lines],
        description=lazy("In a few sentences, as you would say it to somebody who has never heard it."),
    )  # fmt: skip
    said_by = StringField(
        lazy("Who says it"), [validators.Optional(), at_most(WORD_LIMIT), no_control], filters=[one_line, strip],
        description=lazy("Whose word it is: artists, commissioners, one partner."),
    )  # fmt: skip
    visibility = RadioField(
        lazy("Who may read it"), choices=lazy_choices({log: VISIBILITY_WORDS[log] for log in VISIBILITIES}),
        default=NETWORK, validators=[required(lazy("Choose who may read this."))],
    )  # fmt: skip
    anyway = BooleanField(lazy("These are two different things: keep both"), default=False)
    heads = HiddenField()

    outside = ("visibility", "anyway", "heads")
    clashes: Sequence[Clash] = ()
    """Where words of the form stand already."""

    seen = EntryForm.seen

    def prepare(
        self, session: Session, actor: Actor | None, own: str = "", known: Collection[str] = ()
    ) -> None:  # fmt: skip
        """Look up where its words stand already; `own` is the id of the term, and `known` what it held before."""
        before = {plain(word) for word in known}
        words = [word for word in (self.title.data or "", *(self.also.data or ())) if plain(word) not in before]
        self.clashes = clashes(session, actor, words, own) if any(words) else []

    def validate_also(self, field: Any) -> None:
        """Each word once, not too many, and none too long."""
        words = {plain(word): word for word in reversed(field.data or ())}
        words.pop(plain(self.title.data or ""), None)
        field.data = list(reversed(words.values()))
        if not all(word.isprintable() for word in field.data):
            raise ValidationError(_("Please keep each word to a line of plain text."))
        if len(field.data) > ALSO_LIMIT or any(len(word) > WORD_LIMIT for word in field.data):
            raise ValidationError(
                _(
                    "Give at most %(count)s other words, each of up to %(limit)s characters.",
                    count=ALSO_LIMIT,
                    limit=WORD_LIMIT,
                )
            )

    def validate_body(self, field: Any) -> None:
        """A word alone says nothing."""
        if not (field.data or "").strip() and not self.also.data:
            raise ValidationError(_("Say what it means, or give another word for it."))

    def validate_anyway(self, field: Any) -> None:
        """Whoever gives a word that stands elsewhere has seen that."""
        if self.clashes and not field.data:
            raise ValidationError(
                _("Some of this stands here already: add to what is there, or say that these are two different things.")
            )

    def values(self) -> dict[str, Any]:
        """The fields of the term, by their names in the ledger."""
        given = {name: field.data for name, field in self._fields.items() if name not in self.outside}
        return {name: data or ([] if name == "also" else "") for name, data in given.items()}

    @classmethod
    def words(cls) -> Mapping[str, str]:
        """What each field is called on the page."""
        return labels(cls())
