"""Metal costs no cloud's SDK. A fleet of metal alone cannot be planned: its hosts are reached through two clouds' gateways."""

import json
import os
import subprocess
import sys

import pytest

from fleet.plan import plan
from fleet.problems import FleetError
from tests.support.samples import ROOT, changed, four_providers

PROGRAM = """
import json, sys
from collections import defaultdict
from dataclasses import replace
import pulumi
from fleet.plan import plan
from ops.recording.clouds import Clouds
from ops.recording.run import run
from components.guard import Guard
from components.registry import build_sites
from components.state import PresentState
from tests.support.samples import four_providers

planned = plan(four_providers(), "testnet")
kept = replace(planned, sites=tuple(site for site in planned.sites if site.provider in sys.argv[1:]))

def program():
    addresses = defaultdict(lambda: pulumi.Output.from_input("198.18.0.9"))
    for site in build_sites(kept, Guard(kept, PresentState())):
        site.furnish(kept, addresses)

recording = run(program, {}, "testnet", Clouds(preview=False, previous_outputs={}))
sdks = sorted(name for name in sys.modules if name.startswith("pulumi_") and "." not in name)
print(json.dumps({"types": [one.type for one in recording.resources], "sdks": sdks}))
"""


def built(provider: str) -> dict[str, list[str]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", PROGRAM, provider]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_metal_sites_of_a_plan_are_built_without_any_sdk() -> None:
    assert built("baremetal") == {"types": ["redoubt:baremetal:Site"], "sdks": []}


def test_the_check_sees_an_sdk_where_one_is_imported() -> None:
    """Else the test above would hold whatever happens."""
    assert built("digitalocean")["sdks"] == ["pulumi_digitalocean"]


def test_a_fleet_of_metal_alone_is_refused_since_nobody_could_reach_it() -> None:
    alone = changed(four_providers(), lambda c: c.update(sites=[one for one in c["sites"] if "hosts" in one]))
    with pytest.raises(FleetError, match="jump_sites: does not name two cloud sites"):
        plan(alone, "testnet")
