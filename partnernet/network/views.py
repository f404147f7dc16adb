"""What the network says of itself: about, charter, privacy, accessibility; and how stewards word it."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.wrappers import Response
from wtforms import Form

from partnernet.config import assets
from partnernet.core import text
from partnernet.core.db import commit, db
from partnernet.core.entry import Entry
from partnernet.core.errors import Invalid, NotFound
from partnernet.core.words import _
from partnernet.entries.finding import load
from partnernet.entries.model import revise
from partnernet.entries.version_views import settle_first
from partnernet.entries.versions import FORMS, versions_of
from partnernet.network import pages
from partnernet.network.blueprint import bp
from partnernet.network.form import PageForm
from partnernet.network.model import PAGE, own_network, setting
from partnernet.people.mentions import fill
from partnernet.people.names import names
from partnernet.web.guard import actor, authorise, may, member
from partnernet.web.here import this_node
from partnernet.web.language import language
from partnernet.web.navigation import network_name
from partnernet.web.notices import done
from partnernet.web.render import go, render

FORMS[PAGE.name] = lambda session, person: [PageForm()]


@bp.get("/about")
@may("anyone")
def about() -> Response:
    """What this network is, and the pages it words itself."""
    network = own_network(db.session())
    welcome = text.render(network.welcome) if network else ""
    return render("network/about.html", welcome=fill(welcome, {}, ""), titles=pages.TITLES, contact=_contact())


@bp.get("/charter")
@may("anyone")
def charter() -> Response:
    """What the network has agreed on."""
    return _show("charter")


@bp.get("/privacy")
@may("anyone")
def privacy() -> Response:
    """What happens to people's data."""
    return _show("privacy")


@bp.get("/accessibility")
@may("anyone")
def accessibility() -> Response:
    """How access needs are met, and whom to tell where they are not."""
    return _show("accessibility")


@bp.get("/pages/<ref>")
@may("entry.read")
def page(ref: str) -> Response:
    """A page by its id, as lists and search results link to it."""
    entry = load(db.session(), actor(), ref)
    if entry.kind != PAGE.name or entry.redacted or entry.deleted:
        raise NotFound()
    return _page(entry.title, entry.body, "", entry)


@bp.route("/pages/<slug>/edit", methods=["GET", "POST"])
@may("steward")
def edit_page(slug: str) -> Response:
    """Word one of the network's pages."""
    if slug not in pages.TITLES:
        raise NotFound()
    session = db.session()
    found = pages.find(session, member().node.id, slug)
    present = {"title": str(pages.TITLES[slug]), "body": _beginning(slug), "heads": ""}
    if found is not None:
        authorise("page.edit", found.entry)
        if request.method == "GET" and (first := settle_first(found.entry)) is not None:
            return first
        present = {"title": found.entry.title, "body": found.entry.body, "heads": " ".join(found.entry.heads)}
    form = PageForm(request.form, data=present)
    if request.method == "POST" and form.validate():
        values = {"title": form.title.data, "body": form.body.data}
        try:
            if found is None:
                pages.word(session, slug, values, by=member())
            else:
                revise(session, found.entry, values, form.seen, by=member())
        except Invalid as error:
            form.blame(error.fields)
        else:
            commit()
            done(_("Saved."))
            return go(f"/{slug}")
    return _form_page("network/edit_page.html", form, slug=slug)


def _form_page(template: str, form: Form, **context: Any) -> Response:
    return render(template, status=422 if form.errors else 200, form=form, **context)


def _show(slug: str) -> Response:
    found = pages.find(db.session(), this_node().id, slug)
    if found is None:
        return _page(str(pages.TITLES[slug]), _beginning(slug), slug, None)
    return _page(found.entry.title, found.entry.body, slug, found.entry)


def _page(title: str, body: str, slug: str, entry: Entry | None) -> Response:
    node = entry.node if entry else ""
    known = names(db.session(), actor(), {(node, handle) for handle in text.mentions(body)})
    html = fill(text.render(body), known, node)
    spoken = _language_of_texts() if entry is None else language()
    return render(
        "network/page.html", title=title, html=html, slug=slug, entry=entry,
        versions=versions_of(db.session(), actor(), entry) if entry else [],
        lang=spoken if spoken != language() else "",
    )  # fmt: skip


def _beginning(slug: str) -> str:
    """The text that a page begins with, in the reader's language, with what this network has told of itself."""
    template = current_app.jinja_env.get_template(f"network/texts/{_language_of_texts()}/{slug}.md")
    return template.render(
        network=network_name(), controller=setting(db.session(), "controller"), contact=_contact(),
        host=urlsplit(current_app.config["BASE_URL"]).netloc or request.host,
    ).strip()  # fmt: skip


def _language_of_texts() -> str:
    """The reader's language where the texts that pages begin with are there in it, else English."""
    code = language()
    return code if (assets("templates") / "network" / "texts" / code).is_dir() else "en"


def _contact() -> str:
    return setting(db.session(), "contact")
