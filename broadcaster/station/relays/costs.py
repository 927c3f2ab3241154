"""What relaying costs a node's link in a month. Pure."""

KILOBYTES_A_MINUTE = 150
"""Of a clip of music and speech at 20 kbit/s, as it travels in chunks (measured: 145 to 150)."""
LIVE_KILOBYTES_A_MINUTE = 200
"""Of live packets of 400 ms with signatures and everything around them: 25 to 27 kbit/s."""


def month_megabytes(*, minutes: int, times: int, live: bool = False) -> int:
    """``times``: how often in thirty days; ``live``: aired while it comes. Rounded up."""
    return -(-minutes * times * (LIVE_KILOBYTES_A_MINUTE if live else KILOBYTES_A_MINUTE) // 1000)
