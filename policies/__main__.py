"""What the engine starts: the pack as a server. `pulumi preview --policy-pack policies` does."""

import sys
from datetime import UTC, datetime
from pathlib import Path

# The engine runs this folder as a program, so the repository is not on the path yet.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pulumi_policy import PolicyPack

from policies import waivers
from policies.catalogue import RULES
from policies.pack import Pack

if __name__ == "__main__":
    PolicyPack(
        name="redoubt",
        policies=Pack(RULES, waivers.FILE.read_text(), datetime.now(tz=UTC).date()).policies(),
    )
