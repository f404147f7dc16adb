"""What several versions were made from, by who had seen whom; and what is proposed in their place."""

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from partnernet.core.db import commit
from partnernet.core.entry import Entry
from partnernet.core.ledger import verbs
from partnernet.core.ledger.changes import ops_of
from partnernet.core.ledger.op import Op
from partnernet.core.threeway import merge
from partnernet.entries.merging import MERGED_AT_ONCE, standoff, worded
from partnernet.people.model import Account
from tests.factories import actor_of, make_entry

BASE = "Soup on Monday.\n\nBread on Tuesday.\n\nCake on Friday."


class Editor:
    """Somebody who edits one entry, having seen what they are told they have seen."""

    def __init__(self, session: Session, account: Account) -> None:
        self.session, self.actor = session, actor_of(session, account)
        self.entry = make_entry(session, account, "discussion", body=BASE)
        self.first = ops_of(session, [self.entry.id])[self.entry.id][0]

    def edit(self, before: Op, old: str, new: str, *others: Op) -> Op:
        body = str(before.set["body"]).replace(old, new)
        op = verbs.edit(self.session, self.actor, self.entry, {"body": body}, [before.id, *(op.id for op in others)])
        commit(self.session)
        self.session.refresh(self.entry)
        return op

    def proposal(self) -> tuple[str, int]:
        found = standoff(self.session, self.entry).proposals["body"]
        return found.value, found.places


@pytest.fixture
def editor(session: Session, josie: Account) -> Editor:
    return Editor(session, josie)


def test_the_newest_text_that_both_had_seen_is_what_they_changed(editor: Editor) -> None:
    shared = editor.edit(editor.first, "Soup", "Broth")
    editor.edit(shared, "Broth", "Soup")  # somebody takes that back
    editor.edit(shared, "Cake", "Pie")
    assert editor.proposal() == (BASE.replace("Cake", "Pie"), 0)


def test_three_versions_from_one_text_are_made_one(editor: Editor) -> None:
    for old, new in (("Soup", "Broth"), ("Bread", "Rye"), ("Cake", "Pie")):
        editor.edit(editor.first, old, new)
    assert editor.proposal() == (BASE.replace("Soup", "Broth").replace("Bread", "Rye").replace("Cake", "Pie"), 0)


def test_versions_that_each_took_in_the_same_two_keep_what_each_did_then(editor: Editor) -> None:
    one, other = editor.edit(editor.first, "Soup", "Broth"), editor.edit(editor.first, "Bread", "Rye")
    editor.edit(one, "Bread on Tuesday.", "Rye on Wednesday.", other)
    editor.edit(other, "Soup on Monday.", "Broth on Sunday.", one)
    text, places = editor.proposal()
    assert (text, places) == ("Broth on Sunday.\n\nRye on Wednesday.\n\nCake on Friday.", 0)


def test_the_proposal_does_not_depend_on_who_is_asked(editor: Editor, session: Session) -> None:
    for day in ("Monday", "Saturday", "Sunday"):
        editor.edit(editor.first, "Friday", day)
    text, places = editor.proposal()
    assert places == 1 and "[one of these: “Monday”, “Saturday” or “Sunday”]" in text
    assert editor.proposal() == (text, places)


def test_a_title_that_would_be_too_long_with_both_is_the_one_that_is_shown(session: Session, josie: Account) -> None:
    entry = make_entry(session, josie, "idea", title="A")
    seen = list(entry.heads)
    for letter in "bc":
        verbs.edit(session, actor_of(session, josie), entry, {"title": letter * 200}, seen)
        commit(session)
    session.refresh(entry)
    assert standoff(session, entry).proposals["title"].value == entry.title


def test_where_versions_are_very_many_those_that_wait_are_not_settled(editor: Editor, session: Session) -> None:
    for n in range(MERGED_AT_ONCE + 3):
        editor.edit(editor.first, "Friday", f"day {n}")
    found = standoff(session, editor.entry)
    assert len(found.fields["body"]) == len(found.heads) == MERGED_AT_ONCE
    verbs.edit(session, editor.actor, editor.entry, {"body": "One."}, found.heads)
    commit(session)
    session.refresh(editor.entry)
    assert len(standoff(session, editor.entry).fields["body"]) == 4


@pytest.mark.parametrize(
    "base, versions, text",
    [
        ("At two.", ["At three.", "At four."], "At [either “three” or “four”]."),
        ("Ask at the door, please.", ["Ask, please.", "Ask at the gate, please."],
         "Ask [leave out or keep “at the gate”], please."),
        ("", ["One.", "Two."], "[Version 1:]\n\nOne.\n\n[Version 2:]\n\nTwo.\n\n[End of the versions.]"),
        ("A.\nB.", ["A.", "A.\nC."],
         "A.\n\n[Version 1 leaves this out.]\n\n[Version 2:]\n\nC.\n\n[End of the versions.]"),
        ("A.\nB.\n\nZ.", ["A.\n\nZ.", "A.\nC.\n\nZ."],
         "A.\n\n[Version 1 leaves this out.]\n\n[Version 2:]\n\nC.\n\n[End of the versions.]\n\nZ."),
    ],
)  # fmt: skip
def test_a_place_to_decide_reads_as_a_part_of_the_text(base: str, versions: Sequence[str], text: str) -> None:
    assert worded(merge(base, *versions)) == text


def test_an_entry_in_which_nothing_is_contested_has_no_versions(session: Session, josie: Account) -> None:
    entry: Entry = make_entry(session, josie, "news")
    assert standoff(session, entry).versions == []
