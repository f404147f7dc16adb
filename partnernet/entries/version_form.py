"""The form in which several versions become one: an editor for each text, a choice for everything else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField, RadioField, StringField, validators, widgets

from partnernet.core.entry import Entry
from partnernet.core.ledger.kinds import KINDS, TEXT_LIMIT, TITLE_LIMIT
from partnernet.core.policy import Actor
from partnernet.core.words import _, lazy
from partnernet.entries.fields import KeptFilesField, LinesField, ProseField
from partnernet.entries.form import (
    Blamed,
    EntryForm,
    at_most,
    no_control,
    no_nul,
    one_line,
    required,
    strip,
    unix_lines,
)
from partnernet.entries.mentions import to_names
from partnernet.entries.merging import Standoff
from partnernet.entries.versions import Field


class VersionsForm(Blamed):
    """Make one of several versions; the fields in conflict are added for each entry."""

    heads = HiddenField()

    seen = EntryForm.seen
    standoff: Standoff

    @property
    def contested(self) -> Iterator[Any]:
        """The fields in conflict, as they stand on the page."""
        return (field for field in self if field.name != "heads")

    def values(self) -> dict[str, Any]:
        """What was written and chosen, by the names of the fields in the ledger."""
        return {field.name: self._value(field) for field in self.contested}

    def _value(self, field: Any) -> Any:
        if isinstance(field, KeptFilesField):
            return field.files
        if isinstance(field, RadioField):
            return next(op.set[field.name] for op in self.standoff.fields[field.name] if op.id == field.data)
        return field.data or ([] if isinstance(field, LinesField) else "")


def settling(
    session: Session, actor: Actor, entry: Entry, found: Standoff, fields: Sequence[Field], given: Any
) -> VersionsForm:
    """The form of an entry whose versions stand side by side, filled with what is proposed."""
    kind = KINDS[entry.kind]
    made: dict[str, Any] = {}
    data: dict[str, Any] = {"heads": " ".join(found.heads)}
    for field in fields:
        proposal = found.proposals[field.name]
        made[field.name], data[field.name] = _field(field, proposal.value, kind.prose, kind.title, found)
        if field.name in kind.prose:
            data[field.name] = to_names(session, actor, data[field.name])
    form: VersionsForm = type("EntryVersionsForm", (VersionsForm,), made)(given, data=data)
    form.standoff = found
    return form


def _field(field: Field, value: Any, prose: Sequence[str], title: str, found: Standoff) -> tuple[Any, Any]:
    """A field of the form, and what it is filled with."""
    if field.name in prose:
        needed = [required(lazy("Write something first."))] if field.name == "body" else []
        return ProseField(field.label, [*needed, at_most(TEXT_LIMIT), no_nul], filters=[unix_lines]), value
    if field.name == title and isinstance(value, str):
        check = [required(lazy("Give it a title.")), at_most(TITLE_LIMIT), no_control]
        return StringField(field.label, check, filters=[one_line, strip], widget=widgets.TextArea()), value
    if field.name == "files":
        return KeptFilesField(field.label), value
    if isinstance(value, list):
        return LinesField(field.label, [validators.Optional()], description=lazy("One a line.")), value
    choices = {version.op: _choice(version) for version in field.versions}
    check = [required(lazy("Choose one of the versions."))]
    return RadioField(field.label, check, choices=choices), found.shown[field.name]


def _choice(version: Any) -> str:
    said: Mapping[str, Any] = {"number": version.number, "name": version.name.text, "words": version.text}
    if not version.text:
        return _("Version %(number)s, by %(name)s: nothing", **said)
    return _("Version %(number)s, by %(name)s: %(words)s", **said)
