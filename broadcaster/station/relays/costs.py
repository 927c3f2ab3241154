"""What relaying costs a node's link in a month. Pure."""

KILOBYTES_A_MINUTE = 150
"""Of a clip of music and speech at 20 kbit/s, as it travels in chunks (measured: 145 to 150)."""


def month_megabytes(*, minutes: int, times: int) -> int:
    """``times``: how often in thirty days; rounded up."""
    return -(-minutes * times * KILOBYTES_A_MINUTE // 1000)
