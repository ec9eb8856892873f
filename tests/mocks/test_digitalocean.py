"""What the program asks of DigitalOcean but for firewalls: options and inputs, with known and with unknown outputs."""

import base64
import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from pulumi_digitalocean import DropletSlug

from components.digitalocean.network import Network, NetworkArgs
from components.digitalocean.nobodys_key import is_point
from components.digitalocean.site import DigitalOceanSite, provider
from fleet.naming import LONGEST_FLEET, LONGEST_STACK, group_name, host_name, physical_name
from fleet.plan import Plan, plan
from fleet.ports import HIGHEST_SITE_ID
from fleet.providers.digitalocean import DROPLETS, FACTS
from fleet.roles import HIGHEST_ORDINAL, PROTECTED_ROLES, PUBLIC_ROLES, ROLES
from tests.support.digitalocean import (
    ATTACHMENT,
    DROPLET,
    FIREWALL,
    NAT,
    PREFIX,
    PROJECT,
    PROJECT_RESOURCES,
    SSH_KEY,
    STACK,
    TAG,
    VOLUME,
    VPC,
    group_of,
    planned,
    recorded,
    three_sites,
)
from tests.support.mocked import Clouds, Recording, Registration, run_any, run_program
from tests.support.samples import changed
from tests.support.sites import context_of

TAG_FORM = re.compile(r"[a-zA-Z0-9:\-_]{1,255}")
VOLUME_FORM = re.compile(r"[a-z][a-z0-9-]{0,63}")
HOST_FORM = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@pytest.fixture(scope="module", params=[False, True], ids=["known", "preview"])
def run(request: pytest.FixtureRequest) -> Recording:
    return recorded(preview=request.param)


@pytest.fixture(scope="module")
def known() -> Recording:
    return recorded()


def kept(one: Registration) -> bool:
    return one.protect and one.retain_on_delete


def site_of(one: Registration) -> str:
    return one.name.split("-")[0]


def is_private(one: Registration) -> bool:
    return planned().host[one.name].role not in PUBLIC_ROLES


# The plan as droplets.


def test_every_planned_host_is_one_droplet_of_its_size_in_its_region(run: Recording) -> None:
    regions = {site.id: site.region for site in planned().sites}
    made = {
        one.name: (one.inputs["name"], one.inputs["size"], one.inputs["region"], group_of(one))
        for one in run.of_type(DROPLET)
    }
    assert made == {
        host.name: (host.full_name, host.machine, regions[host.site_id], host.group) for host in planned().hosts
    }
    assert {one.inputs["image"] for one in run.of_type(DROPLET)} == {"debian-13-x64"}


def test_a_preview_asks_for_the_same_resources_as_an_update() -> None:
    unknown, made = recorded(preview=True), recorded()
    assert {one.urn: kept(one) for one in unknown.resources} == {one.urn: kept(one) for one in made.resources}


def test_private_droplets_have_no_public_networking_and_public_ones_say_that_they_do(run: Recording) -> None:
    for one in run.of_type(DROPLET):
        assert one.inputs["publicNetworking"] is not is_private(one)


def test_no_private_host_is_given_out_with_a_public_address(known: Recording) -> None:
    hosts = known.stack_outputs["hosts"]
    with_public = {name for name, described in hosts.items() if "public_address" in described}
    assert with_public == {host.name for host in planned().hosts if host.role in PUBLIC_ROLES}


def test_ipv6_agents_and_backups_are_off_on_every_droplet(run: Recording) -> None:
    for one in run.of_type(DROPLET):
        off = {name: one.inputs[name] for name in ("ipv6", "monitoring", "dropletAgent", "backups", "resizeDisk")}
        assert not any(off.values()), one.urn
        assert one.inputs["gracefulShutdown"] is True


def test_user_data_is_that_of_the_host_and_a_new_one_never_replaces_it(run: Recording) -> None:
    for one in run.of_type(DROPLET):
        assert one.ignore_changes == ("image", "sshKeys", "userData")
        assert f'"hostname": "{one.inputs["name"]}"' in one.inputs["userData"]


def test_what_holds_a_volume_is_deleted_before_it_is_replaced_and_nothing_else_is(run: Recording) -> None:
    with_volume = {one.name for one in run.of_type(VOLUME)}
    assert with_volume == {host.name for host in planned().hosts if host.data_gb}
    for one in run.resources:
        holds = one.type == ATTACHMENT or (one.type == DROPLET and one.name in with_volume)
        assert one.delete_before_replace is holds, one.urn


# What is kept.


