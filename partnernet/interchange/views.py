"""The page "For other programs" of the exchange, for stewards."""

from contextlib import suppress
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import Blueprint, Response, current_app, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import db
from partnernet.core.errors import Refused, TooLarge
from partnernet.core.files import storing
from partnernet.core.time import DAY, day_ms, from_ms, now_ms
from partnernet.core.words import _
from partnernet.interchange.choice import Choice
from partnernet.interchange.form import OtherProgramsForm
from partnernet.interchange.texts import Reading
from partnernet.interchange.writing import CSV, MARKDOWN, MBOX, chosen, needed, pack
from partnernet.web.guard import may, member
from partnernet.web.here import its_files
from partnernet.web.render import render

TEXTS_LIMIT = 20_000
"""Entries and replies that a page hands over at once; the command has no such limit."""
SIZE_LIMIT = 1 << 30

ENDINGS = {MARKDOWN: "-markdown.zip", CSV: "-csv.zip", MBOX: ".mbox"}

bp = Blueprint("interchange", __name__, url_prefix="/exchange/other-programs")


@bp.get("")
@may("exchange")
def new() -> Response:
    """Choose what is written out, and in which form."""
    return render("interchange/new.html", form=OtherProgramsForm())


@bp.post("")
@may("exchange")
def download() -> AnyResponse:
    """What was chosen, as one file; it is whole before its first byte goes out."""
    form = OtherProgramsForm(request.form)
    if not form.validate():
        return render("interchange/new.html", form=form, status=422)
    reading = Reading(db.session(), _choice(form))
    try:
        _check_size(reading, form.form.data)
        file = _written(reading, form.form.data)
    except Refused as error:
        form.form.errors = [error.sentence]
        return render("interchange/new.html", form=form, status=422)
    finally:
        reading.session.rollback()
    name = f"partnernet-{from_ms(now_ms()):%Y-%m-%d}{ENDINGS[form.form.data]}"
    kind = "application/mbox" if form.form.data == MBOX else "application/zip"
    response = send_file(file, kind, as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


def _choice(form: OtherProgramsForm) -> Choice:
    first, last = form.period
    return Choice(
        None if form.is_for_strangers else member(), tuple(form.kinds.data or ()),
        None if first is None else day_ms(first), None if last is None else day_ms(last) + DAY,
    )  # fmt: skip


def _check_size(reading: Reading, form: str) -> None:
    count = chosen(reading)
    if not count and form != CSV:
        raise Refused(_("Nothing here is of these kinds and this time: choose more of them."))
    if count > TEXTS_LIMIT or needed(reading, form) > SIZE_LIMIT:
        raise TooLarge(
            _(
                "This is too much for one download: choose a shorter time or fewer kinds, "
                "or let whoever runs this server use “partnernet write-out”."
            )
        )


def _written(reading: Reading, form: str) -> BinaryIO:
    folder = current_app.config["DATA"] / "exports"
    with storing():
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
        file = cast(BinaryIO, TemporaryFile(dir=folder))  # noqa: SIM115 - it is closed when it has been sent
        try:
            pack(reading, form, its_files(), file, folder)
            file.seek(0)
        except BaseException:
            file.close()
            raise
    return file
