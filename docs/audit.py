"""Run pip-audit over what runs, with every extra, and say plainly when its database cannot be reached: `make audit`."""

import subprocess
import sys
from collections.abc import Sequence

#: How pip-audit speaks of a database that does not answer.
UNREACHABLE = ("ConnectionError", "ConnectTimeout", "Max retries exceeded", "ServiceError", "SSLError", "HTTPError")

#: How it speaks of a package that its database does not answer for; it then ends well, as if there were no weakness.
UNKNOWN = "could not be audited"


def audit(program: str, requirements: Sequence[str] = ("requirements/otel.txt", "requirements/mcp.txt")) -> int:
    """Return 0 when no weakness is known, 1 when one is, and 3 when nothing could be looked up."""
    command = [program, "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    command += [f"--requirement={each}" for each in requirements]
    looked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  a program of ours
    if looked.returncode and any(sign in looked.stderr for sign in UNREACHABLE):
        sys.stderr.write("The database of known weaknesses cannot be reached from here, so nothing was checked." + "\n")
        return 3
    sys.stdout.write(looked.stdout + looked.stderr)
    if skipped := looked.stdout.count(UNKNOWN):
        sys.stderr.write(f"{skipped} packages could not be looked up from here, so nothing is known of them." + "\n")
        return looked.returncode or 3
    return looked.returncode


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1]))
