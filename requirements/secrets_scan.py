"""Looks for secrets in every file that git keeps: keys and tokens by their shape (detect-secrets), and our own kinds.

Usage: python -m requirements.secrets_scan [FOLDER]. Ends with 1 and names file and line when one is found. A line that
must look like a secret, in a test, says ``pragma: allowlist secret``.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from detect_secrets.core.plugins.initialize import from_secret_type
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector

ROOT = Path(__file__).parents[1]
GUESSES = frozenset(("Basic Auth Credentials", "IBM COS HMAC Credentials", "Public IP (ipv4)", "Secret Keyword"))
"""Detectors left out: examples of addresses, and words beside names, are no shapes; nor is randomness."""
OURS = (
    ("API token of a station", re.compile(r"\bloa_[A-Za-z0-9_-]{40,}")),
    ("seed of a station or node", re.compile(r"""["']seed["']\s*:\s*["'][0-9a-f]{64}["']""")),
)
ALLOWED = "pragma: allowlist secret"
BINARY = (".png", ".jpg", ".ogg", ".m4a", ".mp3", ".wav", ".pdf", ".docx", ".xlsx", ".woff2", ".onnx", ".gz", ".zip")


def tracked_files(root: Path) -> list[Path]:
    """Every text file that git knows there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout  # noqa: S607
    names = [name for name in listed.decode().split("\0") if name and not name.endswith(BINARY)]
    return [root / name for name in names if (root / name).is_file()]


def shapes() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Kinds of secrets and how they look."""
    for kind, detector in get_mapping_from_secret_type_to_class().items():
        if issubclass(detector, RegexBasedDetector) and kind not in GUESSES:
            yield from ((kind, shape) for shape in from_secret_type(kind).denylist)
    yield from OURS


def found(path: Path, known: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[int, str]]:
    """Line and kind of every secret in the file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for kind, shape in known:
        for match in shape.finditer(text):
            number = text.count("\n", 0, match.start()) + 1
            if ALLOWED not in text.splitlines()[number - 1]:
                yield number, kind


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else ROOT
    files, known, count = tracked_files(root), list(shapes()), 0
    for path in files:
        for line, kind in found(path, known):
            count += 1
            print(f"{path.relative_to(root)}:{line}: {kind}")
    print(f"Secrets: {count} found in {len(files)} files.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
