"""Documents made in the test: a Word file, a PDF, and mails, as small as they can be."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>"""


def docx(heading: str, *paragraphs: str) -> bytes:
    """A Word document with one heading."""
    words = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{heading}</w:t></w:r></w:p>'
    words += "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{words}</w:body></w:document>'
    style = f'<?xml version="1.0"?><w:styles xmlns:w="{namespace}"><w:style w:type="paragraph" w:styleId="Heading1">'
    style += '<w:name w:val="heading 1"/></w:style></w:styles>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", document)
        archive.writestr("word/styles.xml", style)
    return made.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page."""
    shown = " ".join(f"({line}) Tj 0 -16 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(parts) + 1, table)
    return made + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


def mail(subject: str, body: str, *, id: str = "", date: str = "Tue, 3 Mar 2020 10:00:00 +0000", **more: str) -> bytes:
    """A mail as bytes; `more` are headers, with `_` for `-`."""
    message = EmailMessage()
    message["From"] = more.pop("sender", "Josie Hale <josie@saltmarsh.example>")
    message["Subject"] = subject
    message["Date"] = date
    if id:
        message["Message-ID"] = f"<{id}>"
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def mbox(path: Path, *mails: bytes) -> Path:
    """An archive of some mails."""
    path.write_bytes(b"".join(b"From list@example Tue Mar  3 10:00:00 2020\n" + mail + b"\n" for mail in mails))
    return path
