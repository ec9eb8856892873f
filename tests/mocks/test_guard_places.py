"""Who carries hooks, and what stands or falls with a kept host."""

from typing import Any

import pulumi
import pytest

from components.guard import CREATE, DELETE, KEY, UPDATE, VOLUME, Guard
from components.registry import build_sites
from components.state import PresentState
from fleet.roles import PROTECTED_ROLES, SIGNING_ROLES
from tests.support.hooked import Asked, call, planned
from tests.support.mocked import Clouds, Recording, recorded, run_any

MACHINES = {"aws:ec2/instance:Instance", "gcp:compute/instance:Instance", "digitalocean:index/droplet:Droplet"}
VOLUMES = {"aws:ebs/volume:Volume", "gcp:compute/disk:Disk", "digitalocean:index/volume:Volume"}
KEYS = {"aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey"}


@pytest.fixture(scope="module", params=["testnet", "mainnet"])
def run(request: pytest.FixtureRequest) -> Recording:
    return recorded(request.param)


def test_the_hooks_stand_where_they_belong(run: Recording) -> None:
    """All parts of a signing host or gateway, every machine that could be made twice, every key; and nothing else."""
    for one in run.resources:
        role = one.name.split("-")[1] if one.name.startswith("s") and one.name.count("-") >= 2 else ""
        hooks = one.hooks
        if one.type in MACHINES:
            assert (DELETE in hooks) is (UPDATE in hooks) is (role in PROTECTED_ROLES), one.urn
            assert (CREATE in hooks) is not one.type.startswith("gcp:"), one.urn
        elif one.type in VOLUMES and role in SIGNING_ROLES:
            assert hooks == (VOLUME, DELETE), one.urn
        elif one.protect and role in PROTECTED_ROLES and "firewall" not in one.type and "tag" not in one.type:
            assert hooks == (DELETE,), one.urn
        elif one.type in KEYS and one.protect:
            assert hooks == (KEY,), one.urn
        else:
            assert hooks == (), one.urn


def test_a_machine_waits_for_its_volume_so_that_one_without_has_lost_it(run: Recording) -> None:
    for one in run.resources:
        if one.type in VOLUMES:
            (machine,) = [other for other in run.resources if other.type in MACHINES and other.name == one.name]
            assert one.urn in machine.dependencies


def test_what_lets_a_kept_host_reach_others_goes_after_it(run: Recording) -> None:
    """A destroy that spares what is protected spares what that depends on: routes, NAT, rules and firewalls."""
    resources = run.by_urn()
    spared: set[str] = set()
    waiting = [one.urn for one in run.resources if one.protect]
    while waiting:
        urn = waiting.pop()
        if urn in resources and urn not in spared:
            spared.add(urn)
            waiting += resources[urn].dependencies
    for one in run.resources:
        if not one.custom:
            continue
        if one.type.endswith((":Route", ":RouteTableAssociation", ":NatGateway", ":RouterNat", ":VpcNatGateway")):
            assert one.urn in spared, one.urn
        elif one.type.endswith((":SecurityGroupIngressRule", ":SecurityGroupEgressRule", ":Firewall")):
            assert one.urn in spared or one.name.split("-")[1] in ("sentry", "monitor"), one.urn


def test_instances_on_aws_are_looked_for_in_every_state_but_gone() -> None:
    """Without `instanceStateNames` the provider looks for running ones alone, whatever the filters say."""
    asked: list[dict[str, Any]] = []

    class Stopped(Clouds):
        def call(self, args: Any) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
            if args.token != "aws:ec2/getInstances:getInstances":
                return super().call(args)
            asked.append(args.args)
            return {**args.args, "ids": ["i-stopped"]}, []

    found = planned()
    told: list[str] = []

    async def program() -> None:
        guard = Guard(found, PresentState())
        kept: dict[str, pulumi.ResourceHookBinding] = {}
        original = guard.machine

        def machine(token: str, host: str, **more: Any) -> pulumi.ResourceHookBinding:
            kept[host] = original(token, host, **more)
            return kept[host]

        guard.machine = machine  # type: ignore[method-assign]
        sites = build_sites(found, guard)
        addresses = {symbol: address for site in sites for symbol, address in site.symbols().items()}
        for site in sites:
            site.furnish(found, addresses)
        try:
            await call(kept["s1-cosigner-1"], "before_create", Asked("s1-cosigner-1"))
        except Exception as refusal:  # noqa: BLE001 - the hooks' own exception
            told.append(str(refusal))

    run_any(program, {}, "testnet", Stopped(preview=False, previous_outputs={}))
    (args,) = asked
    assert args["instanceStateNames"] == ["pending", "running", "stopping", "stopped"]
    assert "the account has i-stopped of that name already" in told[0]
