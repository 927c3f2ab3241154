"""Whatever is given in the place of a backup is one sentence, and changes nothing."""

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.backups import recovery_key
from broadcaster.backups.files import archive, manifest
from broadcaster.config import BrokerSettings, Config, StationSettings
from broadcaster.errors import LoaError
from broadcaster.refusals.sentences import sentence
from tests.unit.backups.conftest import holdings
from tests.unit.backups.test_manual import back_up, bring_back

pytestmark = pytest.mark.integration


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as found:
        return {each.name: b"".join(found.extractfile(each) or ()) for each in found}


def pack(path: Path, content: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as made:
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def foreign(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4 a circular" * 500)


@pytest.mark.parametrize("spoil", [cut, empty, zeroed, flipped, foreign])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_broken_backup_changes_nothing(
    station: Config, tmp_path: Path, spoil: Callable[[Path], None], sealed: bool
) -> None:
    printed = recovery_key.new(station.data_dir)
    path = tmp_path / "b.loa"
    back_up(station, path, key=printed.key if sealed else None)
    before, database = holdings(station), (station.data_dir / "loa.db").read_bytes()
    spoil(path)
    with pytest.raises(LoaError, match=r"backup\.broken") as refused:
        bring_back(station, path, identity=recovery_key.typed(printed.secret), force=True)
    assert "Hãy" in sentence(refused.value.reason)
    assert holdings(station) == before
    assert (station.data_dir / "loa.db").read_bytes() == database
    assert not list(station.data_dir.glob("restore-*"))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "clips/../../evil.ogg", "broker/passwords", "a/./b"])
def test_nothing_unexpected_comes_out_of_a_backup(station: Config, tmp_path: Path, name: str) -> None:
    path = tmp_path / "b.loa"
    pack(path, {name: b"x"})
    with pytest.raises(LoaError, match="unexpected name"):
        bring_back(station, path, force=True)
    back_up(station, path, force=True)
    content = members(path)
    stated = json.loads(content["manifest.json"])
    stated["files"][name] = {"sha256": "0" * 64, "size_bytes": 1}
    pack(path, content | {"manifest.json": json.dumps(stated).encode(), name: b"x"})
    with pytest.raises(LoaError, match=r"backup\.broken"):
        bring_back(station, path, force=True)
    assert not list(tmp_path.rglob("evil*"))


def test_a_backup_of_a_newer_program_is_named_so(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    back_up(station, path)
    content = members(path)
    newer = json.loads(content["manifest.json"]) | {"format": manifest.FORMAT + 1, "program": "9.0"}
    pack(path, content | {"manifest.json": json.dumps(newer).encode()})
    with pytest.raises(LoaError, match=r"backup\.newer.*9\.0"):
        bring_back(station, path, force=True)


def test_a_changed_member_is_found(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    back_up(station, path)
    pack(path, members(path) | {"station.key": b"another key"})
    with pytest.raises(LoaError, match=r"station\.key"):
        bring_back(station, path, force=True)


def test_a_backup_of_version_0_2_is_still_restored(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    back_up(station, path)
    content = members(path)
    old = {name: data for name, data in content.items() if name in ("loa.db", "station.key") or name.endswith(".ogg")}
    with tarfile.open(path, "w") as made:
        for name, data in old.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    other = replace(station, data_dir=tmp_path / "second")
    assert bring_back(other, path).manifest is None
    assert {"station.key"} | {name for name in old if name.endswith(".ogg")} == holdings(other).keys()


def test_the_backup_of_another_station_is_refused(station: Config, tmp_path: Path) -> None:
    back_up(station, tmp_path / "b.loa")
    other = replace(station, data_dir=tmp_path / "second", station=StationSettings(id="nam-cuong"))
    with pytest.raises(LoaError, match=r"backup\.of_another_station"):
        bring_back(other, tmp_path / "b.loa")


def test_a_configuration_that_differs_is_named_and_laid_beside(station: Config, tmp_path: Path) -> None:
    there = replace(station, broker=BrokerSettings(public_host="loa.conminh.vn", port=18899))
    back_up(there, tmp_path / "b.loa")
    other = replace(station, data_dir=tmp_path / "second")
    assert bring_back(other, tmp_path / "b.loa").differing == ("broker.port", "broker.public_host")
    assert "loa.conminh.vn" in (other.data_dir / "restored-config.yaml").read_text(encoding="utf-8")


def test_a_disk_that_is_full_is_not_the_backups_fault(
    station: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(station, tmp_path / "b.loa")
    other = replace(station, data_dir=tmp_path / "second")

    def full(*_: object) -> None:
        raise archive._NotWritten(OSError(28, "No space left on device"))

    monkeypatch.setattr(archive, "_copy", full)
    with pytest.raises(LoaError, match=r"backup\.not_written"):
        bring_back(other, tmp_path / "b.loa")


def test_a_file_that_is_not_there_is_named(station: Config, tmp_path: Path) -> None:
    with pytest.raises(LoaError, match=r"backup\.not_found"):
        bring_back(station, tmp_path / "nowhere.loa", force=True)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "not_recognised"), ("hello", "not_recognised"), ("AGE-SECRET-KEY-1QQQQQ", "mistyped")],
)
def test_a_key_typed_wrongly_is_told_from_a_wrong_key(typed: str, code: str) -> None:
    with pytest.raises(LoaError, match=rf"backup\.key_{code}"):
        recovery_key.typed(typed)