def expected_kept(one: Registration, found: Plan) -> bool:
    """By the rule in words: kept hosts with volume and attachment, and the tag and base firewall they stand behind."""
    kept_groups = {host.group for host in found.hosts if found.keeps(host)}
    if one.type in (DROPLET, VOLUME, ATTACHMENT):
        return found.keeps(found.host[one.name])
    if one.type == TAG:
        return one.name in kept_groups
    return one.type == FIREWALL and one.name.endswith("-base") and one.name.removesuffix("-base") in kept_groups


def test_what_must_not_be_lost_is_kept_and_nothing_else(run: Recording) -> None:
    for one in run.resources:
        assert one.protect is one.retain_on_delete
        assert kept(one) is expected_kept(one, planned()), one.urn
    assert {planned().host[one.name].role for one in run.of_type(DROPLET) if kept(one)} == PROTECTED_ROLES


def test_letting_go_of_one_host_lets_go_of_its_own_tag_and_firewall_alone() -> None:
    config = changed(three_sites(), lambda c: c.update(let_go=["s1-validator-1"]))
    recording, found = run_program(config), plan(config, STACK)
    assert [one.urn for one in recording.resources if kept(one) is not expected_kept(one, found)] == []
    bare = {one.name for one in recording.resources if not kept(one) and kept(recorded().by_urn()[one.urn])}
    assert bare == {"s1-validator", "s1-validator-base", "s1-validator-1"}


# Networks.


def test_every_droplet_is_in_the_network_of_its_site_never_in_a_default_one(known: Recording) -> None:
    for site in planned().sites:
        made = known.named(VPC, site.name)
        assert made.inputs["name"] == f"{PREFIX}{site.name}"
        assert (made.inputs["ipRange"], made.inputs["region"]) == (site.cidr, site.region)
    for one in known.of_type(DROPLET):
        network = known.named(VPC, site_of(one))
        assert one.inputs["vpcUuid"] == known.outputs[network.urn]["id"]
    assert len(known.of_type(VPC)) == 3


def test_a_nat_site_has_a_gateway_as_default_route_and_a_sealed_one_has_none(known: Recording) -> None:
    (gateway,) = known.of_type(NAT)
    network = known.outputs[known.named(VPC, "s1").urn]["id"]
    assert gateway.inputs["vpcs"] == [{"vpcUuid": network, "defaultGateway": True}]
    assert (gateway.inputs["type"], gateway.inputs["region"]) == ("PUBLIC", "fra1")
    assert gateway.inputs["name"] == f"{PREFIX}s1-nat"


def test_private_droplets_wait_for_the_way_out_and_public_ones_do_not(run: Recording) -> None:
    (gateway,) = run.of_type(NAT)
    for one in run.of_type(DROPLET):
        assert (gateway.urn in one.dependencies) is (site_of(one) == "s1" and is_private(one))


def network_alone(config: dict[str, Any]) -> Recording:
    """The run of a program that makes the first site's network and nothing else."""
    found = plan(config, STACK)

    def program() -> None:
        Network("s1", NetworkArgs(context=context_of(found)))

    return run_any(program, {}, STACK, Clouds(preview=False, previous_outputs={}))


def test_whoever_asks_for_a_nat_gateway_is_told_the_alternative_in_plan_and_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        network_alone(three_sites())
    assert [note for note in planned().notes if "egress: sealed" in note]
    assert any("do-fra1" in line and "write egress: sealed" in line for line in caplog.messages)


def test_who_asks_for_none_is_told_nothing_about_it(caplog: pytest.LogCaptureFixture) -> None:
    sealed = changed(three_sites(), lambda c: c["sites"][0].update(egress="sealed"))
    with caplog.at_level(logging.INFO):
        recording = network_alone(sealed)
    assert recording.of_type(NAT) == []
    assert "egress" not in "".join([*plan(sealed, STACK).notes, *caplog.messages])


# Keys, volumes, projects.


def test_every_droplet_has_the_key_that_opens_nothing_and_no_other(known: Recording) -> None:
    for one in known.of_type(DROPLET):
        key = known.named(SSH_KEY, f"{site_of(one)}-nobody")
        assert one.inputs["sshKeys"] == [known.outputs[key.urn]["id"]]
        assert is_point(base64.b64decode(key.inputs["publicKey"].split()[1])[-32:])
    keys = [one.inputs["publicKey"] for one in known.of_type(SSH_KEY)]
    assert len(set(keys)) == len(keys) == 3


