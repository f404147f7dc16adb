"""The laws bite: with a rule broken on purpose, the law that names it fails.

A mutant that survives here means that the rule could be lost without anybody noticing.
"""

from typing import Any

import orjson
import pytest
from sqlalchemy import update

from partnernet.core.db import write
from partnernet.core.ledger import (
    canonical,
    fold,
    log,
    project,
)
from partnernet.core.ledger.kinds import KINDS
from partnernet.core.ledger.op import Op
from partnernet.core.ledger.tables import OpRow
from tests.laws import promises
from tests.laws.mutants import Mutant, Mutants, is_noticed
from tests.laws.telling import COPIES, EDITS, ERASURE, EVERYTHING, MARKS

MUTANTS = Mutants()
breaks = MUTANTS.breaks


# -- merging ---------------------------------------------------------------------------------------


@breaks(promises.keeps_causality, "rank", EDITS)
def the_earliest_wins(real: Mutant) -> Mutant:
    return lambda op: (-op.ts, op.id)


@breaks(promises.keeps_causality, "standing_of", EDITS)
def the_clock_decides_over_what_was_seen(real: Mutant) -> Mutant:
    return lambda proposers, name, graph: sorted(proposers, key=fold.rank, reverse=True)[:1]


@breaks(promises.converges, "fold_register", MARKS)
def the_last_mark_to_arrive_wins(real: Mutant) -> Mutant:
    def fold_register(ops: Any) -> Any:
        speaking = [op for op in ops if op.b is not None]
        return fold.Register(speaking[-1], [speaking[-1].id]) if speaking else None

    return fold_register


@breaks(promises.converges, "standing_of", EDITS)
def the_last_edit_to_arrive_wins(real: Mutant) -> Mutant:
    return lambda proposers, name, graph: [proposers[-1]]


@breaks(promises.loses_nothing, "standing_of", EDITS)
def what_loses_a_conflict_is_dropped(real: Mutant) -> Mutant:
    return lambda *given: real(*given)[:1]


@breaks(promises.loses_nothing, "settable", EDITS)
def only_the_first_field_of_an_edit_is_taken(real: Mutant) -> Mutant:
    return lambda *given: real(*given)[:1]


# -- what counts -----------------------------------------------------------------------------------


@breaks(promises.hides_what_counts_not, "counts")
def ops_count_in_any_log(real: Mutant) -> Mutant:
    def counts(op: Op, create: Any, rules: Any) -> bool:
        return op is create or (not op.is_create and op.kind in ("edit", "delete", "redact"))

    return counts


@breaks(promises.hides_what_counts_not, "vouches", EDITS)
def anybody_may_change_everything(real: Mutant) -> Mutant:
    return lambda op, create, rules: True


@breaks(promises.loses_nothing, "vouches", EDITS)
def stewards_may_do_nothing(real: Mutant) -> Mutant:
    return lambda op, create, rules: op.node == create.node


@breaks(promises.converges, "_derive_memberships", EDITS)
def nobody_looks_again_when_a_membership_arrives(real: Mutant) -> Mutant:
    def derive(*given: Any) -> set[str]:
        real(*given)
        return set()

    return derive


# -- erasure ---------------------------------------------------------------------------------------


@breaks(promises.erases, "erase", ERASURE)
def what_is_redacted_is_only_hidden(real: Mutant) -> Mutant:
    return lambda session, ops: None


@breaks(promises.erases, "erase", ERASURE)
def later_copies_of_the_erased_are_let_in(real: Mutant) -> Mutant:
    def erase(session: Any, ops: Any) -> None:
        fresh = [op for op in ops if op.id not in _erased_once]
        _erased_once.update(op.id for op in ops)
        if fresh:
            real(session, fresh)

    _erased_once: set[str] = set()
    return erase


