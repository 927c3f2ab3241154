"""Every file a node owns may be empty, cut, zeroed, foreign or a newer program's: the node says so and goes on.

One node lives through a play and leaves its folder; of every file found there, each kind of damage is tried on a copy.
"""

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.signing import public_key, sign_agenda
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node import agent
from speaker_node.assembly import Substitutes
from speaker_node.clock.kernel_time import KernelTime
from speaker_node.clock.node_clock import NodeClock, TimeSources
from speaker_node.command import _parser, main, settings_from
from speaker_node.events import AgendaArrived, ChunkArrived
from speaker_node.memory.database import LedgerDatabase
from tests.rig.clips import TestClip, noise_clip

pytestmark = pytest.mark.integration
SEED = bytes(range(32))
BUNDLE = NodeBundle(
    station="xa",
    node="loa-1",
    name="Bản Chang",
    station_key=public_key(SEED).hex(),
    username="loa-1",
    password="mat-khau-ngau-nhien",
    broker=BrokerAddress(host="127.0.0.1", port=9),
)
ONCE, LATER = "bc-00000001", "bc-00000002"
PERSONS = {"bundle.json", "node.toml"}
"""What only a person can make again: these are named in a sentence."""
Damage = Callable[[Path], None]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """The loop turns fifty times a second instead of once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent, "TICK_SECONDS", 0.02)
        yield


@pytest.fixture(scope="module")
def clip() -> TestClip:
    return noise_clip(0.3)


class Life:
    """A node in a thread, until it has looked around often enough; ``trouble`` is what it last told."""

    def __init__(self, data: Path) -> None:
        options = ["--bundle", str(data / "bundle.json"), "--data", str(data), "--usb", "off"]
        settings = settings_from(_parser().parse_args(options))
        self._reads = 0
        clock = NodeClock("loa-1", memory=data / "clock.json", sources=TimeSources(wall=self._wall, kernel=_synced))
        self.agent = agent.Agent(settings, substitutes=Substitutes(clock=clock))
        self._thread = threading.Thread(target=self.agent.run, daemon=True)

    def _wall(self) -> float:
        self._reads += 1
        return time.time()

    def __enter__(self) -> "Life":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.agent.stop()
        self._thread.join(30)
        assert not self._thread.is_alive()

    def until(self, true: Callable[[], bool]) -> None:
        until = time.monotonic() + 20
        while not true():
            assert time.monotonic() < until
            time.sleep(0.01)

    def look_around(self) -> None:
        """Several whole turns of the loop."""
        before = self._reads
        self.until(lambda: self._reads > before + 30)

    def give(self, token: bytes, *chunks: ChunkArrived) -> None:
        for event in (AgendaArrived(token), *chunks):
            self.agent._events.put(event)


def _synced() -> KernelTime:
    return KernelTime(synced=True, error_seconds=0.001)


def _token(clip: TestClip, other: TestClip, **change: object) -> bytes:
    now_at = datetime.now(UTC).replace(microsecond=0)

    def item(name: str, start_at: datetime, ref: str) -> AgendaItem:
        return AgendaItem(
            broadcast=name,
            parts=(ref,),
            broadcast_class=BroadcastClass.ROUTINE,
            start_at=start_at,
            expires_at=start_at + timedelta(hours=1),
            duration_ms=clip.ref.duration_ms,
        )

    items = (item(ONCE, now_at, clip.ref.sha256), item(LATER, now_at + timedelta(hours=2), other.ref.sha256))
    values = {"number": 7, "issued_at": now_at, "expires_at": now_at + timedelta(days=1), "term": 1, "issuer": "one"}
    clips = (clip.ref, other.ref)
    return sign_agenda(Agenda(station="xa", node="loa-1", items=items, clips=clips, **(values | change)), SEED)  # type: ignore[arg-type]


def _receipts(data: Path) -> dict[str, list[str]]:
    """What the outbox states, by broadcast."""
    connection = sqlite3.connect(data / "ledger.db")
    found: dict[str, list[str]] = {}
    for (body,) in connection.execute("SELECT body FROM receipt ORDER BY sequence"):
        receipt = msgspec.json.decode(body, type=Receipt)
        found.setdefault(receipt.broadcast, []).append(receipt.state)
    connection.close()
    return found


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, clip: TestClip) -> Path:
    """The folder of a node that has played one broadcast and fetched a piece of the next."""
    data = tmp_path_factory.mktemp("lived") / "data"
    data.mkdir()
    (data / "bundle.json").write_bytes(encode(BUNDLE))
    (data / "node.toml").write_text('sound = "file"\nmicrophone = ""\nkeep_files = 5\n')
    other = noise_clip(3.0, seed=2)
    with Life(data) as life:
        chunks = [
            ChunkArrived(clip.ref.sha256, 0, clip.data[: clip.ref.chunk_bytes]),
            ChunkArrived(other.ref.sha256, 1, other.data[16_384:32_768]),
        ]
        life.give(_token(clip, other), *chunks)
        life.until(lambda: bool(list((data / "played").glob("*.wav"))))
        life.look_around()
    assert _receipts(data)[ONCE] == ["stored", "playing", "played"]
    return data


@pytest.fixture
def data(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    return Path(shutil.copytree(lived, tmp_path / "data"))


def _every_file(lived: Path) -> set[str]:
    return {str(path.relative_to(lived)) for path in lived.rglob("*") if path.is_file()}


def test_the_walk_sees_every_kind_of_file_a_node_owns(lived: Path) -> None:
    kinds = {"bundle.json", "node.toml", "ledger.db", "ledger.whole", "agenda.jws", "clock.json", "alive"}
    files = _every_file(lived)
    assert kinds <= files
    assert {Path(name).suffix for name in files - kinds} == {".clip", "", ".wav"}


DAMAGES: dict[str, Damage] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "foreign": lambda path: path.write_bytes(b"\xff\xfe khong phai cua cum loa \x00" * 200),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_file_is_damaged_the_node_goes_on_or_says_in_one_sentence_what_to_do(
    damage: str, lived: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in sorted(_every_file(lived)):
        data = Path(shutil.copytree(lived, tmp_path / name.replace("/", "_")))
        DAMAGES[damage](data / name)
        caplog.clear()
        if name in PERSONS and not _is_harmless(name, damage):
            assert main(["--bundle", str(data / "bundle.json"), "--data", str(data)]) == 2
            stated = capfd.readouterr().err
            assert (stated.count("\n"), "Hãy" in stated, "Traceback" in stated) == (1, True, False), (name, stated)
            continue
        _goes_on(data, caplog, sure=name)


def _is_harmless(name: str, damage: str) -> bool:
    """A settings file without settings means the defaults, which here name a sound card."""
    return name == "node.toml" and damage in ("empty", "gone")


def _goes_on(data: Path, caplog: pytest.LogCaptureFixture, *, sure: str) -> None:
    if sure == "node.toml":
        (data / "node.toml").write_text('sound = "file"\n')
    recordings = len(list((data / "played").glob("*.wav")))
    with Life(data) as life:
        life.look_around()
    unexpected = [each for each in caplog.records if each.exc_info or each.levelno >= logging.ERROR]
    assert not unexpected, (sure, unexpected)
    assert len(list((data / "played").glob("*.wav"))) <= recordings, f"{sure}: nothing sounds twice"
    assert "played" not in _receipts(data).get(ONCE, [])[3:], sure


def test_an_unreadable_ledger_is_set_aside_told_and_nothing_of_before_begins(data: Path, clip: TestClip) -> None:
    (data / "ledger.db").write_bytes(b"")
    with Life(data) as life:
        life.look_around()
        parts = life.agent._parts
        assert parts.records.database.rebuilt == "ledger.broken"
    assert (data / "ledger.broken").exists()
    assert _receipts(data)[ONCE][-1] == DeliveryState.FAILED


NEWER = {
    "table": "PRAGMA user_version = 99",
    "state": "UPDATE play SET state = 'praised'",
    "class": "UPDATE play SET broadcast_class = 'festive'",
    "instant": "UPDATE play SET expires_at = 'tomorrow'",
    "number": "UPDATE number SET value = 'many' WHERE name = 'sequence'",
    "column": "ALTER TABLE play RENAME COLUMN attempts TO tries",
}


@pytest.mark.parametrize("change", NEWER)
def test_a_ledger_of_a_newer_program_is_set_aside_and_not_taken_for_an_empty_one(
    data: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    connection = sqlite3.connect(data / "ledger.db", isolation_level=None)
    connection.execute(NEWER[change])
    connection.close()
    _goes_on(data, caplog, sure=change)
    assert (data / "ledger.broken").exists()


def test_a_receipt_that_cannot_be_read_does_not_keep_the_others(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    connection = sqlite3.connect(data / "ledger.db", isolation_level=None)
    (first,) = connection.execute("SELECT min(sequence) FROM receipt").fetchone()
    connection.execute("UPDATE receipt SET body = ? WHERE sequence = ?", (b'{"state":"praised"}', first))
    connection.close()
    _goes_on(data, caplog, sure="receipt")
    assert _receipts(data)[ONCE] == ["playing", "played"]


def test_a_journal_that_was_overwritten_makes_the_node_careful(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    (data / "ledger.db-wal").write_bytes(bytes(20_000))
    database = LedgerDatabase(data / "ledger.db", memory=data)
    assert database.lost_memory
    database.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("clock.json", b'{"boot":"x","monotonic":1.0,"wall":1.0,"error_seconds":0.1,"phase":[1]}'),
        ("agenda.jws", b"newer"),
        ("clips/unknown.future", b"x"),
    ],
)
def test_what_a_newer_program_wrote_beside_is_no_trouble(
    data: Path, clip: TestClip, caplog: pytest.LogCaptureFixture, name: str, content: bytes
) -> None:
    if content == b"newer":
        content = _token(clip, noise_clip(3.0, seed=2), version=2)
    (data / name).write_bytes(content)
    _goes_on(data, caplog, sure=name)


def test_a_setting_of_a_newer_program_is_named_with_a_remedy(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (data / "node.toml").write_text("hologram = true\n")
    assert main(["--bundle", str(data / "bundle.json"), "--data", str(data)]) == 2
    assert "hologram" in capfd.readouterr().err


def test_a_folder_or_file_in_the_place_of_the_other_is_no_end(
    data: Path, clip: TestClip, caplog: pytest.LogCaptureFixture
) -> None:
    whole = data / "clips" / f"{clip.ref.sha256}.clip"
    whole.unlink()
    whole.mkdir()
    (pieces,) = (path for path in (data / "clips").iterdir() if path.is_dir() and path != whole)
    shutil.rmtree(pieces)
    pieces.write_bytes(b"")
    _goes_on(data, caplog, sure="clips")
