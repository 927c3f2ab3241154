"""The bill of materials names everything that is pinned for a commune, and is the same for the same pins."""

import json

from requirements import pins, sbom


def test_everything_shipped_is_in_it_with_a_hash() -> None:
    made = json.loads(sbom.bill())
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    named = {(each["name"], each["version"]) for each in made["components"]}
    assert named == {(pin.name, pin.version) for file in sbom.SHIPPED for pin in pins.read(pins.FOLDER / file)}
    assert all(each["hashes"] and each["purl"].startswith("pkg:pypi/") for each in made["components"])
    assert made["metadata"]["component"]["name"] == "loa-lang"


def test_the_same_pins_give_the_same_file() -> None:
    assert sbom.bill() == sbom.bill()
