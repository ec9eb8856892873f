"""An upgrade of the SDKs under the real engine: a fleet made with older ones stays as it is under the pinned ones."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ops.rehearsal import Rehearsal
from ops.upgrade_check import preview, steps
from ops.upgrade_check.shown import details
from tests.support.samples import shrink
from toolchain import sdks
from toolchain.console import Console
from toolchain.layout import REPOSITORY

pytestmark = pytest.mark.timeout(900)  # the older environment may have to be downloaded

STACK = "testnet"
CLOUDS = {"pulumi:providers:aws", "pulumi:providers:digitalocean", "pulumi:providers:gcp"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("upgrade")


@pytest.fixture(scope="module")
def step(folder: Path) -> steps.Step:
    return steps.take(STACK, steps.older(Console()), steps.pinned(), folder, edit=shrink)


def test_a_fleet_of_older_sdks_is_kept_by_the_pinned_ones(step: steps.Step) -> None:
    assert step.keeps, "\n".join(details(step))
    assert step.preview.counts["same"] > 50
    assert step.preview.counts["create"] == 0
    # A provider's version is an input of the provider: it is all that an upgrade changes.
    assert {(change.type, change.properties) for change in step.preview.changes} == {
        (one, ("version",)) for one in CLOUDS
    }


def test_the_fleet_was_made_with_the_older_sdks(step: steps.Step, folder: Path) -> None:
    """Else the test above would compare the pinned ones with themselves."""
    resources = Rehearsal(folder / "rehearsal", STACK, edit=shrink).export()["deployment"]["resources"]
    made = {one["type"].rpartition(":")[2]: one["inputs"]["version"] for one in resources if one["type"] in CLOUDS}
    assert made == {name: step.before.versions[f"pulumi-{name}"] for name in made}
    assert step.before.versions.keys() == step.after.versions.keys()
    differing = sdks.differing(step.before.versions, step.after.versions)
    assert {"pulumi", "pulumi-aws", "pulumi-digitalocean", "pulumi-gcp"} <= differing.keys()


def test_the_older_environment_holds_what_its_file_names(step: steps.Step) -> None:
    site = next(step.before.folder.glob("lib/python3*/site-packages"))
    for name, version in step.before.versions.items():
        assert (site / f"{name.replace('-', '_')}-{version}.dist-info").is_dir()
    assert step.before.folder.is_relative_to(REPOSITORY.made)


def test_every_replacement_is_found_with_what_forces_it_also_of_protected_hosts(step: steps.Step, folder: Path) -> None:
    """The check can fail: the same fleet, its first site in another range."""

    def moved(config: dict[str, Any]) -> None:
        shrink(config)
        config["sites"][0]["cidr"] = "10.9.0.0/16"

    rehearsal = Rehearsal(folder / "rehearsal", STACK, edit=moved)
    done = rehearsal.preview("--json", "--ignore-protect", env={"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"})
    found = preview.read(done.stdout)
    lost = {(change.type, change.name): change for change in found.losses}
    validator = lost["aws:ec2/instance:Instance", "s1-validator-1"]
    assert (validator.operation, validator.properties) == ("replace", ("privateIp", "subnetId"))
    assert lost["aws:ec2/vpc:Vpc", "s1"].properties == ("cidrBlock",)
    summaries = [
        json.loads(line)["summaryEvent"] for line in done.stdout.splitlines() if re.search('"summaryEvent"', line)
    ]
    assert found.counts["replace"] == summaries[-1]["resourceChanges"]["replace"] == len(found.losses)