@breaks(promises.erases, "erased_by", ERASURE)
def edits_beside_a_redact_survive_it(real: Mutant) -> Mutant:
    def erased_by(counted: Any, everything: Any, create: Any, redacted: bool) -> set[str]:
        known = {op.id: op for op in everything}
        latest = max((op.ts for op in counted if op.kind == "redact"), default=0)
        return {op_id for op_id in real(counted, known.values(), create, redacted) if known[op_id].ts <= latest}

    return erased_by


@breaks(promises.erases, "erase_named_marks", MARKS)
def marks_that_a_redact_names_stay(real: Mutant) -> Mutant:
    return lambda *given: None


@breaks(promises.erases, "fold", ERASURE)
def unknown_kinds_are_never_erased(real: Mutant) -> Mutant:
    return lambda ops, kind, rules: real(ops, kind, rules) if kind.name in KINDS else None


# -- the log ---------------------------------------------------------------------------------------


@breaks(promises.agrees_with_its_ops, "project", EVERYTHING)
def a_crash_finds_half_of_it_committed(real: Mutant) -> Mutant:
    def project(session: Any, *given: Any, **named: Any) -> None:
        session.commit()
        write(session)
        real(session, *given, **named)

    return project


@breaks(promises.holds_what_it_says, "note_held", ERASURE)
def numbers_that_come_late_are_not_noted(real: Mutant) -> Mutant:
    def note_held(session: Any, held: Any) -> None:
        real(session, [row for row in held if row[3] > log._held(session, row[:3])[0].highest])

    return note_held


@breaks(promises.holds_what_it_says, "short_hash", EDITS)
def the_digest_does_not_depend_on_the_id(real: Mutant) -> Mutant:
    return lambda op_id: 1


@breaks(promises.loses_nothing, "receive", EDITS)
def a_line_without_a_body_empties_what_is_there(real: Mutant) -> Mutant:
    def receive(session: Any, arrivals: Any, *given: Any) -> int:
        new = int(real(session, arrivals, *given))
        bare = [op.id for op in arrivals if op.body is None]
        session.execute(update(OpRow).where(OpRow.id.in_(bare)).values(body=None))
        return new

    return receive


@breaks(promises.agrees_with_its_ops, "fill", ERASURE)
def a_body_that_comes_late_is_not_shown(real: Mutant) -> Mutant:
    def fill(*given: Any) -> set[str]:
        real(*given)
        return set()

    return fill


@breaks(promises.loses_nothing, "row_of")
def unknown_fields_are_dropped(real: Mutant) -> Mutant:
    def row_of(op: Op, *given: Any) -> Any:
        row = real(op, *given)
        if not given and row["body"]:
            body = orjson.loads(row["body"])
            row["body"] = canonical.encode({name: body[name] for name in body if name in ("salt", "set", "doc")})
        return row

    return row_of


# -- rows ------------------------------------------------------------------------------------------


@breaks(promises.agrees_with_its_ops, "advance", EDITS)
def the_short_way_ignores_what_its_author_had_not_seen(real: Mutant) -> Mutant:
    return lambda session, row, op, *given: real(session, {**row, "heads": op.par}, op, *given)


@breaks(promises.agrees_with_its_ops, "advance", ("create", "redact", "edit", "edit"))
def the_short_way_continues_what_is_redacted(real: Mutant) -> Mutant:
    return lambda session, row, op, *given: real(session, {**row, "redacted": False}, op, *given)


@breaks(promises.counts_rightly, "refresh", COPIES)
def figures_are_not_taken_again(real: Mutant) -> Mutant:
    return lambda session, ids, **named: real(session, sorted(ids)[:1], **named)


@breaks(promises.is_idempotent, "OWN_COLUMNS")
def rows_are_written_again_though_nothing_changed(real: Mutant) -> list[str]:
    return [*project.OWN_COLUMNS, "arrived"]


# -- trying them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("promise, name, make, themes", MUTANTS)
def test_the_law_notices(promise, name, make, themes):
    is_noticed(promise, name, make, themes)
