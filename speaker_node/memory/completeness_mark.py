"""A mark beside a ledger that says: this is the whole memory."""

from contextlib import suppress
from pathlib import Path

from speaker_node.memory.durable_files import sync_folder


class CompletenessMark:
    """Of the ledger at this path. A full card takes no new mark, but gives one up.

    file: where it stands.
    """

    def __init__(self, ledger: Path) -> None:
        self.file = ledger.with_suffix(".whole")

    @property
    def present(self) -> bool:
        """Nothing that matters has been entered anywhere else."""
        return self.file.exists()

    def put(self) -> None:
        """Put it there. A place that takes no new file makes the next run careful, which is right."""
        with suppress(OSError):
            self.file.touch()
            sync_folder(self.file.parent)

    def remove(self) -> bool:
        """Take it away; whether it was there and is gone.

        From a card on which that fails no earlier run could take it either: there it tells nothing.
        """
        try:
            self.file.unlink()
            sync_folder(self.file.parent)
        except OSError:
            return False
        return True
