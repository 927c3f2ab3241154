"""The stick for a node without a link: what the station writes on it, and what it takes back."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from broadcaster.delivery.issuing import Issuer
from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.codec import encode
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.signing import Audience, open_acks, open_agenda, receipts_seed, sign_receipts
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import passwords
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement, Clip, Delivery, Node, Person
from loa import bundles
from tests.rig import commune as rig

pytestmark = pytest.mark.integration  # a real database and a real folder for a stick

NODE, STATION = "lung-pang", "loa"
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, bare: Path) -> Path:
    """A data folder whose commune reads an announcement in both hamlets at noon; made once, copied for each."""
    folder = tmp_path_factory.mktemp("settled")
    (folder / "clips").mkdir()
    shutil.copy(bare, folder / "loa.db")
    database = Database(f"sqlite:///{folder}/loa.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        commune = rig.settle(database)
    announcement = rig.approved(database, commune)
    _write_clip(database, folder, announcement)
    _put_into_slot(database, announcement, commune.officer)
    database.dispose()
    return folder


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settled: Path) -> Path:
    for name in [each for each in os.environ if each.startswith("LOA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(settled, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def database(data: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{data}/loa.db")
    yield made
    made.dispose()


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    (tmp_path / "usb").mkdir()
    return tmp_path / "usb"


def test_a_week_fits_on_the_stick_and_a_second_stick_promises_the_same_broadcasts(
    data: Path, usb: Path, capsys: Output
) -> None:
    assert bundles.main(["export", "--node", NODE, "--days", "7", str(usb)]) == 0
    first = _agenda(data, usb)
    assert len(first.items) == 7
    assert first.expires_at - first.issued_at >= timedelta(days=8)
    assert "7 lượt phát" in capsys.readouterr().out
    for clip in first.clips:
        content = (usb / "loa-lang" / "clips" / f"{clip.sha256}.ogg").read_bytes()
        assert hashlib.sha256(content).hexdigest() == clip.sha256

    assert bundles.main(["export", "--node", NODE, "--days", "7", str(usb / "loa-lang")]) == 0
    second = _agenda(data, usb)
    assert second.number == first.number + 1
    assert {item.broadcast for item in first.items} <= {item.broadcast for item in second.items}


def test_what_a_stick_promised_stays_on_the_agenda_that_comes_by_the_link(
    database: Database, data: Path, usb: Path
) -> None:
    bundles.main(["export", "--node", NODE, "--days", "7", str(usb)])
    brought = _agenda(data, usb)
    issuer = Issuer(
        database, _identity(data), clock=lambda: datetime.now(UTC), life=timedelta(days=7), chunk_bytes=16_384
    )
    issues = issuer.refresh().issues
    assert issues[NODE].signed.token == (usb / "loa-lang" / f"{NODE}.agenda").read_bytes()
    assert len(issues["ban-cuon"].duty.items) < len(brought.items)


def test_a_clip_that_was_damaged_on_the_stick_is_written_again(data: Path, usb: Path) -> None:
    bundles.main(["export", "--node", NODE, str(usb)])
    (clip,) = (usb / "loa-lang" / "clips").iterdir()
    whole = clip.read_bytes()
    clip.write_bytes(b"?" + whole[1:])
    bundles.main(["export", "--node", NODE, str(usb)])
    assert clip.read_bytes() == whole


def test_receipts_that_come_back_are_stored_once_and_acknowledged_under_the_stations_signature(
    database: Database, data: Path, usb: Path, capsys: Output
) -> None:
    bundles.main(["export", "--node", NODE, str(usb)])
    broadcast = _agenda(data, usb).items[0].broadcast
    (usb / "loa-lang" / f"{NODE}.receipts").write_bytes(_signed(database, _played(NODE, broadcast)) + b"\n")
    assert bundles.main(["import", str(usb)]) == 0
    assert bundles.main(["import", str(usb)]) == 0
    assert "đã nhập 1 biên nhận" in capsys.readouterr().out
    with database.reading() as s:
        assert s.get_one(Delivery, (broadcast, NODE)).state is DeliveryState.PLAYED
    (line,) = (usb / "loa-lang" / f"{NODE}.acks").read_bytes().splitlines()
    assert open_acks(line, _audience(data)).receipts == ("receipt-1",)


def test_damaged_and_foreign_receipts_are_refused_while_the_others_are_taken(
    database: Database, usb: Path, capsys: Output
) -> None:
    (usb / "loa-lang").mkdir()
    true = _signed(database, _played("ban-cuon", "broadcast-x"))
    for name, content in (("ban-cuon", true), ("ai-do", true), (NODE, true)):
        (usb / "loa-lang" / f"{name}.receipts").write_bytes(content)
    assert bundles.main(["import", str(usb)]) == 1
    said = capsys.readouterr()
    assert "ban-cuon: đã nhập 1" in said.out
    assert all(word in said.err for word in ("“ai-do”", f"{NODE}.receipts không do cụm loa này ký"))


@pytest.mark.parametrize("invented", ["unsigned", "signed by another", "cut", "a letter changed"])
def test_nobody_on_the_way_can_invent_a_play(
    database: Database, data: Path, usb: Path, capsys: Output, invented: str
) -> None:
    bundles.main(["export", "--node", NODE, str(usb)])
    broadcast = _agenda(data, usb).items[0].broadcast
    said = _played(NODE, broadcast)
    true = _signed(database, said)
    content = {
        "unsigned": encode(said),
        "signed by another": sign_receipts(said, receipts_seed("mat-khau-cua-ke-khac")),
        "cut": true[: len(true) // 2],
        "a letter changed": true.replace(b".", b".A", 1),
    }[invented]
    (usb / "loa-lang" / f"{NODE}.receipts").write_bytes(content + b"\n")
    assert bundles.main(["import", str(usb)]) == 1
    assert "không do cụm loa này ký" in capsys.readouterr().err
    with database.reading() as s:
        assert s.get_one(Delivery, (broadcast, NODE)).state is DeliveryState.PLANNED


def test_a_node_from_before_there_were_keys_is_told_how_to_get_one(
    database: Database, usb: Path, capsys: Output
) -> None:
    (usb / "loa-lang").mkdir()
    (usb / "loa-lang" / f"{NODE}.receipts").write_bytes(_signed(database, _played(NODE, "broadcast-x")))
    with database.session() as s:
        s.get_one(Node, NODE).receipt_key = None
    assert bundles.main(["import", str(usb)]) == 1
    assert f"loa nodes renew {NODE}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "code", "word"),
    [
        (["export", "--node", NODE, "--days", "31", "usb"], 2, "1 đến 30"),
        (["export", "--node", "khong-co", "usb"], 1, "khong-co"),
        (["export", "--node", NODE, "khong-co"], 1, "cắm USB"),
        (["import", "usb"], 1, "Không thấy biên nhận"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    data: Path, usb: Path, capsys: Output, argv: list[str], code: int, word: str
) -> None:
    assert bundles.main(argv) == code
    assert word in capsys.readouterr().err


def test_a_clip_the_station_lost_is_named_and_no_agenda_is_written(data: Path, usb: Path, capsys: Output) -> None:
    for clip in (data / "clips").iterdir():
        clip.unlink()
    assert bundles.main(["export", "--node", NODE, str(usb)]) == 1
    assert re.search(r"không còn tệp phát [0-9a-f]{64}", capsys.readouterr().err)
    assert not (usb / "loa-lang" / f"{NODE}.agenda").exists()


def _write_clip(database: Database, data: Path, announcement: Announcement) -> None:
    """The rig names a clip by the hash of its plan's hash: those bytes are the clip."""
    with database.reading() as s:
        clip = s.get_one(Clip, announcement.clip_sha256)
        (data / "clips" / f"{clip.sha256}.ogg").write_bytes(clip.plan_hash.encode())


