"""What waits outside of one server, and how much it may send."""

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db
from partnernet.core.words import _, plural
from partnernet.exchange import counted
from partnernet.nodes import known, network_list, quarantine
from partnernet.nodes.admit import SHARED, release
from partnernet.nodes.blueprint import bp
from partnernet.nodes.form import QuotaForm
from partnernet.nodes.views import came_in
from partnernet.web.guard import may
from partnernet.web.here import this_node
from partnernet.web.notices import done
from partnernet.web.render import go, render


@bp.route("/<key>/waiting", methods=["GET", "POST"])
@may("exchange")
def waiting(key: str) -> AnyResponse:
    """What waits of a server; a POST lets it in this once, or discards it."""
    session = db.session()
    server = known.find(session, key)
    if request.method != "POST":
        look = quarantine.look(session, key)
        return render("nodes/waiting.html", server=server, look=look, counted=counted)
    if request.form.get("discard"):
        gone = quarantine.discard(session, key)
        commit()
        done(plural("%(count)s statement discarded.", "%(count)s statements discarded.", gone))
        return go(url_for("nodes.show", key=key))
    logs = server.writes or SHARED
    new = release(session, [key], logs, looked_at=True)
    network_list.follow(session, this_node())
    commit()
    done(came_in(new) or _("Nothing of it could be let in: it is in a newer format, or for others."))
    return go(url_for("nodes.show", key=key))


@bp.route("/<key>/quota", methods=["GET", "POST"])
@may("exchange")
def quota(key: str) -> AnyResponse:
    """How much a server may send before the rest waits for a person."""
    session = db.session()
    server = known.find(session, key)
    form = QuotaForm(request.form, data=QuotaForm.shown(server.node.quota))
    if request.method == "POST" and form.validate():
        known.limit(session, key, form.quota)
        commit()
        done(_("The limits of this server are kept."))
        return go(url_for("nodes.show", key=key))
    return render("nodes/quota.html", status=422 if form.errors else 200, form=form, server=server)
