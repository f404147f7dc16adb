"""Every format gives its text, page by page where it has pages, and nothing that does not stand in it."""

from pathlib import Path

import pytest

from partnernet.extract import EMPTY, PAGES, PIECE, READ, SHEETS, SLIDES, ending
from partnernet.extract.pieces import pieces, tidy
from partnernet.extract.process import Extract, extract
from tests.extract.documents import PAGE_BREAK, WORD, docx, locked_pdf, open_document, pdf, pptx, relations, word, xlsx


def read(folder: Path, name: str, content: bytes) -> Extract:
    path = folder / "file"
    path.write_bytes(content)
    return extract(path, ending(name))


def texts(found: Extract) -> list[tuple[int, str]]:
    assert found.status == READ, found
    return [(piece.page, piece.text) for piece in found.pieces]


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    found = read(tmp_path, "Programme.PDF", pdf(["The hall opens", "at nine"], [], ["A partner-", "ship of halls"]))
    assert texts(found) == [(1, "The hall opens at nine"), (3, "A partnership of halls")]
    assert (found.unit, found.reason) == (PAGES, "")


def test_a_pdf_that_anybody_may_open_is_read(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "a.pdf", locked_pdf("", ["Open to all"]))) == [(1, "Open to all")]


def test_a_pdf_without_text_has_none(tmp_path: Path) -> None:
    found = read(tmp_path, "scan.pdf", pdf([]))
    assert (found.status, found.reason) == (EMPTY, EMPTY)


def test_a_word_document_has_the_pages_it_was_saved_with(tmp_path: Path) -> None:
    found = read(tmp_path, "a.docx", docx(["Welcome", "to the hall"], ["On the second page"]))
    assert texts(found) == [(1, "Welcome to the hall"), (2, "On the second page")]
    assert found.unit == PAGES


def test_a_word_document_that_does_not_tell_its_pages_has_none(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "a.docx", docx(["Welcome"]))) == [(0, "Welcome")]


def test_what_is_deleted_doubled_or_computed_in_a_word_document_is_left_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Kept</w:t><w:delText>struck</w:delText><w:instrText>PAGEREF</w:instrText></w:r></w:p>"
        '<w:p xmlns:mc="urn:mc"><mc:AlternateContent><mc:Choice><w:r><w:t>boxed</w:t></w:r></mc:Choice>'
        "<mc:Fallback><w:r><w:t>boxed</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
        f"<w:p>{PAGE_BREAK}<w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r></w:p>"
    )
    assert texts(read(tmp_path, "a.docx", word(body))) == [(1, "Kept boxed"), (2, "one two")]


def test_the_notes_at_the_foot_of_a_word_document_come_last(tmp_path: Path) -> None:
    notes = "<w:p><w:r><w:t>At the foot</w:t></w:r></w:p>"
    more = {
        "word/_rels/document.xml.rels": relations(("footnotes", "footnotes.xml")),
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}">{notes}</w:footnotes>',
    }
    assert texts(read(tmp_path, "a.docx", docx(["Above"], more=more))) == [(0, "Above At the foot")]


def test_slides_come_in_the_order_of_the_show_with_what_is_said_to_them(tmp_path: Path) -> None:
    found = read(tmp_path, "a.pptx", pptx("First slide", "Second slide", notes="Say hello"))
    assert texts(found) == [(1, "First slide Say hello"), (2, "Second slide")]
    assert found.unit == SLIDES


def test_sheets_give_words_and_whole_numbers_by_their_names(tmp_path: Path) -> None:
    content = xlsx(Budget=[["Hall", 2500, 0.31], ["Kettle", 45]], Guests=[["Wren"], ["Hall"]])
    found = read(tmp_path, "a.xlsx", content)
    assert [(piece.page, piece.label, piece.text) for piece in found.pieces] == [
        (1, "Budget", "Hall · 2500 Kettle · 45"), (2, "Guests", "Wren Hall"),
    ]  # fmt: skip
    assert found.unit == SHEETS


def test_an_open_text_is_read_without_what_was_struck_out(tmp_path: Path) -> None:
    body = (
        "<office:text><text:tracked-changes><text:p>struck</text:p></text:tracked-changes>"
        "<text:h>Welcome</text:h><text:p>to<text:s/>the <text:span>hall</text:span></text:p>"
        "<text:p>first<text:soft-page-break/>second</text:p></office:text>"
    )
    found = read(tmp_path, "a.odt", open_document("text", body))
    assert texts(found) == [(1, "Welcome to the hall first"), (2, "second")]
    assert found.unit == PAGES


def test_open_slides_and_sheets_are_read(tmp_path: Path) -> None:
    show = '<draw:page draw:name="one"><text:p>First</text:p></draw:page><draw:page><text:p>Second</text:p></draw:page>'
    assert texts(read(tmp_path, "a.odp", open_document("presentation", show))) == [(1, "First"), (2, "Second")]
    table = '<table:table table:name="Budget"><table:table-cell><text:p>Hall</text:p></table:table-cell></table:table>'
    found = read(tmp_path, "a.ods", open_document("spreadsheet", table))
    assert [(piece.page, piece.label, piece.text) for piece in found.pieces] == [(1, "Budget", "Hall")]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "Grüße aus\r\ndem Saal".encode(), "Grüße aus dem Saal"),
        ("a.txt", "Grüße".encode("cp1252"), "Grüße"),
        ("a.txt", "Grüße".encode("utf-16"), "Grüße"),
        ("a.csv", b"hall,price\nNorth,12\n", "hall,price North,12"),
        ("a.md", b"# Welcome\n\nto *the* [hall](https://hall.example)\n", "Welcome to the hall"),
        (
            "a.html",
            b"<title>Hall</title><script>secret()</script><p>Doors &amp; floors</p><style>p{}</style>",
            "Hall Doors & floors",
        ),
    ],
)  # fmt: skip
def test_texts_are_read_without_their_markup(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    assert texts(read(tmp_path, name, content)) == [(0, text)]


@pytest.mark.parametrize("name", ["picture.webp", "song.mp3", "archive.zip", "noending", "old.doc"])
def test_other_files_have_no_text_to_read(name: str) -> None:
    assert ending(name) == ""


def test_a_long_page_is_cut_at_spaces_into_pieces() -> None:
    words = " ".join(f"word{n}" for n in range(4_000))
    found = list(pieces([(7, "", words)]))
    assert len(found) > 4
    assert " ".join(piece.text for piece in found) == words
    assert {piece.page for piece in found} == {7} and max(len(piece.text) for piece in found) <= PIECE


def test_text_is_made_of_whole_characters_on_one_line() -> None:
    assert tidy("a\x00b \ud800c\u00ad\n\ufb01ne \t x") == "ab ?cfine x".replace("cf", "c f")
