"""Whatever people write, each form holds it: what is written out is read back the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnernet.core.time import now_ms
from partnernet.interchange.texts import Text
from partnernet.load.document import Document
from tests.interchange.told import Told, entity, read_back, text, written
from tests.laws.budget import LONG

FORMS = ("markdown", "csv", "mbox")
EARLIEST = -62_135_596_800_000

CHARACTERS = st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])
LINE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80).filter(
    lambda line: line.strip()
)
TRAPS = (
    "---\ntitle: no\n---", "<!-- partnernet:replies -->", "\\<!-- partnernet:reply {} -->", "From me 1\nSubject: no",
    "\n\nFrom list@x Tue Mar  3 10:00:00 2020\nFrom: x\n", ">From x", ">>From x", "=1+1", "'=1+1",
    "x\n'=1+1", "@SUM(1)",
    "\t- x", "### no", 'a "b", c\n"', "\x0b\x0c\x1c\x85\u2028\u2029\ufeff", "```\nnever closed", "x" * 1200, ".", "=",
    "é" * 1200, "--=_", "  two spaces", "- - -", "@[p" + "a" * 26 + "]", "\uffff\ufffe", "/files/" + "0" * 64,
)  # fmt: skip
BODY = st.lists(st.text(CHARACTERS, max_size=60) | st.sampled_from(TRAPS), max_size=4).map("\n".join)
WHEN = st.integers(EARLIEST, now_ms())


def threads() -> st.SearchStrategy[tuple[Text, list[Text]]]:
    """An entry and some replies to it, each of which answers it or one before."""

    def thread(kind: str, title: str, body: str, when: int, log: str, replies: list[tuple[str, int, int]]) -> object:
        root = text(
            0, kind, title, body, when, log=log, may_be_answered=bool(replies), author=title[:40], tags=("halls",)
        )
        return root, [
            text(n, "reply", "", said, at, root=root.id, parent=entity(to % n) if to % n else None, log=log)
            for n, (said, at, to) in enumerate(replies, 1)
        ]

    kinds, logs = st.sampled_from(["discussion", "idea", "news", "note"]), st.sampled_from(["public", "network"])
    return st.builds(
        thread, kinds, LINE, BODY, WHEN, logs, st.lists(st.tuples(BODY, WHEN, st.integers(0, 5)), max_size=4)
    )


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=2_000 if LONG else 30, deadline=None)
@given(thread=threads())
def test_any_words_come_back(form: str, thread: tuple[Text, list[Text]]) -> None:
    root, replies = thread
    with TemporaryDirectory() as folder:
        found = read_back(written(Told([root], replies), form), form, Path(folder))
    by_origin = {document.origin: document for document in found}
    assert len(found) == len(by_origin) == 1 + len(replies)
    for one in (root, *replies):
        document = by_origin[f"entry:{one.id}"]
        assert (document.title, document.body, document.date) == (one.title, one.body.strip("\n"), one.when)
        assert (document.credit, document.kind) == (one.author, one.kind)
        assert document.visibility == one.log or one.root  # a reply is open to those who may read its thread
        assert document.parent == (f"entry:{one.parent or one.root}" if one.root else "")


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=500 if LONG else 8, deadline=None)
@given(thread=threads())
def test_the_same_state_makes_the_same_bytes(form: str, thread: tuple[Text, list[Text]]) -> None:
    root, replies = thread
    assert written(Told([root], replies), form) == written(Told([root], replies), form)


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("form", FORMS)
def test_what_looks_like_the_form_itself_is_held(form: str, trap: str, tmp_path: Path) -> None:
    root = text(0, "note", "A title", trap, now_ms(), may_be_answered=True)
    reply = text(1, "reply", "", trap, now_ms(), root=root.id)
    found: list[Document] = read_back(written(Told([root], [reply]), form), form, tmp_path)
    assert [document.body for document in found] == [trap.strip("\n")] * 2
