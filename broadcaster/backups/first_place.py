"""The first place of backups, chosen while a station is set up."""

from pathlib import Path

from broadcaster import chosen_settings
from broadcaster.config import Config
from broadcaster.errors import Invalid, Unavailable


def choose(config: Config, place: str) -> None:
    """From now on backups go there; an empty place means none. Raises Invalid, Unavailable."""
    wanted = place.strip()
    if wanted and not wanted.startswith(("/", "file:///", "sftp://")):
        raise Invalid("setup.place_not_absolute", field="backups", place=wanted)
    folder = Path(wanted.removeprefix("file://"))
    if wanted and not wanted.startswith("sftp://") and not folder.is_dir():
        raise Invalid("setup.place_missing", field="backups", place=folder)
    try:
        chosen_settings.write(config.data_dir, {"backup": {"places": [wanted] if wanted else []}})
    except OSError as error:
        raise Unavailable("backup.not_written", path=config.data_dir, cause=error.strerror) from None
