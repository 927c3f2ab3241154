"""``loa backup FILE`` and ``loa restore FILE``."""

import argparse
import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from broadcaster import config as configuration
from broadcaster.commands.context import guarded, parser, say
from broadcaster.config import Config
from broadcaster.errors import Conflict
from broadcaster.station.upkeep import backups


def backup(argv: Sequence[str]) -> int:
    """While the station runs or not."""
    arguments = _arguments("backup", "Ghi dữ liệu, khóa và tệp phát vào một tệp (bí mật).", argv)
    return guarded(lambda: _backup(arguments))


def restore(argv: Sequence[str]) -> int:
    """Only while the station stands still."""
    arguments = _arguments("restore", "Khôi phục từ một bản sao lưu. Hãy dừng đài trước.", argv)
    return guarded(lambda: _restore(arguments))


def _arguments(command: str, description: str, argv: Sequence[str]) -> argparse.Namespace:
    made = parser(command, description)
    made.add_argument("file", type=Path)
    made.add_argument("--force", action="store_true", help="ghi đè cái đang có")
    return made.parse_args(argv)


def _backup(arguments: argparse.Namespace) -> None:
    config = configuration.load(arguments.config)
    count = backups.backup(config, arguments.file, force=arguments.force)
    say(f"Đã sao lưu vào {arguments.file} (dữ liệu, khóa, {count} tệp phát). Tệp này là bí mật, hãy cất kỹ.")


def _restore(arguments: argparse.Namespace) -> None:
    config = configuration.load(arguments.config)
    with _standing_still(config):
        aside = backups.restore(config, arguments.file, force=arguments.force, now_at=datetime.now(UTC))
    say(f"Đã khôi phục từ {arguments.file} vào {config.data_dir}.")
    if aside is not None:
        say(f"Dữ liệu cũ được cất ở {aside}.")


@contextmanager
def _standing_still(config: Config) -> Iterator[None]:
    """Hold what a running station holds. Raises Conflict when it runs."""
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (config.data_dir / "in-use.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict("backup.station_running") from None
        yield
