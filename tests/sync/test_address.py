"""Addresses: a name is looked up once and held to what was found; nothing leads into a network that was not meant."""

import re
from collections.abc import Callable, Sequence

import pytest

from partnernet.core.errors import Refused
from partnernet.sync import address
from partnernet.sync.address import Place

PUBLIC = "93.184.215.14"

INSIDE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.1",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.8", "192.88.99.1",
    "192.0.2.7", "198.18.0.1", "198.51.100.4", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12:3456:789a::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "2001:db8::1", "100::1",
    "::ffff:0:7f00:1",
)  # fmt: skip
"""Where a name may lead, and nothing may be asked for unless a steward means it."""

ODD = (
    "127.1", "0x7f000001", "0x7f.0.0.1", "2130706433", "017700000001", "0177.0.0.1", "127.0.1", "127.0.0.01",
    "①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "127.0.0.1.", "localhost%00.example.org", "[::ffff:7f00:1%25lo]",
    "example.org@127.0.0.1", "127.0.0.1#@example.org", "127.0.0.1\\@example.org", "a b.example.org", "-a.example.org",
    "a..example.org", "0x7f000001.", "1.1.1.1.1", "0", "00", "", "x" * 300 + ".org", "::1", "[::1", "[127.0.0.1]",
    "exa\tmple.org", "exa%6dple.org", "example.org:0", "example.org:99999", "example.org:x", "example.org/sync",
    "example.org?a=b", "ｅxample.org", "example。org", "-ä.example.org", "xn--.example.org", "٠.example.org",
)  # fmt: skip
"""What stands for a server nowhere, or only where numbers are read as some systems do."""


def leads_to(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda host, port: addresses


@pytest.mark.parametrize("found", INSIDE)
@pytest.mark.parametrize("beside", [(), (PUBLIC,)], ids=["alone", "beside a public one"])
def test_no_name_leads_inside_unless_it_is_meant(found: str, beside: Sequence[str]) -> None:
    with pytest.raises(Refused):
        address.find("https://peer.example.org", resolve=leads_to(*beside, found))


@pytest.mark.parametrize("host", ODD)
@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
def test_odd_spellings_are_refused_before_anything_is_looked_up(host: str, private: bool) -> None:
    def never(name: str, port: int) -> Sequence[str]:
        raise AssertionError(f"{name} was looked up")

    with pytest.raises(Refused) as refused:
        address.find(f"https://{host}", private=private, resolve=never)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher", "HTTPS:", "javascript", ""])
def test_only_web_addresses_are_addresses(scheme: str) -> None:
    with pytest.raises(Refused):
        address.find(f"{scheme}://peer.example.org", resolve=leads_to(PUBLIC))


@pytest.mark.parametrize("host", INSIDE)
def test_addresses_without_a_name_are_looked_at_in_the_same_way(host: str) -> None:
    with pytest.raises(Refused):
        address.find(f"https://[{host}]" if ":" in host else f"https://{host}", resolve=lambda host, port: [host])


def test_a_public_name_is_held_to_what_it_led_to() -> None:
    found = address.find(
        "https://Peer.example.org/", resolve=leads_to(PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    )
    assert found == Place("peer.example.org", 443, True, [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    assert address.find("https://peer.example.org:8443", resolve=leads_to(PUBLIC)).shown == "peer.example.org:8443"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://Künste.example.org", "xn--knste-kva.example.org"), ("https://künste.example.org:8443/", None),
        ("https://بيت.example.org", "xn--ngbe9g.example.org"), ("https://xn--knste-kva.example.org", None),
    ],
)  # fmt: skip
def test_a_name_in_letters_of_any_script_is_looked_up_as_the_net_knows_it(typed: str, asked: str | None) -> None:
    asked, names = asked or "xn--knste-kva.example.org", []
    place = address.find(typed, resolve=lambda host, port: names.append(host) or [PUBLIC])
    assert place.host == asked and names == [asked]
    assert place.shown.startswith(("künste.example.org", "بيت.example.org"))
    with pytest.raises(Refused, match=f"The name {re.escape(place.shown.partition(':')[0])} is not known"):
        address.find(typed, resolve=leads_to())


@pytest.mark.parametrize("found", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "::1"])
def test_a_steward_may_mean_an_address_of_the_own_network(found: str) -> None:
    assert address.find("https://peer.lan", private=True, resolve=leads_to(found)).addresses == [found]


@pytest.mark.parametrize("found", ["224.0.0.1", "0.0.0.0", "255.255.255.255", "ff02::1", "::", "240.0.0.1"])
def test_what_is_no_single_server_cannot_be_meant(found: str) -> None:
    with pytest.raises(Refused, match="no single server"):
        address.find("https://peer.lan", private=True, resolve=leads_to(found))


def test_only_this_machine_is_asked_without_encryption() -> None:
    assert address.find("http://localhost:8000", private=True, resolve=leads_to("127.0.0.1", "::1")).port == 8000
    for found in (("10.0.0.1",), (PUBLIC,), ("127.0.0.1", "10.0.0.1")):
        with pytest.raises(Refused, match="https"):
            address.find("http://peer.lan", private=True, resolve=leads_to(*found))


def test_a_name_that_nobody_knows_is_said_to_be_unknown() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError

    with pytest.raises(Refused, match="not known"):
        address.find("https://peer.example.org", resolve=unknown)
    with pytest.raises(Refused, match="not known"):
        address.find("https://peer.example.org", resolve=leads_to())
