"""Compression: text leaves smaller where the browser can read it, and is the same text."""

import gzip

import pytest
from flask.testing import FlaskClient

from partnernet.web.static import asset


@pytest.mark.parametrize(
    "address", ["/discussions", asset("css/site.css"), asset("vendor/htmx.min.js"), asset("icons.svg")]
)
def test_text_is_compressed_for_those_who_can_read_it(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    small = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in small.headers["Vary"]
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2


def test_the_quickest_way_is_chosen_first(client: FlaskClient) -> None:
    answer = client.get("/discussions", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert answer.headers["Content-Encoding"] == "zstd"


def test_what_is_small_or_packed_already_is_left_alone(client: FlaskClient) -> None:
    for address in ("/drafts", asset("fonts/newsreader-latin-wght-italic.woff2")):
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers


def test_a_compressed_answer_is_recognised_again(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    for address in ("/discussions", asset("css/site.css"), asset("vendor/htmx.min.js")):
        first = client.get(address, headers=headers)
        if "ETag" not in first.headers:
            continue
        again = client.get(address, headers=headers | {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
