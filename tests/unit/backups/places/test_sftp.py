"""Backups on another machine, over a real SFTP server."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.backups.limits import BackupLimits
from broadcaster.backups.places import ssh_key
from broadcaster.backups.places.place import Access, opened, shown
from broadcaster.errors import LoaError
from tests.rig import sftp_server

pytestmark = pytest.mark.integration


@pytest.fixture
def access(tmp_path: Path) -> Access:
    return Access(tmp_path / "station", seconds=5)


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


def put(address: str, access: Access, data: bytes = b"x" * 300_000) -> None:
    with opened(address, access) as place:
        place.write("stock/a/file.part", io.BytesIO(data), BackupLimits())
        place.rename("stock/a/file.part", "stock/a/file")


def test_what_is_written_is_read_and_replaced(there: Path, access: Access) -> None:
    with sftp_server.running(there) as server:
        put(server.address, access)
        put(server.address, access, b"another")
        with opened(server.address, access) as place:
            assert place.sizes("stock/a") == {"file": 7}
            assert place.sizes("nowhere") == {}
            with place.read("stock/a/file") as file:
                assert file.read() == b"another"
            place.remove("stock/a/file")
            place.remove("stock/a/file")
    assert (there / "backups/stock/a").is_dir()
    assert not list((there / "backups/stock/a").iterdir())


def test_the_station_comes_in_by_its_own_key(there: Path, access: Access, tmp_path: Path) -> None:
    authorized = tmp_path / "authorized_keys"
    authorized.write_text(ssh_key.public_key(access.data_dir) + "\n")
    with sftp_server.running(there, authorized=authorized) as server:
        put(server.address.replace(":let%20me%20in", ""), access)
    assert (there / "backups/stock/a/file").exists()


def test_who_is_not_let_in_is_said(there: Path, access: Access) -> None:
    with sftp_server.running(there) as server, pytest.raises(LoaError, match=r"backup\.place_locked"):
        put(server.address.replace("let%20me%20in", "wrong"), access)


def test_another_host_key_is_refused_until_somebody_says_so(there: Path, access: Access) -> None:
    with sftp_server.running(there) as server:
        put(server.address, access)
        port = server.port
    with sftp_server.running(there, port=port) as server:
        with pytest.raises(LoaError, match=r"backup\.host_changed"):
            put(server.address, access, b"another")
        assert (there / "backups/stock/a/file").stat().st_size == 300_000
        ssh_key.forget_hosts(access.data_dir)
        put(server.address, access, b"another")


def test_a_host_key_named_beforehand_is_the_only_one(there: Path, access: Access) -> None:
    with sftp_server.running(there) as server, pytest.raises(LoaError, match=r"backup\.host_changed"):
        put(server.address, replace(access, host_key="SHA256:" + "A" * 43))


def test_a_machine_that_hangs_is_given_up(access: Access) -> None:
    with sftp_server.silent() as address, pytest.raises(LoaError, match=r"backup\.place_hangs"):
        put(address, replace(access, seconds=0.5))


def test_a_machine_that_is_not_there_is_said(there: Path, access: Access) -> None:
    with sftp_server.running(there) as server:
        address = server.address
    with pytest.raises(LoaError, match=r"backup\.place_gone"):
        put(address, access)


def test_a_full_machine_leaves_what_was_there(there: Path, access: Access) -> None:
    with sftp_server.running(there) as server:
        put(server.address, access)
        server.full = True
        with pytest.raises(LoaError, match=r"backup\.place_refuses"):
            put(server.address, access, b"another")
    assert (there / "backups/stock/a/file").stat().st_size == 300_000


def test_a_password_is_never_shown() -> None:
    assert shown("sftp://loa:secret@host:22/x") == "sftp://loa@host:22/x"
    assert shown("/media/usb") == "/media/usb"


@pytest.mark.parametrize("address", ["sftp://host/folder", "sftp:///folder", "sftp://"])
def test_an_address_that_is_none_is_named(address: str, access: Access) -> None:
    with pytest.raises(LoaError, match=r"backup\.address_wrong"), opened(address, access):
        pass
