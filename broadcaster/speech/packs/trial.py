"""The examination in a process of its own: ``python -m broadcaster.speech.packs.trial FOLDER [LISTENER]``.

A model is a stranger's program: it may crash the process, end it or never come back. Only its answer, one JSON object
on stdout, reaches the station: ``{"examined": {…}}`` or ``{"refused": "<encoded reason>"}``.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from broadcaster.errors import Invalid, LoaError
from broadcaster.refusals.reasons import decode, encode
from broadcaster.speech.engine import Speech
from broadcaster.speech.packs.examination import Surprise, examine
from broadcaster.speech.packs.manifest import PackManifest, read_manifest
from broadcaster.speech.packs.shelf import Examined, InstalledPack

LONGEST_SECONDS = 300.0
_BEGIN = "\x01trial "

Trial = Callable[[Path, PackManifest], Examined]
"""Examines an unpacked folder; raises Invalid."""


def in_own_process(listener: Path | None = None) -> Trial:
    """The trial that ``python -m`` runs; ``listener`` is the folder of the machine listener's model, if it is there."""

    def trial(folder: Path, manifest: PackManifest) -> Examined:
        command = [sys.executable, "-m", __name__, str(folder), *([str(listener)] if listener else [])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module; the folder is no shell's word
                command, capture_output=True, timeout=LONGEST_SECONDS, env=environment, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Invalid("pack.too_slow", pack=manifest.id) from error
        return _answer(done.stdout.decode(errors="replace"), manifest)

    return trial


def in_this_process(folder: Path, manifest: PackManifest) -> Examined:
    """Without the protection, for what is known to be sound."""
    return examine(_as_installed(folder, manifest))


def _answer(said: str, manifest: PackManifest) -> Examined:
    lines = [line for line in said.splitlines() if line.startswith(_BEGIN)]
    if not lines:
        raise Invalid("pack.crashed", pack=manifest.id)
    answer = json.loads(lines[-1].removeprefix(_BEGIN))
    if "refused" in answer:
        raise Invalid.of(decode(answer["refused"]))
    return Examined(**answer["examined"])


def _as_installed(folder: Path, manifest: PackManifest) -> InstalledPack:
    return InstalledPack(folder, manifest, Examined(0.0, 0, 0.0), "")


def _listening(folder: Path) -> Surprise | None:
    from broadcaster.speech.listener.whisper import WhisperListener, heard_at_16_khz, is_installed

    if not is_installed():
        return None
    listener = WhisperListener(folder)

    def surprise(speech: Speech, sentence: str) -> float:
        words = "".join(each if each.isalpha() else " " for each in sentence.lower()).split()
        samples = heard_at_16_khz(speech.samples.astype(np.float32) / np.float32(32768), sample_rate=speech.sample_rate)
        return sum(listener.surprises(samples, words)) / len(words)

    return surprise


def main(argv: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (int(LONGEST_SECONDS) * 2, int(LONGEST_SECONDS) * 2))
    folder = Path(argv[0])
    try:
        surprise = _listening(Path(argv[1])) if len(argv) > 1 else None
        found = examine(_as_installed(folder, read_manifest(folder)), surprise=surprise)
        answer: dict[str, object] = {"examined": asdict(found)}
    except LoaError as error:
        answer = {"refused": encode(error.reason)}
    sys.stdout.write("\n" + _BEGIN + json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
