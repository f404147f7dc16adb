"""Documents made in the test, of every format whose text is searched, as small as they can be."""

import io
import zipfile
from collections.abc import Mapping, Sequence

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHOW = "http://schemas.openxmlformats.org/presentationml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns:"

PAGE_BREAK = "<w:r><w:lastRenderedPageBreak/></w:r>"


def zipped(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of some members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """What a part names beside itself: r1, r2 and so on, each a sort and a place."""
    items = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{sort}" Target="{place}"/>'
        for n, (sort, place) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def docx(*pages: Sequence[str], more: Mapping[str, str] | None = None) -> bytes:
    """A Word document of some pages, each a list of paragraphs."""
    body = ""
    for n, paragraphs in enumerate(pages):
        first = PAGE_BREAK if n else ""
        body += "".join(
            f"<w:p>{'' if m else first}<w:r><w:t>{text}</w:t></w:r></w:p>" for m, text in enumerate(paragraphs)
        )
    return word(body, more)


def word(body: str, more: Mapping[str, str] | None = None) -> bytes:
    """A Word document around its body as XML."""
    return zipped(
        {
            "_rels/.rels": relations(("officeDocument", "word/document.xml")),
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            **(more or {}),
        }
    )


def pptx(*slides: str, notes: str = "") -> bytes:
    """A show of slides; `notes` are what is to be said to the first. The list of slides is the other way round."""
    parts: dict[str, str | bytes] = {"_rels/.rels": relations(("officeDocument", "ppt/presentation.xml"))}
    numbers = range(len(slides), 0, -1)
    parts["ppt/_rels/presentation.xml.rels"] = relations(*(("slide", f"slides/slide{n}.xml") for n in numbers))
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in range(1, len(slides) + 1))
    parts["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="{SHOW}" xmlns:r="{OFFICE}"><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>'
    )
    for n, text in zip(numbers, slides, strict=True):
        parts[f"ppt/slides/slide{n}.xml"] = drawn(text)
    if notes:
        parts[f"ppt/slides/_rels/slide{len(slides)}.xml.rels"] = relations(("notesSlide", "../notesSlides/notes1.xml"))
        parts["ppt/notesSlides/notes1.xml"] = drawn(notes)
    return zipped(parts)


def drawn(text: str) -> str:
    """A slide with one box."""
    return f'<p:sld xmlns:p="{SHOW}" xmlns:a="{DRAWING}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'


def xlsx(**sheets: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook: rows of cells by the name of each sheet; words stand in the list that all sheets share."""
    words = list(
        dict.fromkeys(cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str))
    )
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    places = [("worksheet", f"/xl/worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*places, ("sharedStrings", "sharedStrings.xml")),
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{"".join(f"<si><t>{word}</t></si>" for word in words)}</sst>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        found = "".join(f"<row>{''.join(_cell(cell, words) for cell in row)}</row>" for row in rows)
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{SHEET}"><sheetData>{found}</sheetData></worksheet>'
    return zipped(parts)


def _cell(cell: str | float, words: Sequence[str]) -> str:
    return f'<c t="s"><v>{words.index(cell)}</v></c>' if isinstance(cell, str) else f"<c><v>{cell}</v></c>"


def open_document(sort: str, body: str, manifest: str = "") -> bytes:
    """A document of LibreOffice: `sort` is text, presentation or spreadsheet."""
    spaces = " ".join(f'xmlns:{short}="{OPEN}{long}:1.0"' for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
    ))  # fmt: skip
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{sort}",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{OPEN}manifest:1.0">{manifest}</m:manifest>',
            "content.xml": f"<office:document {spaces}><office:body>{body}</office:body></office:document>",
        }
    )


def pdf(*pages: Sequence[str]) -> bytes:
    """A PDF of some pages, each a list of lines."""
    numbers = [3 + 2 * n for n in range(len(pages))]
    font = 3 + 2 * len(pages)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(b"%d 0 R" % n for n in numbers), len(pages)),
    ]
    for n, lines in zip(numbers, pages, strict=True):
        shown = " ".join(f"({line}) Tj 0 -16 Td" for line in lines)
        stream = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode("latin-1")
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (n + 1, font)
        )
        parts.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    made, places = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(parts) + 1, table)
    return made + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


def locked_pdf(password: str, *pages: Sequence[str]) -> bytes:
    """A PDF that opens with a password; with an empty one, everybody may open it, and only changing is locked."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf(*pages))))
    writer.encrypt(password, owner_password="the owner's own", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
