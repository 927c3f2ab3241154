"""Writes the software bill of materials: everything a station and a node install, as CycloneDX 1.6 in JSON.

Usage: python -m requirements.sbom [FILE]. Without FILE it is build/sbom.cdx.json. The same pins give the same file.
"""

import sys
import tomllib
import uuid
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from requirements import pins
from requirements.pins import Pin

SHIPPED = ("node.txt", "station.txt")
"""What runs in a commune; tools of the workshop are not delivered."""
ROOT = Path(__file__).parents[1]


def bill(root: Path = ROOT) -> str:
    """The document."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shipped = {(pin.name, pin.version): pin for file in SHIPPED for pin in pins.read(root / "requirements" / file)}
    bom = Bom(components=[_component(shipped[key]) for key in sorted(shipped)])
    itself = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION, bom_ref=project["name"]
    )
    bom.metadata.component = itself
    bom.register_dependency(itself, bom.components)
    written = " ".join(f"{name}=={version}" for name, version in sorted(shipped))
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{project['name']} {project['version']} {written}")
    bom.metadata.timestamp = None  # type: ignore[assignment]  # the same pins, the same file
    return JsonV1Dot6(bom).output_as_string(indent=2)


def _component(pin: Pin) -> Component:
    purl = PackageURL("pypi", name=pin.name, version=pin.version)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes[:1]]
    return Component(
        name=pin.name, version=pin.version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl), hashes=hashes
    )


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else ROOT / "build" / "sbom.cdx.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bill() + "\n", encoding="utf-8")
    print(f"SBOM (CycloneDX 1.6): {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
