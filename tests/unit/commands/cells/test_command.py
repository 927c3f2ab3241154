"""Several stations on one machine, each with everything of its own."""

import json
import sys
from pathlib import Path

import pytest

from broadcaster.commands.backup import backup, restore
from broadcaster.commands.cells import command, services
from broadcaster.commands.cells.layout import Cell, Places
from broadcaster.station.rows import settings
from broadcaster.station.upkeep.opening import open_current


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(services, "present", lambda: False)
    return Places(tmp_path / "etc", tmp_path / "var")


def cells(places: Places, *arguments: str) -> int:
    return command.main(["--etc", str(places.etc), "--var", str(places.var), *arguments])


def listed(places: Places, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert cells(places, "list", "--json") == 0
    return {each["name"]: each for each in json.loads(capsys.readouterr().out)}


@pytest.mark.long
def test_each_has_ports_a_folder_and_a_key_of_its_own(places: Places) -> None:
    assert cells(places, "add", "con-minh", "--title", "Đài xã Côn Minh") == 0
    assert (
        cells(places, "add", "vi-huong", "--set", "broker.kind=external", "--set", "broker.node_prefix=vi-huong.") == 0
    )
    first, second = (Cell(name, places) for name in ("con-minh", "vi-huong"))
    configs = [each.config() for each in (first, second)]
    assert configs[0].station.name == "Đài xã Côn Minh"
    assert configs[1].broker.node_prefix == "vi-huong."
    ports = [port for each in configs for port in (each.web.port, each.broker.port, each.enrolment.port)]
    assert len(set(ports)) == 6
    for config in configs:
        open_current(config).dispose()
    keys = {(each.data_dir / "station.key").read_bytes() for each in (first, second)}
    assert len(keys) == 2
    assert first.file.stat().st_mode & 0o077 == 0
    assert first.data_dir.stat().st_mode & 0o077 == 0
    assert first.program.readlink() == Path(sys.prefix)


def test_they_are_listed_with_what_they_do(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    cells(places, "add", "con-minh")
    cells(places, "add", "vi-huong")
    Cell("vi-huong", places).file.write_text("web: {porrt: 1}\n")
    found = listed(places, capsys)
    assert (found["con-minh"]["database"], found["con-minh"]["state"]) == ("sqlite", "dừng")
    assert str(found["vi-huong"]["state"]).startswith("config.")


@pytest.mark.parametrize("name", ["Con Minh", "../con-minh", "x" * 60, "con-minh/"])
def test_an_id_that_cannot_be_one_leaves_nothing_behind(places: Places, name: str) -> None:
    assert cells(places, "add", name) != 0
    assert list(places.etc.glob("*")) == []
    assert not places.var.exists()


def test_the_same_id_twice_is_refused(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert cells(places, "add", "con-minh") == 0
    assert cells(places, "add", "con-minh") == 1
    assert "con-minh" in capsys.readouterr().err


def test_a_removed_one_keeps_its_data_unless_its_id_is_typed_again(places: Places) -> None:
    cells(places, "add", "con-minh")
    cell = Cell("con-minh", places)
    (cell.data_dir / "station.key").write_text("key")
    assert cells(places, "remove", "con-minh", "--delete-data", "vi-huong") == 2
    assert cells(places, "remove", "con-minh") == 0
    assert not cell.file.parent.exists()
    assert (cell.data_dir / "station.key").exists()
    assert (cell.data_dir / "config.yaml.removed").exists()
    assert cells(places, "add", "con-minh") == 0  # back, on the data that was kept
    assert cells(places, "remove", "con-minh", "--delete-data", "con-minh") == 0
    assert not cell.data_dir.exists()


def test_one_is_upgraded_alone(places: Places, tmp_path: Path) -> None:
    for name in ("con-minh", "vi-huong"):
        cells(places, "add", name)
    newer = tmp_path / "newer"
    (newer / "bin").mkdir(parents=True)
    assert cells(places, "upgrade", "con-minh", "--program", str(newer)) == 2
    (newer / "bin" / "loa").write_text("#!/bin/sh\n")
    assert cells(places, "upgrade", "con-minh", "--program", str(newer)) == 0
    assert Cell("con-minh", places).program.readlink() == newer
    assert Cell("vi-huong", places).program.readlink() == Path(sys.prefix)


def test_its_services_are_stopped_and_started_alone(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("con-minh", "vi-huong"):
        cells(places, "add", name)
    said, newer = tmp_path / "said", tmp_path / "newer" / "bin"
    newer.mkdir(parents=True)
    (newer / "loa").write_text("#!/bin/sh\n")
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {said}\n')
    (tmp_path / "systemctl").chmod(0o755)
    monkeypatch.setattr(services, "present", lambda: True)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert cells(places, "upgrade", "con-minh", "--program", str(newer.parent)) == 0
    assert cells(places, "remove", "vi-huong") == 0
    assert said.read_text().splitlines() == [
        "stop loa-station@con-minh.service loa-web@con-minh.service",
        "start loa-station@con-minh.service loa-web@con-minh.service",
        "disable --now loa-station@vi-huong.service loa-web@vi-huong.service",
    ]


@pytest.mark.long
def test_one_is_restored_alone(places: Places, tmp_path: Path) -> None:
    made = [Cell(name, places) for name in ("con-minh", "vi-huong")]
    for cell in made:
        cells(places, "add", cell.name)
        call_it(cell, "Trước")
    saved = tmp_path / "con-minh.loa"
    assert backup([str(saved), "--plain", "--config", str(made[0].file)]) == 0
    for cell in made:
        call_it(cell, "Sau")
    assert restore([str(saved), "--force", "--config", str(made[0].file)]) == 0
    assert [called(cell) for cell in made] == ["Trước", "Sau"]


def call_it(cell: Cell, name: str) -> None:
    database = open_current(cell.config())
    with database.session() as s:
        settings.write(s, "station_name", name)
    database.dispose()


def called(cell: Cell) -> str:
    database = open_current(cell.config())
    with database.reading() as s:
        found = settings.read(s, "station_name")
    database.dispose()
    return str(found)
