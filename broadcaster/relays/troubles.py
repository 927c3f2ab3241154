"""Why a stream cannot be relayed: one code with facts, made a sentence where a person sees it."""

from broadcaster.refusals.reasons import Reason


class StreamTrouble(Exception):
    """A stream gives no sound, or no more of it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.reason = Reason(code, **facts)
