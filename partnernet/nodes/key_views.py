"""The key of the network: where it is, and a copy of it for stewards who give their password again."""

import io

from flask import request, send_file
from werkzeug.wrappers import Response as AnyResponse

from partnernet.core.db import commit, db
from partnernet.nodes import network_key
from partnernet.nodes.blueprint import bp
from partnernet.nodes.form import KeyForm
from partnernet.nodes.network_list import signs_here
from partnernet.people import accounts, asking
from partnernet.web.guard import may, member
from partnernet.web.here import this_node
from partnernet.web.render import render

PAPER_FILE = "network-key-to-print.txt"


@bp.route("/network-key", methods=["GET", "POST"])
@may("exchange")
def network_key_page() -> AnyResponse:
    """What the network's key is and whether there is a copy; a POST answers with one."""
    session, node = db.session(), this_node()
    form, is_here = KeyForm(request.form), signs_here(session, node)
    if request.method == "POST" and form.validate():
        account = accounts.find(session, member().account)
        if asking.is_right(session, account, form.password, request.remote_addr):
            text = network_key.copy(session, node)
            commit()
            file = io.BytesIO(text.encode())
            response = send_file(file, "text/plain", as_attachment=True, download_name=PAPER_FILE, max_age=0)
            response.headers["Cache-Control"] = "no-store"
            return response
    return render(
        "nodes/network_key.html", status=422 if form.errors else 200, form=form, is_here=is_here,
        needs_copy=network_key.needs_copy(session, node),
    )  # fmt: skip
