"""`partnernet serve`: the web, the indexer and the work behind the pages, in one process."""

import gc
import logging
import signal
import socket
import sys
from typing import Any

import click

from partnernet.core.errors import Refused
from partnernet.core.memory import be_frugal, collect_rarely

THREADS = 2
BACKLOG = 1_024


@click.command
@click.option("--host", help="The address to listen on; 127.0.0.1 unless told.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8000 unless told, 0 picks a free one.")
@click.option("--threads", type=click.IntRange(1, 64), default=THREADS, show_default=True)
@click.option("--without-asking", is_flag=True, help="After a restore, do not ask others first what was erased.")
def serve(host: str | None, port: int | None, threads: int, without_asking: bool) -> None:
    """Run everything: creates what is missing, and prints the address and the first step."""
    from partnernet import create_app
    from partnernet.sync.asking import ask_first
    from partnernet.web import serving

    be_frugal()

    overrides: dict[str, Any] = {"HOST": host} if host else {}
    app = create_app(overrides)
    host = app.config["HOST"]
    port = app.config["PORT"] if port is None else port
    listener = listen(host, port)
    address = app.config["BASE_URL"] or f"http://{_shown(host)}:{listener.getsockname()[1]}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(address, flush=True)
    with app.app_context():
        _first_step(app, address)
        if sentence := ask_first(app, anyway=without_asking):
            click.echo(sentence, err=True)
    server = serving.server(
        app, sockets=[listener], threads=threads, ident=None, channel_timeout=60,
        max_request_body_size=app.config["BUNDLE_LIMIT"], clear_untrusted_proxy_headers=True,
    )  # fmt: skip
    gc.collect()
    gc.freeze()
    collect_rarely()
    stop = _begin_background(app)
    try:
        server.run()
    finally:
        stop()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens already when its address is printed; raises Refused where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Refused(
            f"Port {port} at {host} cannot be used ({error.strerror}): choose another with --port."
        ) from error
    return listener


def _first_step(app: Any, address: str) -> None:
    """Found a network where there is none, and say how the first steward comes in."""
    from partnernet.core.db import commit, db
    from partnernet.network.founding import ensure
    from partnernet.people.links import first_steward_link

    ensure(db.session(), app)
    link = first_steward_link(db.session(), address)
    commit()
    print(f"The first steward comes in once by {link}" if link else "Sign in there to go on.", flush=True)


def _begin_background(app: Any) -> Any:
    from partnernet.background import Background
    from partnernet.search import indexer
    from partnernet.search.reading import Reading
    from partnernet.sync.running import Exchanging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    behind = Background(app)
    behind.start()
    reading = Reading(app, lambda: behind.lock.is_held)
    reading.start()
    exchanging = Exchanging(app, lambda: behind.lock.is_held)
    exchanging.start()
    index = indexer.start(app)

    def stop() -> None:
        exchanging.stop()
        reading.stop()
        index.stop()
        behind.stop()

    return stop


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - a choice of the steward
        return "localhost"
    return f"[{host}]" if ":" in host else host


commands = [serve]
