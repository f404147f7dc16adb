"""What is said of a server for the whole network, where the network's key is: its list, and whose words are hidden."""

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db, write
from partnernet.core.words import _
from partnernet.nodes import known, network_list, revocation
from partnernet.nodes.blueprint import bp
from partnernet.web.guard import may
from partnernet.web.here import this_node
from partnernet.web.notices import done
from partnernet.web.render import go


@bp.post("/<key>/listing")
@may("exchange")
def listing(key: str) -> AnyResponse:
    """Name a server in the list with the rights that it has here, or strike it off; or do as the list says."""
    session = db.session()
    server = known.find(session, key)
    if request.form.get("obey"):
        write(session)
        network_list.obey(session, this_node(), key)
        commit()
        done(_("What the network’s list says of %(server)s holds here, too.", server=server.called))
    elif request.form.get("strike"):
        network_list.take_off(session, this_node(), key)
        commit()
        words = _("%(server)s is off the network’s list.", server=server.called)
        done(words, undo=request.path, fields={"again": "1"})
    else:
        if request.form.get("again"):
            network_list.put_back(session, this_node(), key)
        else:
            network_list.put(session, this_node(), server)
        commit()
        done(_("%(server)s is on the network’s list; every server of the network follows it.", server=server.called))
    return go(url_for("nodes.show", key=key))


@bp.post("/<key>/revocation")
@may("exchange")
def hiding(key: str) -> AnyResponse:
    """Hide what a server wrote from the whole network, all of it or what comes from now on; or take that back."""
    session, here = db.session(), request.path
    server = known.find(session, key)
    hides = request.form.get("hide", "")
    if hides:
        revocation.revoke(session, this_node(), key, keep_known=hides == revocation.LATER)
        commit()
        words = (
            _("What %(server)s writes from now on counts nowhere in the network.", server=server.called)
            if hides == revocation.LATER
            else _("What %(server)s wrote is hidden in the whole network.", server=server.called)
        )
        done(words, undo=here, fields={"hide": ""})
    else:
        revocation.take_back(session, this_node(), key)
        commit()
        done(_("What %(server)s wrote counts again.", server=server.called))
    return go(url_for("nodes.show", key=key))
