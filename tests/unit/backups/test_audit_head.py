"""A backup carries the signed end of the audit trail it holds."""

from pathlib import Path

import pytest

from broadcaster.backups import manual
from broadcaster.config import Config
from broadcaster.protocol import signing
from broadcaster.station.audit import heads
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.upkeep import signed_heads
from broadcaster.station.upkeep.opening import open_database
from tests.rig.commune import NOW

pytestmark = pytest.mark.integration


def test_the_manifest_carries_the_end_of_the_trail(station: Config, tmp_path: Path) -> None:
    identity = StationIdentity.load_or_create(station.data_dir.absolute(), station.station.id)
    said = manual.backup(station, tmp_path / "b.loa", key=None, force=False, now_at=NOW).audit_head
    database = open_database(station)
    with database.reading() as s:
        head = heads.head(s)
    database.dispose()
    assert head is not None
    assert signed_heads.of_station(station) == identity.sign_head(head)
    assert said is not None
    assert (said.entry, said.hash) == (head.entry, head.hash)
    assert signing.is_head_of(said, station=identity.station, key=identity.public_key)
