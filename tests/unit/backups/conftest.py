"""A station with everything a backup has to bring back."""

import hashlib
import shutil
from pathlib import Path

import pytest

from broadcaster.certificates import server_certificate
from broadcaster.config import Config
from broadcaster.private_files import write_private
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import AgendaIssue, Node
from tests.rig import commune
from tests.rig.commune import NOW

SOUND = b"sound of a clip"
VOICE = b"voice note as it was uploaded"


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords_everywhere(quick_passwords: None) -> None:
    """The tests are about copies."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def station(tmp_path: Path, bare: Path) -> Config:
    """A commune, a key, a certificate, an account, a clip, a recording, a voice, and an agenda under number 41."""
    config = Config(data_dir=tmp_path / "first")
    config.data_dir.mkdir()
    shutil.copy(bare, config.data_dir / "loa.db")
    database = Database(config.database_url)
    commune.settle(database)
    with database.session() as s:
        node = s.get_one(Node, "lung-pang")
        s.add(AgendaIssue(node_id=node.id, number=41, digest="d", token=b"t", issued_at=NOW, expires_at=NOW))
    database.dispose()
    furnish(config)
    return config


def furnish(config: Config) -> None:
    """Every kind of file there is beside the database."""
    StationIdentity.load_or_create(config.data_dir, "loa")
    server_certificate.keep(config, now_at=NOW)
    write_private(config.data_dir / "broker" / "station-password", "secret\n")
    write_private(config.data_dir / "web-secret", "secret of the console")
    for name, data in (
        (f"clips/{sha256(SOUND)}.ogg", SOUND),
        (f"clips/recordings/{sha256(VOICE)}", VOICE),
        ("voices/vi_VN-vais1000-medium.onnx", b"a voice"),
        ("sentences/cache.ogg", b"made again by itself"),
        ("log/station.log", b"of this machine"),
    ):
        (config.data_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (config.data_dir / name).write_bytes(data)


def holdings(config: Config) -> dict[str, bytes]:
    """Every file that a backup brings back, but the database."""
    left_out = ("loa.db", "sentences/", "log/", "backup/", "before-restore", "in-use.lock")
    found = (path for path in config.data_dir.rglob("*") if path.is_file())
    named = {path.relative_to(config.data_dir).as_posix(): path.read_bytes() for path in found}
    return {name: data for name, data in named.items() if not name.startswith(left_out)}


def damage(path: Path) -> None:
    """Overwrite pages in the middle, as a dying disk does; the first page still says that it is a database."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8 * 4096] = b"\xa5" * (8 * 4096)
    path.write_bytes(data)
