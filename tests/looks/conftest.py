"""One node for all who look, and what they look with."""

from collections.abc import Iterator

import pytest

from tests import tools
from tests.browser import browser, lack, visitor
from tests.looks.site import Site, open_site

__all__ = ["axe", "browser", "site", "visitor"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A node with one of everything. Looking changes nothing, so that one serves all."""
    yield from open_site(tmp_path_factory.mktemp("looks"))


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    if not tools.AXE.is_file():
        lack("axe-core IS NOT INSTALLED: `python -m tests` installs it where npm is")
    return tools.AXE.read_text(encoding="utf-8")
