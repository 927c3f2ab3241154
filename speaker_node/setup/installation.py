"""``loa node install``: unit, user and folders on Raspberry Pi OS, so that the node starts by itself."""

import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from speaker_node.errors import SettingsRefused
from speaker_node.memory.durable_files import write_durably
from speaker_node.setup.settings import read_bundle

UNIT = Path("etc/systemd/system/loa-node.service")
STICK_RULE = Path("etc/udev/rules.d/60-loa-stick.rules")
STATE = "loa-node"
USER = "loa"
GROUPS = ("audio", "gpio", "video")
"""What the program may touch. Plain Debian has no ``gpio``, and systemd starts nothing for a group it does not know."""
LAUNCHER = "-P -m speaker_node.releases.launcher"
Run = Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class InstallTarget:
    """root: the file system to install into, ``/`` on the node itself; program: how systemd shall call the node."""

    root: Path
    program: str

    @property
    def data(self) -> Path:
        """Where the node keeps everything."""
        return self.root / "var/lib" / STATE

    @property
    def unit(self) -> Path:
        """The unit file."""
        return self.root / UNIT


def unit_text(program: str) -> str:
    """The unit for this program."""
    template = (files("speaker_node.setup") / "loa-node.service").read_text("utf-8")
    return template.format(program=program, data=f"/var/lib/{STATE}", user=USER, groups=" ".join(GROUPS), state=STATE)


def install(bundle: Path, place: InstallTarget, *, run: Run) -> None:
    """Write everything; again is harmless. Raises SettingsRefused for a bundle that is none or a missing right."""
    read_bundle(bundle)
    if place.root == Path("/") and os.geteuid() != 0:
        raise SettingsRefused("installation.not_root")
    place.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(place.data / "bundle.json", bundle.read_bytes(), mode=0o600)
    place.unit.parent.mkdir(parents=True, exist_ok=True)
    place.unit.write_text(unit_text(place.program), "utf-8")
    rule = place.root / STICK_RULE
    rule.parent.mkdir(parents=True, exist_ok=True)
    rule.write_text((files("speaker_node.setup") / "loa-stick.rules").read_text("utf-8").format(user=USER), "utf-8")
    if place.root == Path("/"):
        take_into_service(place.data, run=run)


def take_into_service(data: Path, *, run: Run) -> None:
    """Make the groups and the user where they are missing, give them the data, and start the unit, or start it anew:
    a node of before goes on with its old program otherwise."""
    for group in GROUPS:
        run(["groupadd", "--system", "--force", group])
    try:
        pwd.getpwnam(USER)
    except KeyError:
        run(["useradd", "--system", "--home-dir", str(data), "--shell", "/usr/sbin/nologin", USER])
    run(["chown", "-R", f"{USER}:{USER}", str(data)])
    run(["systemctl", "daemon-reload"])
    run(["systemctl", "enable", UNIT.name])
    run(["systemctl", "restart", UNIT.name])


def run_checked(command: Sequence[str]) -> None:
    """Run one of Debian's own tools. Raises CalledProcessError when it fails."""
    subprocess.run(command, check=True)  # noqa: S603 - commands are written out above


def this_program(*, python: Path = Path(sys.executable)) -> str:
    """How this very installation is started: by its launcher, which picks the version that runs."""
    environment = python.parents[1]
    fixed = environment.with_name("venv")
    if fixed.is_symlink() and fixed.resolve() == environment.resolve():
        python = fixed / python.relative_to(environment)  # a package's upgrade makes another environment
    return f"{python} {LAUNCHER}"
