"""The mailbox: what other programs make of it, by Python's own reading of mail."""

import email
import mailbox as boxes
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnernet.interchange import mailbox
from partnernet.interchange.mailbox import message_id
from partnernet.interchange.tally import Tally
from partnernet.interchange.texts import Reading
from tests.interchange.conftest import POSTER, Node
from tests.interchange.told import Memory, Told, text, written


def messages(path: Path) -> Iterator[EmailMessage]:
    box = boxes.mbox(path)
    for message in box:
        parsed = email.message_from_bytes(message.as_bytes(), policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        yield parsed
    box.close()


def test_every_entry_and_reply_is_a_message_without_a_fault(hall: Node) -> None:
    found = list(messages(hall.write_out("mbox", "all.mbox")))
    assert sorted(message["Subject"] for message in found) == sorted([
        "What does a hall need?", "Re: What does a hall need?", "Re: What does a hall need?", "A van for all: yes?",
        "CON", "Nodiadau’r Hydref",
    ])  # fmt: skip
    for message in found:
        assert not [part.defects for part in message.walk() if part.defects]
        assert not [value.defects for value in message.values() if value.defects]


def test_threads_are_told_by_the_headers(hall: Node) -> None:
    talk, reply, last = list(messages(hall.write_out("mbox", "all.mbox", "--kind", "discussion")))
    assert talk["Message-ID"] == message_id(hall.made["talk"]) and talk["In-Reply-To"] is None
    assert reply["In-Reply-To"] == talk["Message-ID"] == reply["References"]
    assert last["In-Reply-To"] == reply["Message-ID"]
    assert last["References"].split() == [talk["Message-ID"], reply["Message-ID"]]
    assert talk["Keywords"] == "halls" and talk["Organization"] == "The Corn Hall"


def test_addresses_lead_nowhere(hall: Node) -> None:
    for message in messages(hall.write_out("mbox", "all.mbox")):
        name, address = parseaddr(str(message["From"]))
        assert name in ("Josie Calder", "Wren Achebe")
        assert address in (f"{hall.made['josie']}@partner.invalid", f"{hall.made['wren']}@partner.invalid")
        assert parseaddr(str(message["To"]))[1].endswith(".invalid")


def test_files_are_parts(hall: Node) -> None:
    (news,) = messages(hall.write_out("mbox", "all.mbox", "--kind", "news"))
    body, poster = news.iter_parts()
    assert body.get_content().strip() == "It is open."
    assert (poster.get_filename(), poster.get_content_type(), poster.get_content()) == (
        "poster.pdf", "application/pdf", POSTER,
    )  # fmt: skip


def test_what_is_too_large_for_a_mail_is_left_out_and_counted(hall: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "FILES_LIMIT", len(POSTER) - 1)
    place, tally = Memory(), Tally()
    with hall.app.app_context():
        reading: Reading = hall.reading(kinds=("news",))
        with place.file("all") as out:
            mailbox.write(reading, hall.app.extensions["partnernet.files"], out, tally)
    assert tally.too_large == 1 and b"multipart" not in place.files["all"]
    assert "too large for a mail: 1." in " ".join(tally.sentences())


TITLE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@settings(max_examples=40, deadline=None)
@given(title=TITLE, author=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_header_can_be_added_by_a_title_or_a_name(title: str, author: str) -> None:
    told = Told([text(1, "news", title, "Text.", 0, author=author, tags=(title[:60],), partner=author)])
    content = written(told, "mbox")["all.mbox"]
    message = email.message_from_bytes(content.split(b"\n", 1)[1], policy=policy.default)
    known = {"From", "To", "Subject", "Date", "Message-ID", "Keywords", "Organization", "X-PartnerNet-Kind",
             "X-PartnerNet", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}  # fmt: skip
    assert set(message.keys()) <= known and len(set(message.keys())) == len(message.keys())
    assert all(len(line) <= 998 for line in content.split(b"\n"))
    shown = "".join(sign if sign.isprintable() else " " for sign in title)
    assert message["Subject"].split() == shown.split()
