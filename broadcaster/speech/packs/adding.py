"""Taking a pack in: unpacked beside the others, looked at from all sides, and only then moved to its place."""

import shutil
from pathlib import Path

from broadcaster.errors import Invalid
from broadcaster.speech.packs.archive import unpack
from broadcaster.speech.packs.loading import lacking_library
from broadcaster.speech.packs.manifest import read_manifest
from broadcaster.speech.packs.shelf import InstalledPack, check_files, take_in, working_folder
from broadcaster.speech.packs.trial import Trial

SLOWEST_FACTOR = 0.5
"""Seconds of sound a second: below it ten minutes of speech take longer than twenty."""


def add_pack(archive: Path, *, voices_dir: Path, trial: Trial) -> InstalledPack:
    """The pack, taken in; one of the same id gives way to it. Raises Invalid with the reason it is refused."""
    if not archive.is_file():
        raise Invalid("pack.archive_missing", path=archive)
    folder = working_folder(voices_dir)
    try:
        root = unpack(archive, folder)
        manifest = read_manifest(root)
        check_files(root, manifest)
        if reason := lacking_library(manifest.engine):
            raise Invalid.of(reason)
        examined = trial(root, manifest)
        if examined.real_time_factor < SLOWEST_FACTOR:
            raise Invalid("pack.machine_too_slow", pack=manifest.name, factor=examined.real_time_factor)
        return take_in(root, manifest, examined, voices_dir=voices_dir)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_pack(pack: InstalledPack, *, trial: Trial) -> InstalledPack:
    """The same examination once more for a pack that is there. Raises Invalid with what is wrong now."""
    check_files(pack.folder, pack.manifest)
    if reason := lacking_library(pack.manifest.engine):
        raise Invalid.of(reason)
    examined = trial(pack.folder, pack.manifest)
    return InstalledPack(pack.folder, pack.manifest, examined, pack.version)
