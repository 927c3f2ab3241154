"""A wheel with what a node runs and nothing else, for updates over the air: some 150 kB in place of the whole house.

    python deploy/packages/node_wheel.py --output build/packages

Made of the source tree with the standard library; the same tree always gives the same bytes.
"""

import argparse
import base64
import hashlib
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("speaker_node", "broadcaster/protocol")
ALONE = ("broadcaster/__init__.py",)
WRITTEN = (2026, 1, 1, 0, 0, 0)
"""Date of every file in it: of no meaning, and always the same."""


def main(argv: Sequence[str]) -> int:
    """Writes the wheel and prints its path."""
    parser = argparse.ArgumentParser(prog="node_wheel.py", description="Gói cập nhật cụm loa.")
    parser.add_argument("--version", default="", help="mặc định lấy từ pyproject.toml")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "packages")
    chosen = parser.parse_args(argv)
    version = chosen.version or tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    chosen.output.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{write(chosen.output, version, sources())}\n")
    return 0


def sources() -> dict[str, bytes]:
    """Every file of the node's program by its path in the wheel."""
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in _files()}


def write(folder: Path, version: str, files: Mapping[str, bytes]) -> Path:
    """``loa_lang-<version>-py3-none-any.whl`` of these files."""
    info = f"loa_lang-{version}.dist-info"
    whole = dict(sorted(files.items())) | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: loa-lang\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: node_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in whole.items())
    whole[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    made = folder / f"loa_lang-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in whole.items():
            each = zipfile.ZipInfo(name, WRITTEN)
            each.compress_type = zipfile.ZIP_DEFLATED
            each.external_attr = 0o644 << 16
            archive.writestr(each, content)
    return made


def _files() -> Iterator[Path]:
    for part in PARTS:
        yield from (path for path in (ROOT / part).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    yield from (ROOT / each for each in ALONE)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
