"""Broken, locked, huge and hostile files end as unreadable with a reason, and nothing else happens."""

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import partnernet.extract.process as process
from partnernet.extract import (
    DAMAGED,
    EMPTY,
    LARGE,
    LOCKED,
    MEMORY,
    PART,
    READ,
    SLOW,
    TEXT_LIMIT,
    UNPACKS,
    UNREADABLE,
    ending,
)
from partnernet.extract.process import Extract, extract
from tests.extract.documents import WORD, docx, locked_pdf, open_document, pdf, pptx, relations, word, xlsx, zipped

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
PATIENCE = 30
"""Seconds after which what never comes fails a test."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def read(folder: Path, name: str, content: bytes, **given: float) -> Extract:
    path = folder / "file"
    path.write_bytes(content)
    return extract(path, ending(name), **given)


def refused(folder: Path, name: str, content: bytes) -> str:
    found = read(folder, name, content)
    assert found.status == UNREADABLE and found.pieces == ()
    return found.reason


def with_document(xml: str) -> bytes:
    return zipped({"_rels/.rels": relations(("officeDocument", "word/document.xml")), "word/document.xml": xml})


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE d [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY l9 "x">]>',
    ],
)
def test_xml_that_declares_entities_is_refused(tmp_path: Path, doctype: str) -> None:
    xml = f'{doctype}<w:document xmlns:w="{WORD}"><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:document>'
    assert refused(tmp_path, "a.docx", with_document(xml)) == DAMAGED


def test_a_zip_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    member = "<w:p/>" * (18 << 20)
    assert refused(tmp_path, "a.docx", with_document(member)) == UNPACKS


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    honest = with_document(" " * (8 << 20))
    at = honest.index(b"PK\x01\x02", honest.index(b"PK\x01\x02") + 1)
    lying = honest[: at + 24] + (100).to_bytes(4, "little") + honest[at + 28 :]
    assert refused(tmp_path, "a.docx", lying) == DAMAGED


def test_a_tag_without_end_is_refused(tmp_path: Path) -> None:
    xml = f'<w:document xmlns:w="{WORD}" a="' + "a" * (20 << 20) + '"/>'
    assert refused(tmp_path, "a.docx", with_document(xml)) == DAMAGED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", locked_pdf("a password", ["Secret"])),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100)),
        ("a.odt", open_document("text", "", "<m:file-entry><m:encryption-data/></m:file-entry>")),
    ],
)
def test_what_is_locked_with_a_password_says_so(tmp_path: Path, name: str, content: bytes) -> None:
    assert refused(tmp_path, name, content) == LOCKED


def test_a_zip_with_a_password_is_locked(tmp_path: Path) -> None:
    content = bytearray(docx(["Secret"]))
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    assert refused(tmp_path, "a.docx", bytes(content)) == LOCKED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""), ("a.pdf", b"%PDF-1.7\n"), ("a.pdf", b"not a PDF"), ("a.docx", b""), ("a.docx", b"PK\x03\x04"),
        ("a.docx", OLE), ("a.docx", zipped({"a.txt": "x"})), ("a.xlsx", zipped({"_rels/.rels": "<broken"})),
        ("a.odt", open_document("chart", "")), ("a.txt", bytes(range(256)) * 40), ("a.docx", with_document("<w:p>")),
    ],
)  # fmt: skip
def test_what_is_not_what_its_name_says_is_damaged(tmp_path: Path, name: str, content: bytes) -> None:
    found = read(tmp_path, name, content)
    assert (found.status, found.reason) == (UNREADABLE, DAMAGED)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf(["One"], ["Two"])), ("a.docx", docx(["One"], ["Two"])), ("a.pptx", pptx("One", "Two")),
        ("a.xlsx", xlsx(One=[["Two"]])), ("a.odt", open_document("text", "<text:p>One</text:p>")),
    ],
)  # fmt: skip
def test_truncated_and_damaged_files_never_do_more_than_fail(tmp_path: Path, name: str, content: bytes) -> None:
    chance = random.Random(name)
    for n in range(5):
        broken = bytearray(content[: chance.randrange(len(content))] if n < 2 else content)
        for _ in range(n * 4):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found = read(tmp_path, name, bytes(broken))
        assert found.status in (READ, EMPTY, UNREADABLE)


def test_a_document_that_points_at_itself_or_deep_below_is_contained(tmp_path: Path) -> None:
    loop = pdf(["One"]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    assert read(tmp_path, "a.pdf", loop).status in (UNREADABLE, EMPTY)
    deep = b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"
    assert read(tmp_path, "a.pdf", deep).status == UNREADABLE
    nested = "<w:p>" * 200_000 + "</w:p>" * 200_000
    assert read(tmp_path, "a.docx", word(nested)).status in (UNREADABLE, EMPTY)


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "FILE_LIMIT", 10)
    monkeypatch.setattr(subprocess, "Popen", None)
    found = read(tmp_path, "a.txt", b"eleven long")
    assert (found.status, found.reason) == (LARGE, LARGE)


def test_of_a_very_long_text_the_first_part_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", b"a line of words that goes on\n\n" * (TEXT_LIMIT // 15))
    assert (found.status, found.reason) == (READ, PART)
    assert TEXT_LIMIT * 0.99 < sum(len(piece.text) for piece in found.pieces) <= TEXT_LIMIT


def test_of_a_document_with_very_many_pages_the_first_are_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "a.docx", docx(*([f"page {n}"] for n in range(1_100))))
    assert (found.status, found.reason, len(found.pieces)) == (READ, PART, 1_000)


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", b"Words", wall=0.0)
    assert (found.status, found.reason) == (UNREADABLE, SLOW)


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Let a program of the test be what is run."""
    package = folder / "partnernet" / "extract"
    package.mkdir(parents=True)
    (folder / "partnernet" / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(program)
    monkeypatch.setattr(process, "_environment", lambda: {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"})


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os; os.abort()", DAMAGED),
        ('print(\'{"end": true, "unit": "", "reason": "part"}\')', SLOW),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", SLOW),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", MEMORY),
        ("while True: print('x' * 10_000)", DAMAGED),
        ("print('[1]'); print('{}')", DAMAGED),
        ("print('{\"page\": 1}')", DAMAGED),
        ("", DAMAGED),
    ],
)
def test_whatever_becomes_of_the_process_there_is_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
) -> None:
    stand_in(monkeypatch, tmp_path / "stand-in", program)
    found = read(tmp_path, "a.txt", b"Words")
    assert (found.status, found.reason) == (UNREADABLE, reason)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes cannot be looked at")
