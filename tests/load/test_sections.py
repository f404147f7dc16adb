"""Folders that a server wrote out, come back damaged or with bad intent: refused in a sentence, or contained."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from partnernet.core.entry import Attachment, Entry
from tests.load.conftest import Load, entries, only

ID = "a" * 52
OTHER = "b" * 52
HEAD = {"partnernet": "1", "title": '"A van"', "id": f'"{ID}"', "kind": '"idea"', "date": "2026-03-06T12:00:00.123Z"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write one file as a server would, but for what is given."""

    def call(body: str = "We share it.", name: str = "van.md", **given: str) -> Path:
        folder = tmp_path / "out" / "ideas"
        folder.mkdir(parents=True, exist_ok=True)
        head = "\n".join(f"{key}: {value}" for key, value in {**HEAD, **given}.items() if value)
        (folder / name).write_text(f"---\n{head}\n---\n\n{body}\n", newline="")
        return tmp_path / "out"

    return call


def attach(folder: Path, content: bytes, name: str = "costs.txt") -> str:
    """Put a file where a server would; how an entry names it."""
    path = folder / "files" / f"{sha256(content).hexdigest()[:16]}-{name}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return f"../files/{path.name}"


def test_an_entry_comes_back_as_it_was(run: Load, write: Write) -> None:
    folder = write(author='"Josie Calder"', visibility='"public"', tags='["vans", "Touring"]', stage='"define"')
    assert run("notes", folder)["new"] == {"idea": 1}
    idea = only("idea")
    assert (idea.title, idea.body, idea.credit, idea.when) == ("A van", "We share it.", "Josie Calder", 1772798400123)
    assert (idea.log, idea.tags, idea.source) == ("public", ["touring", "vans"], f"entry:{ID}")


def test_an_editor_of_windows_does_no_harm(run: Load, write: Write) -> None:
    folder = write("First.\n\nSecond.")
    (path,) = (folder / "ideas").iterdir()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    run("notes", folder)
    assert only("idea").body == "First.\n\nSecond."


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"id": '"short"'}, "its id is not that of an entry"),
        ({"id": ""}, "its id is not that of an entry"),
        ({"partnernet": "2"}, "written by a newer version"),
        ({"title": "*a"}, "are damaged"),
        ({"tags": "&a [*a, *a]"}, "are damaged"),
        ({"tags": "[" * 500}, "are damaged"),
        ({"title": "{a: {b: {c: {d: {e: {f: {g: h}}}}}}}"}, "are damaged"),
        ({"stage": '"Somewhere else"'}, "stage cannot be kept"),
        ({"tags": "[" + "a, " * 6_000 + "a]"}, "are damaged"),
    ],
)  # fmt: skip
def test_bad_front_matter_is_refused_in_a_sentence(run: Load, write: Write, given: dict[str, str], reason: str) -> None:
    write(name="good.md", id=f'"{OTHER}"')
    report = run("notes", write(**given))
    assert report["new"] == {"idea": 1}
    assert [reason in bad["reason"] for bad in report["bad"]] == [True], report["bad"]


def test_no_type_of_python_is_made(run: Load, write: Write, tmp_path: Path) -> None:
    run("notes", write(tags=f"!!python/object/apply:os.mkdir [{tmp_path}/made]", title="!!python/name:os.system"))
    assert not (tmp_path / "made").exists() and only("idea").title == "Without a title"


BOMB = "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(20))


def test_a_bomb_of_aliases_in_anybodys_notes_is_only_words(run: Load, tmp_path: Path) -> None:
    (tmp_path / "bomb.md").write_text(f"---\ntitle: Boom\na: &a [x]\n{BOMB}\n---\nStill a note.\n")
    assert run("notes", tmp_path / "bomb.md")["new"] == {"note": 1}
    assert (only("note").title, only("note").body) == ("Boom", "Still a note.")


def test_front_matter_of_others_is_read_as_yaml(run: Load, tmp_path: Path) -> None:
    head = "title: >\n  A long\n  title\ndate: 2019-03-21\nauthor: 'Josie: Hale'\ntags:\n  - halls\n  - Touring\n"
    (tmp_path / "hugo.md").write_text(f"---\n{head}---\nText.\n")
    run("notes", tmp_path / "hugo.md")
    note = only("note")
    assert (note.title, note.credit, note.tags) == ("A long title", "Josie: Hale", ["halls", "touring"])


