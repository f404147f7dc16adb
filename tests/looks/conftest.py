"""One node for all who look, and what they look with."""

from collections.abc import Iterator

import pytest

from tests import tools
from tests.browser import lack
from tests.looks.demo import open_demo
from tests.looks.site import Site, made, served

NO_AXE = "axe-core IS NOT INSTALLED: `python -m tests` installs it where npm is"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A node with one of everything. Looking changes nothing, so that one serves all."""
    folder = tmp_path_factory.mktemp("looks")
    with served(made(folder), folder) as site:
        yield site


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The invented network, in which there is more to see."""
    with open_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return axe_source() or lack(NO_AXE)


def axe_source() -> str:
    """The source of axe-core; empty where it is not installed."""
    return tools.AXE.read_text(encoding="utf-8") if tools.AXE.is_file() else ""
