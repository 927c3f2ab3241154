"""What listeners show: good for every name of the machine, and renewed by itself."""

import ssl
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from broadcaster.certificates import authority, server_certificate
from broadcaster.config import BrokerSettings, Config, TlsSettings, WebSettings
from broadcaster.errors import Invalid
from speaker_node.setup.pinned_tls import pinned_context
from tests.rig.lines.handshakes import handshake

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    web = WebSettings(public_url="https://loa.conminh.vn", allowed_hosts=("loa.lan", "*.backan.vn"))
    broker = BrokerSettings(host="0.0.0.0", public_host="10.8.0.1")
    return Config(data_dir=tmp_path / "data", web=web, broker=broker, tls=TlsSettings(names=("dai.example",)))


def issued_names(
    config: Config, now_at: datetime = NOW, names: tuple[str, ...] = ("con-minh", "192.168.1.5")
) -> list[str]:
    return server_certificate.names_of(issued(config, now_at, names))


def issued(config: Config, now_at: datetime = NOW, names: tuple[str, ...] = ("con-minh",)) -> x509.Certificate:
    found = server_certificate.read(server_certificate.keep(config, now_at=now_at, names=lambda: frozenset(names)))
    assert found is not None
    return found


def pinned(config: Config) -> ssl.SSLContext:
    return pinned_context(authority.certificate_file(config).read_text())


def test_it_is_good_for_every_name_of_this_machine_and_of_the_settings(config: Config) -> None:
    found = set(issued_names(config))
    assert {"10.8.0.1", "loa.conminh.vn", "loa.lan", "dai.example", "con-minh", "192.168.1.5", "127.0.0.1"} <= found
    assert not {"0.0.0.0", "*.backan.vn"} & found


@pytest.mark.parametrize("odd", ["fe80::1", "224.0.0.1", "máy-chủ", "a b", "x" * 300])
def test_what_no_certificate_can_name_is_left_out(config: Config, odd: str) -> None:
    assert odd not in issued_names(config, names=(odd, "con-minh"))


def test_its_key_is_readable_by_its_owner_only(config: Config) -> None:
    path = server_certificate.keep(config, now_at=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_stays_the_same_until_it_nears_its_end_and_is_then_issued_anew(config: Config) -> None:
    first = issued(config)
    assert issued(config, NOW + timedelta(days=300)) == first
    second = issued(config, NOW + timedelta(days=340))
    assert second.not_valid_after_utc > first.not_valid_after_utc
    assert second.not_valid_after_utc - second.not_valid_before_utc <= timedelta(days=398)


def test_one_made_by_a_wrong_clock_is_issued_anew_when_the_clock_is_right(config: Config) -> None:
    wrong = issued(config, datetime(1970, 1, 1, tzinfo=UTC))
    right = issued(config, NOW)
    assert (wrong.not_valid_after_utc < NOW, right.not_valid_after_utc > NOW) == (True, True)
    assert issued(config, NOW - timedelta(days=30)) != right


def test_a_new_address_joins_and_the_one_of_before_stays(config: Config) -> None:
    issued_names(config, names=("192.168.1.5",))
    assert {"192.168.1.5", "192.168.1.77"} <= set(issued_names(config, names=("192.168.1.77",)))


def test_names_of_before_do_not_grow_for_ever(config: Config) -> None:
    for number in range(30):
        issued_names(config, names=tuple(f"10.{number}.0.{each}" for each in range(1, 20)))
    assert len(issued_names(config, names=("10.29.0.1",))) <= server_certificate.MOST_NAMES


def test_one_of_another_authority_or_a_damaged_one_is_issued_anew(config: Config, tmp_path: Path) -> None:
    issued(config)
    other = replace(config, data_dir=tmp_path / "other")
    stranger = issued(other)
    (authority.folder(other) / "server.pem").replace(authority.folder(config) / "server.pem")
    assert issued(config) != stranger
    (authority.folder(config) / "server.pem").write_text("-----BEGIN CERTIFICATE-----\nnothing")
    assert issued(config).issuer == authority.load_or_create(config, now_at=NOW).certificate.subject


def test_who_pins_the_authority_believes_it_and_nobody_elses(config: Config, tmp_path: Path) -> None:
    shown = server_certificate.own(config, lambda: NOW).context
    assert handshake(shown, pinned(config), "127.0.0.1")
    stranger = replace(config, data_dir=tmp_path / "stranger")
    server_certificate.keep(stranger, now_at=NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(shown, pinned(stranger), "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(shown, pinned(config), "another.example")


def test_a_strict_client_of_today_believes_it_too(config: Config) -> None:
    """As Python 3.13 and browsers do."""
    shown = server_certificate.own(config, lambda: datetime.now(UTC)).context
    strict = ssl.create_default_context(cafile=str(authority.certificate_file(config)))
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    assert handshake(shown, strict, "loa.conminh.vn")


def test_a_listener_shows_the_new_one_without_a_restart(config: Config) -> None:
    now_at = NOW
    shown = server_certificate.own(config, lambda: now_at)
    before = handshake(shown.context, pinned(config), "localhost")
    assert not shown.look()
    now_at = NOW + timedelta(days=340)
    assert shown.look()
    assert handshake(shown.context, pinned(config), "localhost") != before


def test_the_operators_own_pair_is_shown_and_followed(config: Config, tmp_path: Path) -> None:
    """A public name's certificate, renewed by somebody else."""
    pair = config_of_pair(config, tmp_path / "public")
    shown = server_certificate.of_console(pair, lambda: NOW)
    assert shown is not None
    before = handshake(shown.context, trusting(tmp_path / "public"), "loa.conminh.vn")
    config_of_pair(config, tmp_path / "renewed")
    for name in ("server.pem", "key.pem"):
        (tmp_path / "renewed" / name).replace(tmp_path / "public" / name)
    assert shown.look()
    assert handshake(shown.context, trusting(tmp_path / "renewed"), "loa.conminh.vn") != before


def test_half_a_pair_and_a_file_that_is_none_are_refused_by_the_setting(config: Config, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"tls\.pair_incomplete") as half:
        server_certificate.of_console(replace(config, tls=TlsSettings(certificate="/a.pem")), lambda: NOW)
    assert half.value.field == "tls.key"
    (tmp_path / "a.pem").write_text("nothing")
    broken = TlsSettings(certificate=str(tmp_path / "a.pem"), key=str(tmp_path / "a.pem"))
    with pytest.raises(Invalid, match=r"tls\.certificate_unusable"):
        server_certificate.of_console(replace(config, tls=broken), lambda: NOW)


def config_of_pair(config: Config, folder: Path) -> Config:
    """Certificate and key in two files, as others give them."""
    issuer = replace(config, data_dir=folder)
    content = server_certificate.keep(issuer, now_at=NOW).read_text()
    begin = content.index("-----BEGIN CERTIFICATE")
    (folder / "server.pem").write_text(content[begin:])
    (folder / "key.pem").write_text(content[:begin])
    return replace(config, tls=TlsSettings(certificate=str(folder / "server.pem"), key=str(folder / "key.pem")))


def trusting(folder: Path) -> ssl.SSLContext:
    return pinned_context((folder / "certificates" / "authority.pem").read_text())
