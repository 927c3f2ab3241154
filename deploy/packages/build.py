"""Debian packages of station and node from the pinned wheels: ``make packages``.

A package holds wheels, not an environment: it is made on the machine it is installed on, without any network, for the
Python that Debian has there. So one file serves Debian 12 and 13 and Raspberry Pi OS of its architecture.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
PYTHONS = ("3.11", "3.13")
"""Of Debian 12 and 13, and of Raspberry Pi OS of the same numbers."""
GLIBC_MINOR = 36
"""Of Debian 12."""
OURS = ("loa", "broadcaster", "scheduler", "web", "speaker_node")
DEPENDS = {
    "station": "adduser, python3 (>= 3.11), python3-venv",
    "node": "adduser, python3 (>= 3.11), python3-venv, libasound2 | libasound2t64",
}
RECOMMENDS = {"station": "mosquitto, chrony", "node": "chrony"}
ABOUT = {"station": "station and console of a village loudspeaker system", "node": "one loudspeaker node"}
SCRIPTS = ("postinst", "prerm", "postrm")
SOURCES = ("http-ece",)
"""Pinned packages whose makers publish sources alone: Python and nothing else, built here."""
PIP = (sys.executable, "-m", "pip")
QUIET = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps")


@dataclass(frozen=True, slots=True)
class Package:
    """part: ``station`` or ``node``; arch: Debian's name; version: of the package; pythons: it has wheels for."""

    part: str
    arch: str
    version: str
    pythons: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"loa-{self.part}"

    @property
    def home(self) -> str:
        """Where it lives on the machine, without the first slash."""
        return f"opt/{self.name}"

    def filled(self, text: str) -> str:
        """A script or unit of ours for this package."""
        return text.replace("@PART@", self.part).replace("@VERSION@", self.version)


def main(argv: Sequence[str]) -> int:
    """Writes the packages and prints their paths."""
    parser = argparse.ArgumentParser(prog="build.py", description="Đóng gói .deb từ các wheel đã ghim.")
    parser.add_argument("--arch", action="append", choices=list(MACHINES), help="mặc định amd64; lặp lại được")
    parser.add_argument("--part", action="append", choices=list(DEPENDS), help="mặc định cả hai")
    parser.add_argument("--python", action="append", help="mặc định 3.11 và 3.13")
    parser.add_argument("--version", default="", help="mặc định lấy từ pyproject.toml")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "packages")
    chosen = parser.parse_args(argv)
    version = chosen.version or tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    chosen.output.mkdir(parents=True, exist_ok=True)
    for arch in chosen.arch or ["amd64"]:
        for part in chosen.part or list(DEPENDS):
            made = Package(part, arch, version, tuple(chosen.python or PYTHONS))
            sys.stdout.write(f"{build(made, chosen.output)}\n")
    return 0


def build(package: Package, output: Path) -> Path:
    """The ``.deb``. Raises CalledProcessError when a wheel is missing or dpkg-deb fails."""
    tree = output / f"{package.name}_{package.arch}"
    shutil.rmtree(tree, ignore_errors=True)
    home = tree / package.home
    (home / "wheels").mkdir(parents=True)
    pinned = (ROOT / "requirements" / f"{package.part}.txt").read_text("utf-8")
    fetch_wheels(package, pinned, home / "wheels", work=output)
    built = build_sources(pinned, home / "wheels", work=output)
    (home / "requirements.txt").write_text(with_hashes(pinned, built), "utf-8")
    own_wheel(home / "wheels", work=output / "source")
    lay_out(package, tree)
    made = output / f"{package.name}_{package.version}_{package.arch}.deb"
    # wheels are compressed already
    run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(made)])
    shutil.rmtree(tree)
    return made


def fetch_wheels(package: Package, pinned: str, wheels: Path, *, work: Path) -> None:
    """Of every Python the package is for; pip compares each with its hash."""
    for python in package.pythons:
        wanted = work / f"{package.part}-{python}.txt"
        lines = for_python(pinned, python, MACHINES[package.arch])
        wanted.write_text("".join(f"{each}\n" for each in lines if named(each) not in SOURCES), "utf-8")
        platforms = [f"--platform={each}" for each in platforms_of(MACHINES[package.arch])]
        run(
            [
                *PIP, "download", *QUIET, "--only-binary=:all:", "--require-hashes", "--implementation=cp",
                f"--python-version={python}", *platforms, f"--dest={wheels}", "-r", str(wanted),
            ]
        )  # fmt: skip
        wanted.unlink()


def build_sources(pinned: str, wheels: Path, *, work: Path) -> dict[str, str]:
    """By name, the hash of the wheel that was made of pinned sources; it runs on every machine. Raises ValueError else,
    CalledProcessError when one cannot be built."""
    lines = [each for each in for_python(pinned, PYTHONS[0], MACHINES["amd64"]) if named(each) in SOURCES]
    if not lines:
        return {}
    wanted, made = work / "sources.txt", work / "sources"
    wanted.write_text("".join(f"{each}\n" for each in lines), "utf-8")
    run([*PIP, "wheel", *QUIET, "--no-build-isolation", "--require-hashes", f"--wheel-dir={made}", "-r", str(wanted)])
    found = {}
    for wheel in sorted(made.glob("*.whl")):
        if not wheel.name.endswith("-none-any.whl"):
            raise ValueError(f"{wheel.name} is for one kind of machine only")
        found[wheel.name.split("-")[0].replace("_", "-").lower()] = hashlib.sha256(wheel.read_bytes()).hexdigest()
        wheel.replace(wheels / wheel.name)
    shutil.rmtree(made)
    wanted.unlink()
    return found


