import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from broadcaster.errors import Invalid, NotFound
from broadcaster.speech.packs import shelf
from broadcaster.speech.packs.adding import add_pack
from broadcaster.speech.packs.manifest import PackManifest
from broadcaster.speech.packs.shelf import Examined
from tests.doubles.tiny_packs import write_pack


def passed(_folder: Path, _manifest: PackManifest) -> Examined:
    return Examined(real_time_factor=20.0, syllables_a_minute=190, peak=0.5)


def slow(_folder: Path, _manifest: PackManifest) -> Examined:
    return Examined(real_time_factor=0.1, syllables_a_minute=190, peak=0.5)


def added(archive: Path, folder: Path) -> shelf.InstalledPack:
    return add_pack(archive, voices_dir=folder / "voices", trial=passed)


def changed(archive: Path, folder: Path, **changes: object) -> Path:
    """The same pack with another manifest."""
    target = folder / f"changed-{archive.name}"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "voice.json":
                content = json.dumps(json.loads(content) | changes).encode()
            new.writestr(name, content)
    return target


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("pack"), engine="onnx")


def as_tar(archive: Path, target: Path, *, inside: str = "", mode: str = "w:gz") -> Path:
    with zipfile.ZipFile(archive) as old, tarfile.open(target, mode) as new:  # type: ignore[call-overload]
        for name in old.namelist():
            entry = tarfile.TarInfo(inside + name)
            content = old.read(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return target


def test_a_pack_is_listed_with_all_it_says_of_itself_and_can_be_removed(archive: Path, tmp_path: Path) -> None:
    pack = added(archive, tmp_path)
    assert shelf.installed(tmp_path / "voices") == [pack]
    assert pack.manifest.licence.limits == "Dùng tùy ý."
    assert [speaker.region for speaker in pack.manifest.speakers] == ["south"]
    shelf.remove(tmp_path / "voices", "thu-onnx")
    assert shelf.installed(tmp_path / "voices") == []
    with pytest.raises(NotFound, match=r"pack\.unknown"):
        shelf.remove(tmp_path / "voices", "thu-onnx")


@pytest.mark.parametrize(("name", "inside"), [("a.tar.gz", ""), ("b.tar.gz", "thu-onnx/"), ("c.tgz", "./")])
def test_a_tar_does_as_well_and_may_have_one_folder_around_it(
    archive: Path, tmp_path: Path, name: str, inside: str
) -> None:
    assert added(as_tar(archive, tmp_path / name, inside=inside), tmp_path).manifest.id == "thu-onnx"


def test_a_newer_version_takes_the_place_of_the_old_one(archive: Path, tmp_path: Path) -> None:
    added(archive, tmp_path)
    added(changed(archive, tmp_path, version="2"), tmp_path)
    assert [each.manifest.version for each in shelf.installed(tmp_path / "voices")] == ["2"]


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "C:\\evil", "..\\evil", "a//b"])
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(
    archive: Path, tmp_path: Path, name: str
) -> None:
    as_zip, tarred = tmp_path / "evil.zip", tmp_path / "evil.tar"
    with zipfile.ZipFile(as_zip, "w") as file:
        file.writestr(name, b"evil")
    with tarfile.open(tarred, "w") as file:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        file.addfile(entry, io.BytesIO(b"evil"))
    for each in (as_zip, tarred):
        with pytest.raises(Invalid, match=r"pack\.path_outside"):
            added(each, tmp_path)
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "links.tar", "w") as file:
        entry = tarfile.TarInfo("voice.json")
        entry.type, entry.linkname = kind, "/etc/passwd"
        file.addfile(entry)
    with pytest.raises(Invalid, match=r"pack\.path_outside"):
        added(tmp_path / "links.tar", tmp_path)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as file:
        entry = zipfile.ZipInfo("voice.json")
        entry.external_attr = 0o120777 << 16
        file.writestr(entry, "/etc/passwd")
    with pytest.raises(Invalid, match=r"pack\.path_outside"):
        added(tmp_path / "links.zip", tmp_path)


def test_names_that_differ_in_case_alone_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as file:
        file.writestr("voice.json", "{}")
        file.writestr("Voice.json", "{}")
    with pytest.raises(Invalid, match=r"pack\.listed_twice"):
        added(tmp_path / "twice.zip", tmp_path)


def test_what_grows_beyond_all_measure_is_stopped(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as file:
        for number in range(700):
            file.writestr(f"{number}", b"")
    with pytest.raises(Invalid, match=r"pack\.too_large"):
        added(tmp_path / "bomb.zip", tmp_path)


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "broken"), (b"not a pack", "broken"), (b"PK\x03\x04 cut short", "broken")]
)
def test_what_is_no_archive_is_named_so(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "tin.zip"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=rf"pack\.archive_{code}"):
        added(file, tmp_path)


def test_an_archive_without_a_manifest_and_a_path_without_an_archive(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as file:
        file.writestr("doc.txt", "xin chào")
    with pytest.raises(Invalid, match=r"pack\.manifest_missing"):
        added(tmp_path / "empty.zip", tmp_path)
    with pytest.raises(Invalid, match=r"pack\.archive_missing"):
        added(tmp_path / "khong.zip", tmp_path)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": 2}, "manifest_unreadable"),
        ({"id": "../x"}, "manifest_unreadable"),
        ({"engine": "shell"}, "manifest_unreadable"),
        ({"speakers": []}, "manifest_unreadable"),
        ({"licence": {"name": "MIT", "file": "khong.txt", "limits": "không"}}, "file_unlisted"),
        ({"files": [{"path": "../model.onnx", "sha256": "0" * 64}]}, "path_outside"),
        ({"files": [{"path": "model.onnx", "sha256": "0" * 64}] * 2}, "listed_twice"),
    ],
)
def test_a_manifest_that_is_wrong_is_refused_with_its_field(
    archive: Path, tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid, match=rf"pack\.{code}"):
        added(changed(archive, tmp_path, **changes), tmp_path)


def test_files_are_compared_with_their_digests_and_with_the_list(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as old:
        manifest = json.loads(old.read("voice.json"))
    wrong = [{**each, "sha256": "0" * 64} if each["path"] == "model.onnx" else each for each in manifest["files"]]
    with pytest.raises(Invalid, match=r"pack\.digest_wrong path='model\.onnx'"):
        added(changed(archive, tmp_path, files=wrong), tmp_path)
    with zipfile.ZipFile(changed(archive, tmp_path), "a") as more:
        more.writestr("hidden.so", b"\x7fELF")
    with pytest.raises(Invalid, match=r"pack\.file_unlisted path='hidden\.so'"):
        added(tmp_path / f"changed-{archive.name}", tmp_path)
    lost = [*manifest["files"], {"path": "mat.bin", "sha256": "0" * 64}]
    with pytest.raises(Invalid, match=r"pack\.file_missing path='mat\.bin'"):
        added(changed(archive, tmp_path, files=lost), tmp_path)


def test_a_machine_too_slow_for_it_is_told_before_the_pack_is_there(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"pack\.machine_too_slow"):
        add_pack(archive, voices_dir=tmp_path / "voices", trial=slow)
    assert shelf.installed(tmp_path / "voices") == []


def test_what_an_earlier_try_left_behind_is_removed(archive: Path, tmp_path: Path) -> None:
    left = tmp_path / "voices" / "packs" / ".adding-999999999"
    left.mkdir(parents=True)
    (left / "model.onnx").write_bytes(b"half")
    added(archive, tmp_path)
    assert [each.name for each in (tmp_path / "voices" / "packs").iterdir()] == ["thu-onnx"]
