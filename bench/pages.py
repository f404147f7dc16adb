"""Pages beside a bare signed-in hello and beside Fossil's forum: CPU per request, interleaved rounds."""

import re
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.nodes import node_of
from bench.servers import Server, free_port, product, start
from bench.table import Row, show

ROUNDS, REQUESTS = 7, 150


@dataclass(frozen=True)
class Page:
    """One address of one server, and what its CPU is compared with."""

    name: str
    server: Server
    path: str
    headers: Mapping[str, str]
    expect: int = 200


def cpu_per_request(pages: list[Page], rounds: int = ROUNDS, requests: int = REQUESTS) -> dict[str, float]:
    """The median CPU milliseconds of a request to each page, the pages asked in turn."""
    taken: dict[str, list[float]] = {page.name: [] for page in pages}
    for page in pages:
        ask(page, 5)
    for _ in range(rounds):
        for page in pages:
            before = page.server.cpu()
            ask(page, requests)
            taken[page.name].append((page.server.cpu() - before) / requests * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def ask(page: Page, times: int) -> None:
    """Ask for a page, and see that the answer is what is measured."""
    for _ in range(times):
        status, body, _ = page.server.ask(page.path, page.headers)
        if status != page.expect:
            raise RuntimeError(f"{page.name} answered {status}: {body[:200]!r}")


def thread_of(server: Server, replies: int) -> str:
    """The address of a discussion with about this many replies."""
    path = "/discussions"
    for _ in range(200):
        _, body, _ = server.ask(path)
        text = body.decode()
        for block in text.split('<li class="row"')[1:]:
            found = re.search(r'href="(/discussions/[a-z2-7]{12}[^"]*)"', block)
            if found and f"{replies} replies" in block:
                return found[1]
        older = re.search(r'href="([^"]*before=[^"]*)"', text)
        if not older:
            break
        path = older[1].replace("&amp;", "&")
    raise RuntimeError(f"no discussion with {replies} replies was found")


DEEPEST = "/discussions?after=-9000000000000000.a"
"""The last page of the list: what comes after a key that is older than everything."""


def main(size: int = 100_000, small: int = 10_000) -> None:
    """Print the table."""
    with node_of(size) as (data, token), node_of(small) as (small_data, small_token):
        port = free_port()
        hello = start(
            [sys.executable, str(Path(__file__).with_name("hello.py")), str(port), str(data / "hello.db")],
            port,
        )
        _, _, headers = hello.ask("/in")
        hello.headers["Cookie"] = str(headers["Set-Cookie"]).partition(";")[0]
        server, other = product(data, token), product(small_data, small_token)
        try:
            measure(hello, server, other, size, small)
        finally:
            for running in (hello, server, other):
                running.stop()


def measure(hello: Server, server: Server, other: Server, size: int, small: int) -> None:
    """Take the figures and print their ratios."""
    thread = thread_of(server, 18)
    _, _, headers = server.ask("/discussions")
    _, _, again = server.ask("/discussions")
    etag = again.get("ETag") or headers.get("ETag") or ""
    _, packed, _ = server.ask("/discussions", {"Accept-Encoding": "gzip"})
    pages = [
        Page("hello", hello, "/", {}),
        Page("list of 30", server, "/discussions", {}),
        Page("discussion of 18 replies", server, thread, {}),
        Page("unchanged list (304)", server, "/discussions", {"If-None-Match": etag}, 304),
        Page("deepest list", server, DEEPEST, {}),
        Page(f"list of 30 at {small:,}", other, "/discussions", {}),
    ]
    cpu = cpu_per_request(pages)
    base = cpu["hello"]
    rows = [
        Row("list of 30", cpu["list of 30"], cpu["list of 30"] / base, "≤ 5 × hello"),
        Row(
            "discussion of 18 replies",
            cpu["discussion of 18 replies"],
            cpu["discussion of 18 replies"] / base,
            "≤ 4 × hello",
        ),
        Row(
            "unchanged page (304)",
            cpu["unchanged list (304)"],
            cpu["unchanged list (304)"] / base,
            "≤ 1.4 × hello",
        ),
        Row("deepest list", cpu["deepest list"], cpu["deepest list"] / cpu["list of 30"], "≤ 1.15 × the first"),
        Row(
            f"list at {size:,}",
            cpu["list of 30"],
            cpu["list of 30"] / cpu[f"list of 30 at {small:,}"],
            f"≤ 1.2 × at {small:,}",
        ),
        Row("hello", base, 1.0, ""),
    ]
    show(f"Pages at {size:,} entries and replies, signed in: CPU ms per request", rows)
    show("Weight", [Row("list page, gzip, KB", len(packed) / 1024, len(packed) / 1024 / 6, "≤ 6 KB")])


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
