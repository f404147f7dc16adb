"""What the editor asks for while somebody writes: a preview, names, a place for drafts and files; and every file."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, make_response, request, send_file
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from partnernet.core import text
from partnernet.core.db import commit, db
from partnernet.core.entry import Attachment, Entry
from partnernet.core.errors import Invalid, NotFound, TooLarge
from partnernet.core.ledger.kinds import TEXT_LIMIT
from partnernet.core.policy import visible_to
from partnernet.core.words import _
from partnernet.entries import drafts, staging, uploads
from partnernet.entries.fields import KeptFile
from partnernet.entries.mentions import suggest, to_handles
from partnernet.people.mentions import fill
from partnernet.people.names import names
from partnernet.web.guard import actor, may, member
from partnernet.web.headers import FILE_CSP, PDF_CSP
from partnernet.web.here import its_files
from partnernet.web.notices import done
from partnernet.web.render import go, render

PDF = "application/pdf"
INLINE = ("image/webp", "image/png", "image/jpeg", "image/gif", PDF)
"""What a browser shows; everything else it keeps. A PDF opens at the page that its address names."""

bp = Blueprint("editor", __name__)


@bp.post("/preview")
@may("member")
def preview() -> Response:
    """A text as it will look."""
    html = shown(request.form.get("body", ""))
    return render("editor/preview.html", fragment="preview", html=html)


def shown(source: str) -> Markup:
    """A text as whoever writes it will see it once it is sent."""
    if len(source) > TEXT_LIMIT:
        raise TooLarge(_("This text is too long to be shown; please split it in two."))
    person = member()
    kept = to_handles(db.session(), person, source)
    known = names(db.session(), person, {(person.node.id, handle) for handle in text.mentions(kept)})
    return fill(text.without_addresses(text.render(kept)), known, person.node.id)


@bp.post("/files")
@may("member")
def stage() -> Response:
    """Take one file while somebody writes; answers with its line of the form, or with what is wrong."""
    for upload in uploads.given(request.files.getlist("file"))[:1]:
        try:
            came = uploads.checked(upload, "file")
            if request.form.get("role") == "picture" and not came.is_picture:
                raise Invalid(uploads.no_picture(came.name))
            file = uploads.keep(came)
            staging.stage(db.session(), file, by=member())
        except Invalid as error:
            return render("editor/file.html", status=422, sentence=error.fields.get("file", error.sentence))
        commit()
        return render("editor/file.html", one=KeptFile(file), role=request.form.get("role", ""))
    raise Invalid(_("Choose a file first."))


@bp.get("/people/suggestions")
@may("member")
def suggestions() -> Response:
    """Names that begin as somebody has begun to type one, to choose from."""
    found = suggest(db.session(), member(), request.args.get("q", ""))
    return make_response([{"name": name, "partner": partner} for name, partner in found])


@bp.post("/drafts/<form>")
@may("member")
def draft(form: str) -> Response:
    """Keep what is being written; the page says when."""
    if drafts.address(form) is None:
        raise Invalid(_("This form is not known."))
    saved = drafts.keep(db.session(), form, drafts.words(request.form), by=member())
    commit()
    return make_response({"saved": saved})


@bp.get("/drafts")
@may("member")
def all_drafts() -> Response:
    """Everything that somebody is writing and has not sent."""
    kept = drafts.of(db.session(), by=member())
    return render("editor/all_drafts.html", drafts=kept, read=drafts.read, address=drafts.address)


@bp.post("/drafts/<form>/removal")
@may("member")
def drop_draft(form: str) -> Response:
    """Throw a draft away."""
    drafts.drop(db.session(), form, by=member())
    commit()
    done(_("The draft is gone."))
    return go("/drafts")


@bp.get("/files/<sha256>")
@may("entry.read")
def file(sha256: str) -> Response:
    """A file, through an entry that names it and that whoever asks may read."""
    row = db.session().execute(
        select(Attachment.name, Attachment.type)
        .join(Entry, Entry.id == Attachment.entry)
        .where(Attachment.sha256 == sha256, visible_to(actor()), ~Entry.redacted, ~Entry.deleted)
        .order_by(Attachment.entry)
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        row = _waiting(sha256)
    files = its_files()
    if not files.has(sha256):
        abort(404)
    response = send_file(
        files.path(sha256), mimetype=row.type, download_name=row.name, as_attachment=row.type not in INLINE,
        conditional=True, etag=sha256, max_age=31_536_000,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = PDF_CSP if row.type == PDF else FILE_CSP
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _waiting(sha256: str) -> Any:
    """What is known of a file that whoever asks has brought and not sent yet; raises NotFound for others."""
    person = actor()
    found = staging.own(db.session(), [sha256], by=person) if person is not None else {}
    if sha256 not in found:
        raise NotFound()
    return SimpleNamespace(**found[sha256])
