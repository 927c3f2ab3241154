"""What keeps a node from running a program it was offered."""

from broadcaster.protocol.release import ReleaseFailure


class ReleaseRefused(Exception):
    """Why it does not run it; the station has the sentence.

    lasting: the version will not be tried again; else the reason is the node's own and may pass.
    """

    def __init__(self, code: ReleaseFailure, *, lasting: bool = True) -> None:
        super().__init__(code.value)
        self.code = code
        self.lasting = lasting
