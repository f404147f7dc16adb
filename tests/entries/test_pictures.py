"""The sizes of pictures stand in the page, so that nothing moves while they are fetched."""

import io
import re

from flask import Flask
from flask.testing import FlaskClient

from partnernet.entries.pictures import picture_size, sized
from tests.entries.forms import picture, share


class Named:
    """A file of a text."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256


def test_pictures_have_their_sizes(hers: FlaskClient) -> None:
    address = share(hers, "news", picture=(picture(size=(60, 20)), "press.png"), picture_alt="A press")
    assert re.search(
        r'<img src="/files/[0-9a-f]{64}" alt="A press" fetchpriority="high" width="60" height="20">',
        hers.get(address).text,
    )


def test_what_is_no_picture_or_not_here_has_no_size(app: Flask, hers: FlaskClient) -> None:
    with app.app_context():
        assert picture_size("0" * 64) == {} and picture_size("nonsense") == {}
        stored = app.extensions["partnernet.files"].store(io.BytesIO(b"GIF89a, they said"), 1000)
        assert picture_size(stored.sha256) == {}


def test_a_text_learns_nothing_of_files_that_are_not_its_own(app: Flask) -> None:
    with app.app_context():
        own, other = (
            app.extensions["partnernet.files"].store(picture(size=size), 10_000).sha256 for size in ((7, 5), (5, 7))
        )
        html = sized(f'<p><img src="/files/{own}" alt=""> <img src="/files/{other}" alt=""></p>', [Named(own)])
    assert html == (
        f'<p><img loading="lazy" width="7" height="5" src="/files/{own}" alt=""> '
        f'<img loading="lazy" src="/files/{other}" alt=""></p>'
    )
