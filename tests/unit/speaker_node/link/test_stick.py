"""Where a stick is looked for."""

from pathlib import Path

from speaker_node.link.stick import AUTO, OFF, places


def test_a_stick_is_found_wherever_the_system_mounts_it(tmp_path: Path) -> None:
    mounted = [tmp_path / "media/loa/KINGSTON/loa-lang", tmp_path / "media/usb/loa-lang"]
    for folder in (*mounted, tmp_path / "media/other/photos"):
        folder.mkdir(parents=True)
    assert places(AUTO, root=tmp_path) == mounted


def test_a_named_folder_counts_while_it_is_there(tmp_path: Path) -> None:
    assert places(str(tmp_path / "usb")) == []
    (tmp_path / "usb").mkdir()
    assert places(str(tmp_path / "usb")) == [tmp_path / "usb"]


def test_sticks_can_be_forbidden(tmp_path: Path) -> None:
    (tmp_path / "media/usb/loa-lang").mkdir(parents=True)
    assert places(OFF, root=tmp_path) == []
