"""A node believes the authority of its bundle and no other, whatever its clock says."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.certificates import authority, server_certificate
from broadcaster.config import Config
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from speaker_node.errors import SettingsRefused
from speaker_node.setup.pinned_tls import pinned_context
from speaker_node.setup.settings import read_bundle
from tests.rig.lines.handshakes import handshake


@pytest.mark.parametrize("year", [1970, 2020, 2150])
def test_a_certificate_is_believed_at_any_hour(tmp_path: Path, year: int) -> None:
    """The board has no time of day yet, and learns it over this connection."""
    config = Config(data_dir=tmp_path)
    shown = server_certificate.own(config, lambda: datetime(year, 1, 5, tzinfo=UTC))
    pinned = pinned_context(authority.certificate_file(config).read_text())
    assert handshake(shown.context, pinned, "127.0.0.1")


def test_a_bundle_with_a_broken_authority_is_refused_before_anything_starts(tmp_path: Path) -> None:
    address = BrokerAddress(host="127.0.0.1", port=1883, tls_ca_pem="-----BEGIN CERTIFICATE-----\nnothing")
    bundle = NodeBundle(
        station="xa", node="loa-1", name="Loa 1", station_key="0" * 64, username="loa-1", password="x" * 20,
        broker=address,
    )  # fmt: skip
    (tmp_path / "bundle.json").write_bytes(encode(bundle))
    with pytest.raises(SettingsRefused, match=r"bundle_wrong|bundle"):
        read_bundle(tmp_path / "bundle.json")


def test_nothing_is_said_by_a_protocol_that_is_broken() -> None:
    with pytest.raises(ssl.SSLError):
        pinned_context("no certificate")
