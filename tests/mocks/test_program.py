"""What the program asks the engine for, whichever providers a stack is on; and what it refuses before it asks."""

import json
from collections import Counter
from typing import Any

import pulumi
import pytest

from tests.support import golden
from tests.support.mocked import Recording, recorded, run_program, stack_config
from tests.support.samples import changed, committed, small


@pytest.fixture(scope="module", params=["testnet", "mainnet"])
def run(request: pytest.FixtureRequest) -> Recording:
    return recorded(request.param)


@pytest.fixture(scope="module")
def known() -> Recording:
    return recorded("testnet")


def test_a_preview_asks_for_the_same_resources_as_an_update(known: Recording) -> None:
    unknown = recorded("testnet", preview=True)
    assert {one.urn for one in unknown.resources} == {one.urn for one in known.resources}
    assert [one.protect for one in sorted(unknown.resources, key=lambda o: o.urn)] == [
        one.protect for one in sorted(known.resources, key=lambda o: o.urn)
    ]


def test_no_component_is_protected_since_its_children_would_inherit_it(known: Recording) -> None:
    assert not [one.urn for one in known.resources if one.protect and not one.custom]


def test_every_resource_has_its_sites_explicit_provider(known: Recording) -> None:
    for one in known.resources:
        cloud = one.type.split(":", 1)[0]
        if one.custom and cloud != "pulumi":
            site = one.name.split("-")[0]
            assert f"pulumi:providers:{cloud}::{site}-{cloud}::" in one.provider, one.urn


def test_every_component_registers_its_outputs(run: Recording) -> None:
    components = {one.urn for one in run.resources if not one.custom}
    assert components <= run.finished


def test_metal_is_taken_up_with_its_address_and_creates_nothing(known: Recording) -> None:
    (site,) = known.of_type("redoubt:baremetal:Site")
    assert not [one.urn for one in known.resources if one.parent == site.urn]
    assert known.stack_outputs["hosts"]["s4-cosigner-1"]["public_address"] == "198.19.0.9"
    assert "private_address" not in known.stack_outputs["hosts"]["s4-cosigner-1"]


def test_names_that_an_account_shares_differ_between_stacks(known: Recording) -> None:
    def shared(recording: Recording) -> Counter[tuple[str, str]]:
        return Counter(
            (one.type, one.inputs.get("name") or one.inputs["accountId"])
            for one in recording.resources
            if one.custom and {"name", "accountId"} & one.inputs.keys() and one.type != "aws:iam/rolePolicy:RolePolicy"
        )

    one, other = shared(known), shared(run_program(committed("testnet"), "other"))
    assert not one & other
    assert max(one.values()) == 1


def test_outputs_describe_the_hosts_and_say_what_to_do_next(known: Recording) -> None:
    outputs = known.stack_outputs
    assert outputs["hosts"]["s1-gateway-1"]["public_address"].startswith("198.18.")
    assert "public_address" not in outputs["hosts"]["s1-validator-1"]
    assert "13 hosts in 4 sites: 3 gateways, 4 sentries, 2 validators, 4 cosigners" in outputs["summary"]
    assert "two quorums share at least 2" in outputs["signing"]
    assert len(outputs["next_steps"]) == 3


def refused(fleet: dict[str, Any], **settings: Any) -> str:
    with pytest.raises(pulumi.RunError) as caught:
        run_program(fleet, **settings)
    return str(caught.value)


def test_a_bad_config_stops_the_program_before_anything_is_registered() -> None:
    assert "lets two halves sign" in refused(changed(committed("mainnet"), lambda c: c["signer"].update(threshold=2)))


def test_a_missing_fleet_says_where_to_copy_one_from() -> None:
    assert "redoubt:fleet: is missing" in refused({}, config={"pulumi:disable-default-providers": '["*"]'})


def test_default_providers_must_be_off() -> None:
    config = {"redoubt:fleet": json.dumps(committed("testnet"))}
    assert "pulumi:disable-default-providers" in refused({}, config=config)


def test_a_cloud_credential_in_the_stack_config_is_refused() -> None:
    config = {**stack_config(committed("testnet")), "aws:secretKey": "hunter2hunter2"}
    message = refused({}, config=config)
    assert "aws:secretKey" in message
    assert "hunter2" not in message


def test_a_way_in_is_not_opened_and_closed_in_one_update_on_mainnet() -> None:
    fleet = small(network="mainnet")
    fleet["access"]["admin_cidrs"] = ["198.18.0.1/32", "198.18.1.0/28"]
    assert "in one update" in refused(fleet, previous_outputs={"admin_cidrs": ["198.18.9.9/32", "198.18.1.0/28"]})
    run_program(fleet, previous_outputs={"admin_cidrs": ["198.18.0.1/32"]})


@pytest.mark.parametrize("name", sorted(golden.RENDERED))
def test_names_and_addresses_are_those_of_the_golden_file(name: str) -> None:
    """A rename is a replacement. If it is meant: python -m tests.support.golden, and read the diff."""
    assert golden.RENDERED[name]() == (golden.FOLDER / name).read_text()


def test_golden_files_are_all_used() -> None:
    assert {path.name for path in golden.FOLDER.iterdir()} == set(golden.RENDERED)
