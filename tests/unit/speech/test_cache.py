import os
from pathlib import Path

import numpy as np
import pytest

from broadcaster.speech.cache import SentenceCache
from tests.doubles.fake_engine import hum


@pytest.fixture
def cache(tmp_path: Path) -> SentenceCache:
    return SentenceCache(tmp_path, limit_bytes=1_000_000)


def only_file(folder: Path) -> Path:
    [path] = folder.glob("*/*")
    return path


def test_what_was_put_comes_back_the_same(cache: SentenceCache) -> None:
    said = hum(300, sample_rate=16_000)
    cache.put("ab12", said)
    found = cache.get("ab12")
    assert found is not None
    assert found.sample_rate == 16_000
    assert np.array_equal(found.samples, said.samples)


def test_what_was_never_put_is_absent(cache: SentenceCache) -> None:
    assert cache.get("ab12") is None


@pytest.mark.parametrize(
    "spoil", [lambda b: b[: len(b) // 2], lambda b: b"\0" * len(b), lambda b: b"", lambda b: b[:5]]
)
def test_a_file_spoiled_by_a_power_cut_counts_as_absent(cache: SentenceCache, tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    cache.put("ab12", hum(300))
    path = only_file(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    assert cache.get("ab12") is None


def test_a_disk_that_cannot_be_written_costs_nothing_but_the_saving(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    SentenceCache(blocked, limit_bytes=1000).put("ab12", hum(100))


def test_pruning_drops_the_sentence_unused_the_longest(tmp_path: Path) -> None:
    cache = SentenceCache(tmp_path, limit_bytes=30_000)
    for age, key in enumerate(("cc", "bb", "aa")):
        cache.put(key, hum(300))
        path = tmp_path / key / f"{key}.pcm"
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert cache.get("aa") is not None, "reading makes it the youngest"
    cache.prune()
    assert cache.get("bb") is None
    assert cache.get("aa") is not None
    assert cache.get("cc") is not None
