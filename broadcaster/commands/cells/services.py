"""The two services of a cell under systemd, as template units; and the program as a cell's own account runs it."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from broadcaster.commands.cells.layout import ACCOUNT, Cell, owner
from broadcaster.errors import Unavailable

UNITS = ("loa-station", "loa-web")
SECONDS = 120


def present() -> bool:
    """Whether systemd runs here and knows our template units."""
    if shutil.which("systemctl") is None:
        return False
    asked = ["systemctl", "cat", *(f"{unit}@.service" for unit in UNITS)]
    return subprocess.run(asked, capture_output=True, check=False, timeout=SECONDS).returncode == 0  # noqa: S603


def tell(cell: Cell, *verb: str) -> bool:
    """``systemctl VERB`` of both; False where there is no systemd, and a person does it. Raises Unavailable."""
    if not present():
        return False
    said = _run(["systemctl", *verb, *(f"{unit}@{cell.name}.service" for unit in UNITS)])
    if said.returncode:
        raise Unavailable("cells.service_refused", name=cell.name, cause=_last(said.stderr))
    return True


def program(cell: Cell, *arguments: str) -> None:
    """Have the cell's own program do it, as the account its services run as. Raises Unavailable."""
    command = [str(cell.program / "bin" / "loa"), *arguments, "--config", str(cell.file)]
    if owner() is not None:
        command = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", *command]
    said = _run(command)
    if said.returncode:
        raise Unavailable("cells.program_refused", name=cell.name, cause=_last(said.stderr))


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LOA_")}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # our own


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["?"])[-1][:300]
