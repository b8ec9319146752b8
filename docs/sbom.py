"""Make the list of packages fit to be kept: reads CycloneDX as JSON, writes it without addresses.

`make sbom` pipes through this. Where a package comes from is each machine's own affair; its name, version, licence and
package URL say what it is.
"""

import json
import sys
from typing import Any

#: Licences that a package names only in its own words, in its file LICENSE.
LICENCES = {"protobuf": "BSD-3-Clause"}


def without_addresses(bom: dict[str, Any]) -> dict[str, Any]:
    """Return the list with its components in order and their licences, without the web addresses of their metadata."""
    components = [
        {key: value for key, value in component.items() if key not in ("externalReferences", "description")}
        | _licence(component)
        for component in bom["components"]
    ]
    kept = {key: value for key, value in bom.items() if key not in ("metadata", "$schema")}
    return kept | {"components": sorted(components, key=lambda each: str(each["purl"]))}


def _licence(component: dict[str, Any]) -> dict[str, Any]:
    """Return the licence of a component that the tool found none for; empty if it found one."""
    name = component["name"]
    if component.get("licenses") or name not in LICENCES:
        return {}
    return {"licenses": [{"license": {"id": LICENCES[name], "acknowledgement": "declared"}}]}


if __name__ == "__main__":
    json.dump(without_addresses(json.load(sys.stdin)), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