def _put_into_slot(database: Database, announcement: Announcement, by: Person) -> None:
    now_at = datetime.now(UTC)
    with database.session() as s:
        slot = slots.add_slot(
            s, name="Trưa", rule={"weekdays": list(range(7)), "times": ["12:00"]}, zones=("con-minh",), by=by,
            now_at=now_at,
        )  # fmt: skip
        slots.put(s, slot=slot, announcement=announcement, first_on=now_at.date(), last_on=None, by=by, now_at=now_at)


def _identity(data: Path) -> StationIdentity:
    return StationIdentity.load_or_create(data, STATION)


def _audience(data: Path) -> Audience:
    return Audience(STATION, NODE, _identity(data).public_key)


def _agenda(data: Path, usb: Path) -> Agenda:
    return open_agenda((usb / "loa-lang" / f"{NODE}.agenda").read_bytes(), _audience(data))


def _played(node: str, broadcast: str) -> Receipts:
    fact = Receipt(
        receipt="receipt-1",
        broadcast=broadcast,
        state=DeliveryState.PLAYED,
        at=datetime.now(UTC),
        sequence=9,
        played_ms=20_000,
    )
    return Receipts(node=node, receipts=(fact,))


def _signed(database: Database, receipts: Receipts) -> bytes:
    """As the node would write it; it is given a new password, because nobody knows the old one."""
    with database.session() as s:
        password = nodes.new_password(s, node=s.get_one(Node, receipts.node), by=None, now_at=datetime.now(UTC))
    return sign_receipts(receipts, receipts_seed(password))
