"""The station's own certificate authority: made once, private, and never silently another."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from broadcaster.certificates import authority
from broadcaster.config import Config
from broadcaster.errors import Unavailable

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path / "data")


def test_it_is_made_once_and_readable_by_its_owner_only(config: Config) -> None:
    made = authority.load_or_create(config, now_at=NOW)
    again = authority.load_or_create(config, now_at=NOW + timedelta(days=900))
    assert again.pem == made.pem
    assert again.fingerprint == made.fingerprint
    folder = authority.folder(config)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.glob("authority.*")} == {0o600}


def test_a_machine_that_boots_in_1970_makes_one_that_is_good_today(config: Config) -> None:
    made = authority.load_or_create(config, now_at=datetime(1970, 1, 1, tzinfo=UTC)).certificate
    assert made.not_valid_before_utc < NOW < NOW + timedelta(days=365 * 20) < made.not_valid_after_utc


def test_it_may_sign_servers_and_nothing_below_them(config: Config) -> None:
    made = authority.load_or_create(config, now_at=NOW).certificate
    limits = made.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (limits.critical, limits.value.ca, limits.value.path_length) == (True, True, 0)
    assert made.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


@pytest.mark.parametrize("lost", ["authority.key", "authority.pem"])
def test_a_half_that_is_lost_is_said_and_not_made_anew(config: Config, lost: str) -> None:
    """Another authority would lock every node out."""
    authority.load_or_create(config, now_at=NOW)
    (authority.folder(config) / lost).unlink()
    with pytest.raises(Unavailable, match=r"tls\.authority_unusable"):
        authority.load_or_create(config, now_at=NOW)


def test_a_key_of_another_authority_is_said(config: Config, tmp_path: Path) -> None:
    authority.load_or_create(config, now_at=NOW)
    other = Config(data_dir=tmp_path / "other")
    authority.load_or_create(other, now_at=NOW)
    (authority.folder(other) / "authority.key").replace(authority.folder(config) / "authority.key")
    with pytest.raises(Unavailable, match=r"authority\.key is not the key"):
        authority.load_or_create(config, now_at=NOW)
