"""Make the list of packages fit to be kept: reads CycloneDX as JSON, writes it without addresses.

`make sbom` pipes through this. Where a package comes from is each machine's own affair; its name, version, licence and
package URL say what it is.
"""

import json
import sys
from typing import Any


def without_addresses(bom: dict[str, Any]) -> dict[str, Any]:
    """Return the list with its components in order, each without the web addresses of its metadata."""
    components = [
        {key: value for key, value in component.items() if key not in ("externalReferences", "description")}
        for component in bom["components"]
    ]
    kept = {key: value for key, value in bom.items() if key not in ("metadata", "$schema")}
    return kept | {"components": sorted(components, key=lambda each: str(each["purl"]))}


if __name__ == "__main__":
    json.dump(without_addresses(json.load(sys.stdin)), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
