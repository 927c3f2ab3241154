"""Whoever had a USB stick in hands may have put anything on it: links, pipes, folders that lead elsewhere."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.signing import Audience, public_key, receipts_seed, sign_agenda, sign_receipts
from broadcaster.protocol.stick import layout as stick
from broadcaster.protocol.stick.folder import NotPlain, StickFolder
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import Node
from loa import bundles
from speaker_node.events import AgendaArrived, Event
from speaker_node.link.stick import AUTO, Stick, StickReport, places
from tests.integration.delivery.probe import eventually
from tests.rig import commune as rig
from tests.rig.station import TestStation

pytestmark = pytest.mark.integration

NODE = "lung-pang"
SECRET = b"the station's own"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A station that knows the node, in a folder of its own."""
    for name in [each for each in os.environ if each.startswith("LOA_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("LOA_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    database = Database(f"sqlite:///{folder}/loa.db")
    database.migrate()
    rig.settle(database)
    database.dispose()
    StationIdentity.load_or_create(folder, "loa")
    return folder


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb" / stick.FOLDER
    folder.mkdir(parents=True)
    return folder


def receipts_of_the_node(data: Path) -> bytes:
    database = Database(f"sqlite:///{data}/loa.db")
    with database.session() as s:
        password = nodes.new_password(s, node=s.get_one(Node, NODE), by=None, now_at=datetime.now(UTC))
    database.dispose()
    fact = Receipt(
        receipt="receipt-1",
        broadcast="broadcast-x",
        state=DeliveryState.PLAYED,
        at=datetime.now(UTC),
        sequence=9,
        played_ms=20_000,
    )
    return sign_receipts(Receipts(node=NODE, receipts=(fact,)), receipts_seed(password)) + b"\n"


@pytest.mark.parametrize("name", [f"{NODE}.acks.new", f"{NODE}.acks"])
def test_a_link_beside_the_acknowledgements_never_empties_a_file_of_the_station(
    data: Path, usb: Path, name: str
) -> None:
    key = data / "station.key"
    before = key.read_bytes()
    (usb / stick.receipts(NODE)).write_bytes(receipts_of_the_node(data))
    (usb / name).symlink_to(key)
    assert bundles.main(["import", str(usb.parent)]) == 0
    assert key.read_bytes() == before
    assert not (usb / stick.acks(NODE)).is_symlink()


def test_receipts_that_are_a_link_a_pipe_or_a_folder_are_refused_and_not_read(
    data: Path, usb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(receipts_of_the_node(data))
    place = usb / stick.receipts(NODE)
    for make in (lambda: place.symlink_to(elsewhere), lambda: os.mkfifo(place), place.mkdir):
        make()
        assert bundles.main(["import", str(usb.parent)]) == 1
        assert "liên kết hoặc thiết bị" in capsys.readouterr().err
        place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()
    assert not (usb / stick.acks(NODE)).exists()


def test_a_folder_of_the_stick_that_is_a_link_is_refused_on_the_way_in(data: Path, usb: Path, tmp_path: Path) -> None:
    (usb / stick.receipts(NODE)).write_bytes(receipts_of_the_node(data))
    usb.rename(tmp_path / "elsewhere")
    usb.symlink_to(tmp_path / "elsewhere")
    assert bundles.main(["import", str(usb.parent)]) == 1
    assert bundles.main(["import", str(usb)]) == 1
    assert not (tmp_path / "elsewhere" / stick.acks(NODE)).exists()


@pytest.mark.parametrize("part", ["", stick.CLIPS])
def test_a_folder_of_the_stick_that_is_a_link_is_refused_on_the_way_out(
    data: Path, usb: Path, tmp_path: Path, part: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if not part:
        shutil.rmtree(usb)
    (usb / part if part else usb).symlink_to(elsewhere)
    assert bundles.main(["export", "--node", NODE, str(usb.parent)]) == 1
    assert list(elsewhere.iterdir()) == []
    assert not (usb / stick.agenda(NODE)).exists()


def test_a_link_beside_the_agenda_never_empties_a_file_of_the_station(data: Path, usb: Path) -> None:
    key = data / "station.key"
    before = key.read_bytes()
    (usb / (stick.agenda(NODE) + ".new")).symlink_to(key)
    assert bundles.main(["export", "--node", NODE, str(usb.parent)]) == 0
    assert key.read_bytes() == before


@pytest.mark.parametrize("attack", ["link", "hard link beside", "other folder"])
def test_nothing_is_written_or_read_through_what_lies_in_a_sticks_folder(
    usb: Path, tmp_path: Path, attack: str
) -> None:
    ours = tmp_path / "ours"
    ours.write_bytes(SECRET)
    with StickFolder(usb) as folder:
        if attack == "link":
            (usb / "a").symlink_to(ours)
            with pytest.raises(NotPlain):
                folder.read("a", 100)
            assert folder.changed_ns("a") is None
        elif attack == "hard link beside":
            (usb / "a.new").hardlink_to(ours)
        else:
            for name in ("../ours", "..", "clips/a", ""):
                with pytest.raises(NotPlain):
                    folder.put(name, b"x")
        folder.put("a", b"new")
    assert ours.read_bytes() == SECRET
    assert (usb / "a").read_bytes() == b"new"


def test_a_node_takes_no_agenda_through_a_link_and_writes_through_none(usb: Path, tmp_path: Path) -> None:
    station, ours = TestStation(1), tmp_path / "ours"
    (tmp_path / "agenda").write_bytes(sign_agenda(station.agenda(NODE), station.seed))
    ours.write_bytes(SECRET)
    (usb / stick.agenda(NODE)).symlink_to(tmp_path / "agenda")
    for name in (stick.receipts(NODE), stick.note(NODE)):
        (usb / name).symlink_to(ours)
        (usb / f"{name}.new").symlink_to(ours)
    posted: list[Event] = []

    def answer(event: Event) -> None:
        posted.append(event)
        reader.give(StickReport(agenda_number=0, clips_missing=0, receipts=()))

    audience = Audience("conminh", NODE, public_key(station.seed))
    reader = Stick(audience, seed=receipts_seed("x"), find=lambda: [usb], post=answer)
    reader.open()
    eventually(lambda: (usb / stick.note(NODE)).is_file() and not (usb / stick.note(NODE)).is_symlink(), seconds=30)
    reader.close()
    assert not [each for each in posted if isinstance(each, AgendaArrived)]
    assert ours.read_bytes() == SECRET


def test_a_node_looks_for_no_stick_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "var" / stick.FOLDER).mkdir(parents=True)
    (tmp_path / "media" / "usb").mkdir(parents=True)
    (tmp_path / "media" / "usb" / "photos").symlink_to(tmp_path / "var")
    (tmp_path / "media" / "usb" / stick.FOLDER).symlink_to(tmp_path / "var")
    assert places(AUTO, root=tmp_path) == []