def test_files_come_with_the_entry_and_are_no_notes_of_their_own(run: Load, write: Write, session: object) -> None:
    folder = write("", name="empty.md", id=f'"{OTHER}"')
    where = attach(folder, b"What we paid.\n")
    write(f"See [costs]({where}).", files=f'[{{"name": "costs.txt", "path": "{where}"}}]')
    assert run("notes", folder)["new"] == {"idea": 2}
    named = [entry for entry in entries("idea") if entry.source == f"entry:{ID}"]
    digest = sha256(b"What we paid.\n").hexdigest()
    assert named[0].body == f"See [costs](/files/{digest})."
    assert _attached() == [("costs.txt", digest)]
    assert run("notes", folder)["same"] == 2


def _attached() -> list[tuple[str, str]]:
    from partnernet.core.db import db

    return [(row.name, row.sha256) for row in db.session.query(Attachment).join(Entry, Entry.id == Attachment.entry)]


@pytest.mark.parametrize(
    "path",
    [
        "../../secret.txt",
        "/etc/passwd",
        "../files/../../secret.txt",
        "../files/0000000000000000-secret.txt",
        "..\\x",
        "",
    ],
)
def test_nothing_from_elsewhere_is_attached(run: Load, write: Write, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("the key")
    folder = write(files=f'[{{"name": "a.txt", "path": "{path}"}}]'.replace("\\", "\\\\"))
    (folder / "files").mkdir()
    (folder / "files" / "0000000000000000-secret.txt").write_text("not what its name says")
    assert run("notes", folder)["new"] == {"idea": 1}
    assert _attached() == []


def test_a_link_out_of_the_folder_is_not_followed(run: Load, write: Write, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the key")
    folder = write()
    where = attach(folder, b"the key")
    (folder / "ideas" / where).unlink()
    (folder / "ideas" / where).symlink_to(tmp_path / "secret.txt")
    run("notes", write(files=f'[{{"name": "a.txt", "path": "{where}"}}]'))
    assert _attached() == []


@pytest.mark.parametrize("said", ["{", "[]", '{"id": "x"}', "{" * 5_000, '{"id": 1e999}', ""])
def test_a_damaged_reply_is_named_and_the_rest_comes_in(run: Load, write: Write, said: str) -> None:
    write(name="good.md", id=f'"{OTHER}"')
    report = run(
        "notes", write(f"Text.\n\n<!-- partnernet:replies -->\n\n<!-- partnernet:reply {said} -->\n### x\n\nNo.")
    )
    assert report["new"] == {"idea": 1} and len(report["bad"]) == 1


def test_replies_find_what_they_answer_or_their_thread(run: Load, write: Write) -> None:
    one, two, three = "c" * 52, "d" * 52, "e" * 52
    body = "Text.\n\n" + "\n\n".join(
        f'<!-- partnernet:reply {{"id":"{entity}","to":"{to}","date":"{day}"}} -->\n### Wren\n\n{entity[0]}'
        for entity, to, day in ((one, "", "2026-03-07"), (two, one, "2026-03-08"), (three, "f" * 52, "2026-03-09"))
    )
    assert run("notes", write(body))["new"] == {"idea": 1, "reply": 3}
    first, second, third = entries("reply")
    assert (first.body, second.body, third.body) == ("c", "d", "e")
    assert (first.parent, second.parent, third.parent) == (None, first.id, None)
    assert {reply.root for reply in (first, second, third)} == {only("idea").id}


def test_a_file_edited_outside_becomes_an_edit(run: Load, write: Write) -> None:
    run("notes", write("We share it."))
    assert run("notes", write("We sold it.", stage='"develop"'))["changed"] == 1
    assert only("idea").body == "We sold it."


def test_two_entries_with_one_older_id_stay_two(run: Load, write: Write) -> None:
    write(name="a.md", source='"mail:x@y"')
    folder = write("Another.", name="b.md", id=f'"{OTHER}"', source='"mail:x@y"')
    assert run("notes", folder)["new"] == {"idea": 2}
    assert {entry.source for entry in entries("idea")} == {"mail:x@y", f"entry:{OTHER}"}
    assert run("notes", folder)["same"] == 2
