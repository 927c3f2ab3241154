"""No order is taken whose sound is gone: a node would wait for it for ever."""

from pathlib import Path

import pytest

from broadcaster.errors import Conflict
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement, Clip
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration


def order(database: Database, commune: Commune, announcement: Announcement) -> str:
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW).id


def test_a_clip_that_was_tidied_away_is_refused_with_the_way_to_make_it_again(
    database: Database, commune: Commune
) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        clip = s.get_one(Clip, announcement.clip_sha256)
        clip.plan_hash = (clips.GONE + clip.sha256)[:64]
    with pytest.raises(Conflict, match=r"broadcast\.sound_gone"):
        order(database, commune, announcement)


@pytest.mark.parametrize("content", [None, b""])
def test_a_file_that_is_missing_or_empty_is_refused(
    database: Database, commune: Commune, tmp_path: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    announcement = approved(database, commune)
    monkeypatch.setattr(database, "clips_dir", tmp_path)
    file = clips.path(tmp_path, announcement.clip_sha256 or "")
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Conflict, match=r"broadcast\.sound_gone"):
        order(database, commune, announcement)
    file.write_bytes(b"OggS")
    assert order(database, commune, announcement)
