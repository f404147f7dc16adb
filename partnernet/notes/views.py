"""Notes: the pages of every kind, with the host's name and the contents of the text."""

from sqlalchemy import select

from partnernet.entries.page import Beside
from partnernet.entries.views import pages
from partnernet.notes.form import NoteForm
from partnernet.notes.model import NOTE, Note
from partnernet.notes.outline import context
from partnernet.partners.model import Partner

HOST_NAME = select(Partner.name).where(Partner.id == Note.host).correlate(Note).scalar_subquery().label("host_name")

bp = pages(NOTE, NoteForm, Beside(columns=(HOST_NAME,), line="notes/_beside.html", context=context))
