"""The operator's keys: one file for each provider in ``data_dir/voice-keys``, which only its owner may read.

A file holds the key alone on one line, or lines ``name: value`` (``key``, ``app_id``, ``region``). Keys reach no log,
no error and no page.
"""

import os
import re
import stat
from pathlib import Path

from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.speech.online.providers import Provider

FOLDER = "voice-keys"
_LINE = re.compile(r"^(key|app_id|region)\s*[:=]\s*(\S+)$")
_VALUE = re.compile(r"^[\x21-\x7e]{1,2000}\Z")
_REGION = re.compile(r"^[a-z0-9-]{2,40}\Z")


class KeyRing:
    """Reads a key whenever it is needed: a new one works at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def missing(self, provider: Provider) -> Reason | None:
        """None when the provider can be asked, else what is wrong with its key."""
        try:
            values = self.values(provider)
        except Invalid as error:
            return error.reason
        return None if values else Reason("online_voice.no_key", provider=provider.title)

    def values(self, provider: Provider) -> dict[str, str]:
        """``key`` and whatever else the provider wants; empty when there is no file. Raises Invalid."""
        path = self._folder / provider.name
        try:
            mode = path.stat().st_mode
            lines = path.read_text(encoding="utf-8").split("\n")
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid("online_voice.key_unreadable", provider=provider.title) from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Invalid("online_voice.key_exposed", provider=provider.title, file=f"{FOLDER}/{provider.name}")
        return _checked(_parsed(lines), provider)

    def write(self, provider: Provider, values: dict[str, str]) -> None:
        """Replace the provider's key. Raises Invalid for what cannot be one."""
        wanted = _checked({name: each.strip() for name, each in values.items() if each.strip()}, provider)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._folder / f".{provider.name}.{os.getpid()}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name}: {value}\n" for name, value in wanted.items())
        part.replace(self._folder / provider.name)

    def remove(self, provider: Provider) -> None:
        (self._folder / provider.name).unlink(missing_ok=True)


def _parsed(lines: list[str]) -> dict[str, str]:
    written = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    named = {match[1]: match[2] for line in written if (match := _LINE.match(line))}
    return named or ({"key": written[0]} if len(written) == 1 else {"key": ""})


def _checked(values: dict[str, str], provider: Provider) -> dict[str, str]:
    wanted = ("key", *provider.more_keys)
    for name in wanted:
        shape = _REGION if name == "region" else _VALUE
        if not shape.match(values.get(name, "")):
            raise Invalid("online_voice.key_malformed", provider=provider.title, part=name, field=name)
    return {name: values[name] for name in wanted}
