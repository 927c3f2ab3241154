"""``loa node first-boot``: a card that was just written becomes a node, by one text file on the part of it that every
computer can write.

The file has lines ``name = value``: ``code``, ``wifi`` and ``wifi_password``, ``apn``, ``apn_user`` and
``apn_password``, ``country``. Afterwards code and passwords are out of it: whoever pulls the card learns none.
"""

import os
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from speaker_node.errors import SettingsRefused
from speaker_node.memory.durable_files import write_durably

Run = Callable[[Sequence[str]], None]
LONGEST_BYTES = 10_000
SECRETS = ("code", "wifi_password", "apn_password")
DONE = "# done: "
_LINE = re.compile(r"\s*([A-Za-z_]+)\s*[=:]\s*(.*?)\s*\Z")
_SAFE = re.compile(r"[^\x00-\x1f\x7f]*\Z")
_NAMESPACE = uuid.UUID("6f9a2f0e-6c1b-5f0a-9f0e-9a7f1c5b2d11")


@dataclass(frozen=True, slots=True)
class FirstBoot:
    """What the file says.

    code: of ``loa nodes add --code``. wifi, wifi_password: of the network; empty for a cable. apn, apn_user,
    apn_password: of a mobile modem; empty for none. country: two letters, which channels Wi-Fi may use.
    """

    code: str
    wifi: str = ""
    wifi_password: str = field(default="", repr=False)
    apn: str = ""
    apn_user: str = ""
    apn_password: str = field(default="", repr=False)
    country: str = "VN"


def read(path: Path) -> FirstBoot:
    """Written on any computer: a byte order mark, Windows' line ends and capitals are all right.

    Raises SettingsRefused, which names the line.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SettingsRefused("first_boot.unreadable", path=path, error=error.strerror or error) from None
    text = _decoded(raw[:LONGEST_BYTES])
    known = {each.name for each in fields(FirstBoot)}
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        parts = _LINE.match(line)
        if parts is None or parts[1].lower() not in known or not _SAFE.match(parts[2]):
            raise SettingsRefused("first_boot.line_wrong", path=path, line=number, known=", ".join(sorted(known)))
        found[parts[1].lower()] = _unquoted(parts[2])
    if not found.get("code"):
        raise SettingsRefused("first_boot.no_code", path=path)
    _check(found, path)
    return FirstBoot(**found)


def connections(wanted: FirstBoot) -> Iterator[tuple[str, str]]:
    """Names and contents of what NetworkManager shall know; a cable needs nothing."""
    if wanted.wifi:
        security = f"\n[wifi-security]\nkey-mgmt=wpa-psk\npsk={_value(wanted.wifi_password)}\n"
        ssid = ";".join(str(each) for each in wanted.wifi.encode()) + ";"  # bytes: a name may hold anything
        yield (
            "loa-wifi.nmconnection",
            f"[connection]\nid=loa-wifi\nuuid={_uuid('wifi')}\ntype=wifi\nautoconnect-retries=0\n\n"
            f"[wifi]\nmode=infrastructure\nssid={ssid}\n{security if wanted.wifi_password else ''}",
        )
    if wanted.apn:
        login = f"username={_value(wanted.apn_user)}\n" if wanted.apn_user else ""
        login += f"password={_value(wanted.apn_password)}\n" if wanted.apn_password else ""
        yield (
            "loa-mobile.nmconnection",
            f"[connection]\nid=loa-mobile\nuuid={_uuid('mobile')}\ntype=gsm\nautoconnect-retries=0\n\n"
            f"[gsm]\napn={_value(wanted.apn)}\n{login}\n[ipv4]\nmethod=auto\nroute-metric=700\n",
        )


def connect(wanted: FirstBoot, folder: Path, *, run: Run) -> None:
    """Have NetworkManager use them. Again is harmless. Raises OSError, CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = False
    for name, content in connections(wanted):
        write_durably(folder / name, content.encode(), mode=0o600)
        written = True
    if wanted.wifi:
        run(["iw", "reg", "set", wanted.country])
        run(["rfkill", "unblock", "wifi"])
    if written:
        run(["nmcli", "connection", "reload"])


def forget(path: Path) -> None:
    """Take code and passwords out of the file; the rest stays for the next person to read. Raises OSError."""
    lines = _decoded(path.read_bytes()[:LONGEST_BYTES]).splitlines()
    left = [
        f"{DONE}{parts[1]}" if (parts := _LINE.match(each)) and parts[1].lower() in SECRETS else each for each in lines
    ]
    write_durably(path, ("\r\n".join(left) + "\r\n").encode(), mode=0o600)


def run_quietly(command: Sequence[str]) -> None:
    """A tool that this machine may lack: a node on a cable needs none of them."""
    try:
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, timeout=30)  # noqa: S603 - written out above
    except (OSError, subprocess.TimeoutExpired):
        os.sync()


def _check(found: dict[str, str], path: Path) -> None:
    password = found.get("wifi_password", "")
    if password and not 8 <= len(password.encode()) <= 63:
        raise SettingsRefused("first_boot.wifi_password_length", path=path)
    if len(found.get("wifi", "").encode()) > 32:
        raise SettingsRefused("first_boot.wifi_too_long", path=path)
    if not re.fullmatch(r"[A-Z]{2}", found.setdefault("country", "VN").upper()):
        raise SettingsRefused("first_boot.country_wrong", path=path)
    found["country"] = found["country"].upper()


def _decoded(raw: bytes) -> str:
    """Notepad writes UTF-8 with a mark, or UTF-16."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return raw.decode("utf-8-sig", "replace")


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _value(text: str) -> str:
    """As a key file of GLib keeps it: backslashes doubled, and a space in front kept."""
    escaped = text.replace("\\", "\\\\")
    return "\\s" + escaped[1:] if escaped.startswith(" ") else escaped


def _uuid(name: str) -> uuid.UUID:
    """The same each time, so that a second first boot replaces what the first wrote."""
    return uuid.uuid5(_NAMESPACE, name)
