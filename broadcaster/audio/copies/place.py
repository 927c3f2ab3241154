"""Where the copy of a clip lies; apart from what makes it, so that who only serves it loads no sound library."""

from pathlib import Path


def beside(clip: Path) -> Path:
    """The M4A of a clip, if it was made."""
    return clip.with_suffix(".m4a")
