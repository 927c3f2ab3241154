"""A node takes a new program, and is killed before every single thing it does to its card, each time in a new process.

    python -m tests.rig.releases.walk FOLDER WHEEL

prints one JSON line for each place: what is started afterwards, and what runs in the end when all is done once more.
"""

import json
import os
import sys
from pathlib import Path

from speaker_node.releases import launcher, unpacking
from speaker_node.releases.launch_state import CURRENT, linked
from speaker_node.releases.trial import Seen, Trial
from tests.rig.releases import programs

STEPS = frozenset({"open", "os.rename", "os.mkdir", "os.symlink", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"})
ALL_WELL = Seen(agenda=True, sound=True, connected=True, receipts=True, trusted=True)
OLD, NEW = "1.1", "1.2"
MOST_STEPS = 500


def take(root: Path, wheel: Path) -> None:
    """From the whole wheel to the confirmed program, as node, launcher and the new node do it one after the other."""
    release = programs.order(wheel, program=wheel.name.split("-")[1])
    files = {each.sha256: wheel for each in release.wheels}
    unpacking.prune(root, keep=frozenset({release.program}))
    unpacking.unpack(release, files, root)
    if launcher.choose(root, installed="1.0", boot="one").version != release.program:
        Trial(root, launcher.INSTALLED).begin(release.program, had_sound=True, trial_seconds=10)
        launcher.choose(root, installed="1.0", boot="one")
    trial = Trial(root, release.program, alarm=lambda _seconds: None)
    trial.step(ALL_WELL, 0.0)
    trial.step(ALL_WELL, 5.0)


def killed_at(step: int, root: Path, wheel: Path) -> bool:
    """Whether there was such a step to be killed at."""
    child = os.fork()
    if child == 0:
        left = step

        def hook(event: str, given: tuple[object, ...]) -> None:
            nonlocal left
            if event in STEPS and str(root) in str(given[0]):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(hook)
        take(root, wheel)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def main(folder: Path, wheels: dict[str, Path]) -> None:
    unpacking._try_import = lambda _folder: None  # type: ignore[assignment]  # each would cost a process more
    os.fsync = lambda _handle: None  # what a killed process has written stays; waiting for the disk shows nothing here
    for step in range(MOST_STEPS):
        root = folder / str(step)
        take(root, wheels[OLD])
        there_was = killed_at(step, root, wheels[NEW])
        started = launcher.choose(root, installed="1.0", boot="two").version
        whole = not started or (root / started / "speaker_node" / "command.py").is_file()
        take(root, wheels[NEW])
        print(json.dumps({"step": step, "started": started, "whole": whole, "end": linked(root, CURRENT)}))
        if not there_was:
            return


if __name__ == "__main__":
    place = Path(sys.argv[1])
    main(place, {version: programs.wheel(place / "wheels", version) for version in (OLD, NEW)})
