"""What the server does to connections."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

from tests.server import serving


def test_an_unchanged_page_leaves_the_connection_open(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=60)
        connection.request("GET", "/discussions")
        answer = connection.getresponse()
        answer.read()
        socket = connection.sock
        for _ in range(2):
            connection.request("GET", "/discussions", headers={"If-None-Match": answer.headers["ETag"]})
            unchanged = connection.getresponse()
            assert (unchanged.status, unchanged.read()) == (304, b"")
        assert connection.sock is socket and socket is not None
        connection.request("GET", "/healthz", headers={"Connection": "close"})
        assert connection.getresponse().read()
        connection.close()
