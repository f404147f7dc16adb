"""After signing in, one stays on this server."""

import pytest

from partnernet.web.onward import safe


@pytest.mark.parametrize("address", ["/", "/ideas", "/ideas/abc-def?sort=new&page=2", "/search?q=a%20b#r-abc", "/a:b"])
def test_paths_of_this_server_are_kept(address: str) -> None:
    assert safe(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "ideas", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
     "/\n/evil.example", "\t//evil.example", " //evil.example", "/ideas\r\nSet-Cookie: a=b", "https://evil.example",
     "https:evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http:///evil.example",
     "/ok\\..\\evil", "/\x00/evil", "/\u2028/evil", "/a b", "@evil.example", "//[bad", "/" + "a" * 3_000],
)  # fmt: skip
def test_everything_else_leads_home(address: str | None) -> None:
    assert safe(address) == "/"