def test_what_the_process_has_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "child"
    stand_in(
        monkeypatch, tmp_path / "stand-in",
        "import pathlib, subprocess, sys\nwaits = [sys.executable, '-c', 'import time; time.sleep(99)']\n"
        "child = subprocess.Popen(waits)\n"
        f"pathlib.Path({str(noted)!r}).write_text(str(child.pid))\nchild.wait()",
    )  # fmt: skip
    assert read(tmp_path, "a.txt", b"Words", wall=2.0).reason == SLOW
    child = int(noted.read_text())
    deadline = time.monotonic() + PATIENCE
    while _lives(child):
        assert time.monotonic() < deadline


def _lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_keys_and_passwords_of_the_server_are_not_known_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERNET_SECRET_KEY", "canary")
    assert "canary" not in "".join(process._environment().values())


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
def test_the_process_limits_itself() -> None:
    asked = (
        "import resource; from partnernet.extract.__main__ import limit; limit();"
        "print([resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[0] for name in ('AS', 'CPU', 'FSIZE', 'CORE')])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([512 << 20, 75, 0, 0])


def test_where_the_system_has_no_limits_the_clock_alone_holds(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(pdf(["Words"]))
    asked = (
        "import sys; sys.modules['resource'] = None; from partnernet.extract import __main__ as it;"
        f"sys.argv = ['', {str(tmp_path / 'file')!r}, '.pdf']; it.main()"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert '"text": "Words"' in done.stdout and '"end": true' in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
def test_memory_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1_000)
    asked = (
        "import sys; from partnernet.extract import __main__ as it, plain;"
        "plain.text = lambda path: iter([(1, '', 'x' * (900 << 20))]);"
        f"sys.argv = ['', {str(tmp_path / 'file')!r}, '.txt']; it.main()"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == '{"reason": "memory"}'


def test_what_is_being_read_ends_when_it_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, tmp_path / "stand-in", "import time; time.sleep(99)")
    found: list[Extract] = []
    thread = threading.Thread(target=lambda: found.append(read(tmp_path, "a.txt", b"Words")))
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not process._running:
        assert time.monotonic() < deadline
    process.end_running()
    thread.join(PATIENCE)
    assert [one.status for one in found] == [UNREADABLE]
