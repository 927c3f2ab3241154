from pathlib import Path

import pytest

from broadcaster.errors import Invalid
from broadcaster.speech.online.keys import KeyRing
from broadcaster.speech.online.providers import providers

FPT, VBEE, AZURE = (providers()[name] for name in ("fpt", "vbee", "azure"))


def test_a_key_that_was_written_is_read_and_only_its_owner_can(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    ring.write(VBEE, {"key": " abc ", "app_id": "7"})
    assert ring.values(VBEE) == {"key": "abc", "app_id": "7"}
    assert (tmp_path / "keys" / "vbee").stat().st_mode & 0o777 == 0o600
    assert ring.missing(VBEE) is None
    ring.remove(VBEE)
    assert str(ring.missing(VBEE)).startswith("online_voice.no_key")


def test_a_file_with_the_key_alone_will_do(tmp_path: Path) -> None:
    (tmp_path / "fpt").write_text("# của xã\nabc-def\n")
    (tmp_path / "fpt").chmod(0o600)
    assert KeyRing(tmp_path).values(FPT) == {"key": "abc-def"}


def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "fpt").write_text("abc\n")
    (tmp_path / "fpt").chmod(0o644)
    assert str(KeyRing(tmp_path).missing(FPT)).startswith("online_voice.key_exposed")


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "ký-tự", "x" * 3000])
def test_what_cannot_be_a_key_is_refused_without_being_repeated(tmp_path: Path, key: str) -> None:
    with pytest.raises(Invalid, match=r"key_malformed") as refused:
        KeyRing(tmp_path).write(FPT, {"key": key})
    assert refused.value.field == "key"
    assert not key or key not in str(refused.value)


def test_a_region_cannot_lead_to_another_server(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"key_malformed"):
        KeyRing(tmp_path).write(AZURE, {"key": "abc", "region": "evil.example/x"})
