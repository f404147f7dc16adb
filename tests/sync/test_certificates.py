"""Encryption: a certificate is held against the name that was given, and what is wrong with it is said."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from partnernet.sync.address import Place
from partnernet.sync.client import Client
from partnernet.sync.connection import Connection, Unreachable, concerns
from tests.sync.impostor import facing, well_known

NAME = "peer.example.org"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def papers(authority: trustme.CA, cert: trustme.LeafCert, folder: Path, *, trusting: bool = True) -> Iterator[Client]:
    """A client that trusts an authority, or not, facing a server with some certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    cert.configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificates = str(folder / "ca.pem") if trusting else None
    with facing(lambda visit: visit.answer(well_known()), context=context, certificates=certificates) as (client, _):
        yield client


def test_a_good_certificate_for_the_name_is_trusted_wherever_it_was_found(
    authority: trustme.CA, tmp_path: Path
) -> None:
    with papers(authority, authority.issue_cert(NAME), tmp_path) as client:
        assert client.hello()["challenge"]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"not_after": datetime(2020, 1, 1, tzinfo=UTC)}, "has expired, or the clock"),
        (
            {"not_before": datetime(2120, 1, 1, tzinfo=UTC), "not_after": datetime(2121, 1, 1, tzinfo=UTC)},
            "not valid yet",
        ),
    ],
)
def test_a_certificate_out_of_its_time_is_refused(
    authority: trustme.CA, tmp_path: Path, dates: dict[str, datetime], said: str
) -> None:
    before = {"not_before": datetime(2019, 1, 1, tzinfo=UTC)} | dates
    with (
        papers(authority, authority.issue_cert(NAME, **before), tmp_path) as client,
        pytest.raises(Unreachable, match=said),
    ):
        client.hello()


def test_a_certificate_for_another_name_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    for name in ("other.example.org", "127.0.0.1", "example.org", "*.peer.example.org"):
        with (
            papers(authority, authority.issue_cert(name), tmp_path) as client,
            pytest.raises(Unreachable, match="for another name"),
        ):
            client.hello()


def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    with (
        papers(authority, authority.issue_cert(NAME), tmp_path, trusting=False) as client,
        pytest.raises(Unreachable, match="nobody whom this server trusts"),
    ):
        client.hello()


def test_a_certificate_that_is_signed_by_itself_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    other = trustme.CA()
    (tmp_path / "self.pem").write_bytes(other.private_key_pem.bytes() + other.cert_pem.bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "self.pem")
    with (
        facing(lambda visit: visit.answer(well_known()), context=context) as (client, _),
        pytest.raises(Unreachable, match="by itself"),
    ):
        client.hello()


@pytest.mark.parametrize("content", [None, b"", b"no certificates"], ids=["not there", "empty", "something else"])
def test_a_file_of_authorities_that_is_of_no_use_is_said_to_be(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "inside.pem"
    if content is not None:
        file.write_bytes(content)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with (
        facing(lambda visit: None, context=context, certificates=str(file)) as (client, _),
        pytest.raises(Unreachable, match="PARTNERNET_SYNC_CA"),
    ):
        client.hello()
    assert "inside.pem" in concerns(str(file))[0]


def test_an_authority_of_the_house_is_trusted_beside_those_of_the_system(authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    assert concerns(str(tmp_path / "ca.pem")) == [] == concerns("")
    connection = Connection(Place(NAME, 443, True, []), str(tmp_path / "ca.pem"))
    trusted, of_the_system = connection._context(), ssl.create_default_context()
    assert len(trusted.get_ca_certs()) == len(of_the_system.get_ca_certs()) + 1
    assert trusted.verify_mode == ssl.CERT_REQUIRED and trusted.check_hostname


def test_an_old_protocol_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(NAME).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA")  # without forward secrecy
    with (
        facing(lambda visit: None, context=context, certificates=str(tmp_path / "ca.pem")) as (client, _),
        pytest.raises(Unreachable, match="secure connection"),
    ):
        client.hello()
