"""Every file the station owns may be empty, cut, zeroed or foreign: it is made anew, or one sentence says what to do.

One station starts once and leaves its folder; of every file found there, each kind of damage is tried on a copy.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from broadcaster import config as configuration
from broadcaster.commands import doctor
from broadcaster.config import Config
from broadcaster.delivery.broker.sockets import accepts, free_port
from broadcaster.errors import LoaError
from broadcaster.refusals.sentences import sentence
from loa import daemons

pytestmark = [pytest.mark.integration, pytest.mark.limit(240)]
LOST = {"loa.db", "station.key"}
"""What only a backup brings back; everything else is made anew."""
LEFT_OUT = {"lock", "in-use.lock", "log", "loa.db-turns", "loa.db-writes", "mosquitto.conf"}
"""Without content of their own, or written at every start."""
Damage = Callable[[Path], None]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def foreign(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4 a circular" * 20)


DAMAGES = (empty, cut, zeroed, foreign)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a station that ran."""
    folder = tmp_path_factory.mktemp("station") / "data"
    _start(folder)
    return folder


@pytest.fixture
def copy(left: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    shutil.copytree(left, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
def test_it_starts_again_or_says_what_to_do(
    left: Path, tmp_path: Path, damage: Damage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(path.relative_to(left) for path in left.rglob("*") if path.is_file() and path.name not in LEFT_OUT)
    assert LOST <= {path.name for path in files} >= {"issuer.json", "web-secret", "station-password", "mosquitto.db"}
    for file in files:
        if "clips" in file.parts:
            continue  # of sound: tests/unit/station/upkeep
        folder = tmp_path / "data"
        shutil.copytree(left, folder)
        damage(folder / file)
        outcome = _start(folder)
        assert (outcome is None) == (file.name not in LOST), (file, outcome)
        if outcome is not None:
            assert "Hãy" in sentence(outcome.reason)
            monkeypatch.setattr(doctor, "try_voices", lambda _config: iter(()))
            for name, value in _settings(folder).items():
                monkeypatch.setenv(name, value)
            assert doctor.main([]) == 1
            assert sentence(outcome.reason) in capsys.readouterr().out
        shutil.rmtree(folder)


def test_a_station_that_lost_its_database_is_not_begun_anew(copy: Path) -> None:
    (copy / "loa.db").unlink()
    outcome = _start(copy)
    assert outcome is not None
    assert outcome.code == "database.gone"
    (copy / "issuer.json").unlink()
    assert _start(copy) is None, "somebody wants a new station"


def test_what_the_broker_cannot_read_is_set_aside(copy: Path) -> None:
    zeroed(copy / "broker" / "mosquitto.db")
    assert _start(copy) is None
    assert (copy / "broker" / "mosquitto.broken").is_file()


def _start(folder: Path) -> LoaError | None:
    """Both services, until the broker answers; why they did not start."""
    config = _config(folder)
    try:
        with ExitStack() as parts:
            stop = threading.Event()
            parts.callback(stop.set)
            daemons._build_station(config, parts, stop)
            daemons._build_web(config, parts, stop)
            assert accepts(config.broker.host, config.broker.port)
    except LoaError as error:
        return error
    return None


def _config(folder: Path) -> Config:
    return configuration.load(None, {**os.environ, **_settings(folder)})


def _settings(folder: Path) -> dict[str, str]:
    return {
        "LOA_DATA_DIR": str(folder),
        "LOA_BROKER__PORT": str(free_port("127.0.0.1")),
        "LOA_WEB__PORT": str(free_port("127.0.0.1")),
        "LOA_ENROLMENT__PORT": "0",
    }