def test_every_data_volume_is_attached_to_its_own_droplet(known: Recording) -> None:
    for host in planned().hosts:
        if not host.data_gb:
            continue
        volume, attachment = known.named(VOLUME, host.name), known.named(ATTACHMENT, host.name)
        droplet = known.named(DROPLET, host.name)
        assert attachment.inputs["volumeId"] == known.outputs[volume.urn]["id"]
        assert attachment.inputs["dropletId"] == int(known.outputs[droplet.urn]["id"])
        assert (volume.inputs["size"], volume.inputs["region"]) == (host.data_gb, droplet.inputs["region"])
        assert volume.inputs["name"] == host.full_name
        assert "description" not in volume.inputs


def test_the_project_of_a_site_holds_its_droplets_and_volumes_and_those_of_no_other(known: Recording) -> None:
    for site in planned().sites:
        project, holding = known.named(PROJECT, site.name), known.named(PROJECT_RESOURCES, site.name)
        inside = [one for one in known.resources if one.type in (DROPLET, VOLUME) and site_of(one) == site.name]
        kinds = {DROPLET: "droplet", VOLUME: "volume"}
        assert sorted(holding.inputs["resources"]) == sorted(
            f"do:{kinds[one.type]}:{known.outputs[one.urn]['id']}" for one in inside
        )
        assert holding.inputs["project"] == known.outputs[project.urn]["id"]
        assert project.inputs["environment"] == "Staging"
        assert len(project.inputs["description"]) <= 255


# Providers, names, sizes.


def test_every_resource_has_its_sites_explicit_provider(known: Recording) -> None:
    for one in known.resources:
        if one.custom and one.type.startswith("digitalocean:"):
            assert f"pulumi:providers:digitalocean::{site_of(one)}-digitalocean::" in one.provider, one.urn


def test_the_token_of_the_environment_goes_into_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"):
        monkeypatch.setenv(name, "a-token-of-the-caller")
    cloud = Clouds(preview=False, previous_outputs={})
    recording = run_any(lambda: provider(planned().sites[0]), {}, STACK, cloud)
    (one,) = recording.resources
    assert one.name == "s1-digitalocean"
    assert one.inputs.keys() <= {"apiEndpoint"}
    assert "a-token-of-the-caller" not in str(recording)


def test_every_component_registers_its_outputs(run: Recording) -> None:
    assert {one.urn for one in run.resources if not one.custom} <= run.finished


def test_names_of_one_kind_are_unique_in_the_account_and_carry_fleet_and_stack(known: Recording) -> None:
    for kind in (DROPLET, VOLUME, FIREWALL, TAG, VPC, NAT, SSH_KEY, PROJECT):
        names = [one.inputs["name"] for one in known.of_type(kind)]
        assert len(names) == len(set(names)) > 0
        assert all(name.startswith(PREFIX) for name in names)


def test_the_longest_names_fit_what_digitalocean_allows() -> None:
    fleet, stack = "f" * LONGEST_FLEET, "s" + "-9" * ((LONGEST_STACK - 2) // 2) + "z"
    assert len(stack) == LONGEST_STACK
    for role in ROLES:
        group = physical_name(fleet, stack, group_name(HIGHEST_SITE_ID, role))
        host = physical_name(fleet, stack, host_name(HIGHEST_SITE_ID, role, HIGHEST_ORDINAL[role]))
        assert TAG_FORM.fullmatch(group)
        assert VOLUME_FORM.fullmatch(host)
        assert HOST_FORM.fullmatch(host)
        assert len(physical_name(fleet, stack, f"{group_name(HIGHEST_SITE_ID, role)}-peers")) <= 255


def test_the_known_sizes_are_those_of_the_sdk_and_the_defaults_are_among_them() -> None:
    with_family = {one.value for one in DropletSlug if re.match(r"[a-z]+\d*(_\d)?-", one.value)}
    assert {one for one in with_family if not one.startswith("gpu-")} == DROPLETS
    assert {machine.type for machine in FACTS.machines.values()} <= DROPLETS


# Addresses for later steps.


def test_the_site_resolves_every_symbol_of_its_own_once_it_is_furnished() -> None:
    found: dict[str, set[str]] = {}

    def program() -> None:
        alone = replace(planned(), rules=tuple(rule for rule in planned().rules if rule.peer_kind != "symbol"))
        built = DigitalOceanSite(alone.sites[0].name, context_of(alone))
        found["first"] = set(built.symbols())
        built.furnish(alone, {})
        found["all"] = set(built.symbols())

    run_any(program, {}, STACK, Clouds(preview=False, previous_outputs={}))
    inside = planned().hosts_of(1)
    public = {host.name for host in inside if host.role in PUBLIC_ROLES}
    assert found["first"] == {f"{kind}({name})" for name in public for kind in ("public", "private")}
    assert found["all"] == found["first"] | {f"private({host.name})" for host in inside}