def with_hashes(pinned: str, built: Mapping[str, str]) -> str:
    """The pinned requirements, with what was built here pinned by its own hash as well."""
    return re.sub(
        r"^([A-Za-z0-9._-]+)==\S+ .*\\\n",
        lambda found: found[0] + (f"    --hash=sha256:{built[found[1]]} \\\n" if found[1] in built else ""),
        pinned,
        flags=re.MULTILINE,
    )


def named(requirement: str) -> str:
    """The package of a line."""
    return re.split(r"[=<>!~\s\[]", requirement, maxsplit=1)[0]


def platforms_of(machine: str) -> Iterator[str]:
    """Wheels that run on Debian 12 and later."""
    yield from (f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC_MINOR, 16, -1))
    yield f"manylinux2014_{machine}"
    yield f"manylinux1_{machine}"


def for_python(pinned: str, python: str, machine: str) -> Iterator[str]:
    """The requirements that hold for it, each with its hashes: pip judges markers by the Python it runs in."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "extra": "",
    }
    for entry in re.sub(r"\\\n\s*", " ", pinned).splitlines():
        text = entry.split("#", 1)[0].strip() if not entry.strip().startswith("#") else ""
        if not text:
            continue
        named, *hashes = re.split(r"\s+(?=--hash=)", text)
        requirement = Requirement(named)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield " ".join([f"{requirement.name}{requirement.specifier}", *hashes])


def own_wheel(wheels: Path, *, work: Path) -> None:
    """This program, built from a copy: setuptools would take what an earlier build left behind."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in OURS:
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, work / name)
    run([*PIP, "wheel", *QUIET, "--no-build-isolation", f"--wheel-dir={wheels}", str(work)])
    shutil.rmtree(work)


def lay_out(package: Package, tree: Path) -> None:
    """Everything beside the wheels."""
    for name in SCRIPTS:
        put(tree / "DEBIAN" / name, package.filled((HERE / "scripts" / name).read_text("utf-8")), 0o755)
    put(tree / package.home / "make-venv", package.filled((HERE / "scripts" / "make-venv").read_text("utf-8")), 0o755)
    documents = tree / "usr/share/doc" / package.name
    put(documents / "copyright", (ROOT / "LICENSE").read_text("utf-8"))
    if package.part == "node":
        put(tree / "usr/bin/loa-node", '#!/bin/sh\nexec /opt/loa-node/venv/bin/loa node "$@"\n', 0o755)
    else:
        lay_out_station(tree, documents)
    put(tree / "DEBIAN" / "control", control(package, installed_kilobytes(tree)))


def lay_out_station(tree: Path, documents: Path) -> None:
    """Units, the command and the settings to begin with."""
    start = (
        '#!/bin/sh\nexport LOA_CONFIG="${LOA_CONFIG:-/etc/loa/config.yaml}"\nexec /opt/loa-station/venv/bin/loa "$@"\n'
    )
    put(tree / "usr/bin/loa", start, 0o755)
    for unit in sorted((ROOT / "deploy" / "systemd").glob("*.service")):
        text = unit.read_text("utf-8").replace("/opt/loa/.venv/bin/loa", "/opt/loa-station/venv/bin/loa")
        put(tree / "usr/lib/systemd/system" / unit.name, text)
    for drop_in in sorted((ROOT / "deploy" / "systemd").glob("*.d/*")):
        put(tree / "usr/lib/systemd/system" / drop_in.parent.name / drop_in.name, drop_in.read_text("utf-8"))
    put(documents / "config.yaml", (ROOT / "config.yaml").read_text("utf-8"))
    put(documents / "Caddyfile", (ROOT / "deploy" / "Caddyfile").read_text("utf-8"))
    put(tree / "usr/share/loa-station/config.yaml", (HERE / "config.yaml").read_text("utf-8"))


def control(package: Package, kilobytes: int) -> str:
    """Debian's description of it."""
    lines = {
        "Package": package.name,
        "Version": package.version,
        "Architecture": package.arch,
        "Maintainer": "Loa Lang <loa-lang@localhost>",
        "Installed-Size": str(kilobytes),
        "Depends": DEPENDS[package.part],
        "Recommends": RECOMMENDS[package.part],
        "Section": "misc",
        "Priority": "optional",
        "Description": f"Loa Lang: {ABOUT[package.part]}",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def installed_kilobytes(tree: Path) -> int:
    """Of what is shipped."""
    return sum(path.stat().st_size for path in tree.rglob("*") if path.is_file()) // 1024


def put(path: Path, text: str, mode: int = 0o644) -> None:
    """Written with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)


def run(command: Sequence[str]) -> None:
    """Raises CalledProcessError."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - written out above


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
