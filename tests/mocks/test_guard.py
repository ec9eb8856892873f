"""The hooks: what they refuse, what they let through, and who carries them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

from components.guard import CREATE, DELETE, KEY, UPDATE, Guard
from components.state import PresentState
from fleet.plan import Plan, plan
from fleet.roles import PROTECTED_ROLES
from tests.support.mocked import Clouds, Recording, recorded, run_any
from tests.support.samples import changed, committed

INSTANCE = "aws:ec2/instance:Instance"
MACHINES = {INSTANCE, "gcp:compute/instance:Instance", "digitalocean:index/droplet:Droplet"}
KEYS = {"aws:kms/key:Key", "gcp:kms/cryptoKey:CryptoKey"}
RUNS_ON = frozenset({"tags"})


@dataclass
class Asked:
    """What one hook is called with."""

    name: str
    type: str = INSTANCE
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)

    @property
    def args(self) -> pulumi.ResourceHookArgs:
        urn = f"urn:pulumi:testnet::redoubt::{self.type}::{self.name}"
        return pulumi.ResourceHookArgs(urn, "i-1", self.name, self.type, self.new, self.old)


def planned(**fields: Any) -> Plan:
    return plan(changed(committed("testnet"), lambda config: config.update(fields)), "testnet")


def said(found: Plan, program: Callable[[Guard], Awaitable[None]], state: PresentState | None = None) -> str:
    """What a hook says in a run of its own; empty where it lets everything through."""
    told: list[str] = []

    async def asked() -> None:
        try:
            await program(Guard(found, state or PresentState()))
        except Exception as refusal:  # noqa: BLE001 - the hooks' own exception is none of the callers' affair
            told.append(str(refusal))

    run_any(asked, {}, "testnet", Clouds(preview=False, previous_outputs={}))
    return "".join(told)


async def call(hooks: pulumi.ResourceHookBinding | None, which: str, asked: Asked) -> None:
    for hook in getattr(hooks, which, None) or []:
        answer = hook(asked.args)
        if asyncio.iscoroutine(answer):
            await answer


def test_a_part_of_a_host_that_is_kept_is_never_deleted() -> None:
    async def delete(guard: Guard) -> None:
        await call(guard.part("s1-cosigner-1"), "before_delete", Asked("s1-cosigner-1"))

    refusal = said(planned(), delete)
    assert "refused to delete ec2/instance s1-cosigner-1: s1-cosigner-1 is kept" in refusal
    assert "\n  remedy: to remove or replace it, name s1-cosigner-1 in let_go" in refusal
    assert said(planned(let_go=["s1-cosigner-1"]), delete) == ""
    assert said(planned(retire=True), delete) == ""


def test_a_host_that_left_the_config_while_the_state_protects_it_is_kept_too() -> None:
    gone = Asked("s9-cosigner-1")

    async def delete(guard: Guard) -> None:
        await call(guard.part("s9-cosigner-1"), "before_delete", gone)

    assert "is kept" in said(planned(), delete, PresentState(protected=frozenset({gone.args.urn})))
    assert said(planned(), delete) == ""


def test_of_two_hosts_let_go_the_second_is_refused_and_the_first_ones_parts_go_on() -> None:
    async def delete(guard: Guard) -> None:
        await call(guard.part("s1-cosigner-1"), "before_delete", Asked("s1-cosigner-1"))
        await call(guard.part("s1-cosigner-1"), "before_delete", Asked("s1-cosigner-1", "aws:ebs/volume:Volume"))
        await call(guard.part("s1-gateway-1"), "before_delete", Asked("s1-gateway-1"))

    refusal = said(planned(let_go=["s1-cosigner-1", "s1-gateway-1"]), delete)
    assert (
        "refused to delete ec2/instance s1-gateway-1: the same update was let to delete ec2/instance s1-cosigner-1"
        in refusal
    )


@pytest.mark.parametrize(
    ("old", "new", "stops"),
    [
        ({"instanceType": "a"}, {"instanceType": "b"}, True),
        ({"tags": {"a": "1"}}, {"tags": {"a": "2"}}, False),
        ({"tags": {"a": "1"}, "__defaults": ["x"]}, {"tags": {"a": "1"}, "__defaults": []}, False),
        ({}, {"userData": "x"}, True),
        ({"cpuOptions": {}}, {}, True),
    ],
)
def test_a_change_that_stops_a_machine_counts_and_any_other_does_not(
    old: dict[str, Any], new: dict[str, Any], stops: bool
) -> None:
    async def change(guard: Guard) -> None:
        for host in ("s1-cosigner-1", "s1-validator-1"):
            hooks = guard.machine(INSTANCE, host, runs_on=RUNS_ON)
            await call(hooks, "before_update", Asked(host, old=old, new=new))

    refusal = said(planned(), change)
    assert bool(refusal) is stops
    if stops:
        (name,) = {*old, *new}
        assert f"refused to change {name} of ec2/instance s1-validator-1 (which stops it)" in refusal
        assert "s1-cosigner-1" in refusal


def test_a_machine_that_the_account_has_and_the_state_does_not_know_is_not_made_again() -> None:
    async def there() -> list[str]:
        return ["i-known", "i-lost"]

    async def create(guard: Guard) -> None:
        hooks = guard.machine(INSTANCE, "s1-sentry-1", runs_on=RUNS_ON, search=there)
        await call(hooks, "before_create", Asked("s1-sentry-1"))

    refusal = said(planned(), create, PresentState(ids={"urn:old": "i-known"}))
    assert "the account has i-lost of that name already" in refusal
    assert "\n  remedy: `python -m ops.recover --stack testnet`" in refusal
    assert said(planned(), create, PresentState(ids={"urn:a": "i-known", "urn:b": "i-lost"})) == ""


def test_a_volume_key_goes_with_the_whole_fleet_and_only_when_nothing_needs_it() -> None:
    volumes: list[str] = ["vol-1"]

    async def needed() -> list[str]:
        return volumes

    async def delete(guard: Guard) -> None:
        await call(guard.volume_key("s1-volumes", needed), "before_delete", Asked("s1-volumes", "aws:kms/key:Key"))

    assert "volumes of the fleet cannot be read without it" in said(planned(), delete)
    assert "refused to delete kms/key s1-volumes: vol-1 cannot be read without it" in said(planned(retire=True), delete)
    volumes.clear()
    assert said(planned(retire=True), delete) == ""


def test_a_key_whose_site_is_gone_from_the_config_is_not_deleted_since_nobody_can_ask() -> None:
    async def delete(guard: Guard) -> None:
        key = guard.volume_key("s1-volumes", lambda: asyncio.sleep(0, []))
        await call(key, "before_delete", Asked("s9-volumes", "aws:kms/key:Key"))

    assert "its site is not in the config" in said(planned(retire=True), delete)


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
        elif one.protect and role in PROTECTED_ROLES and "firewall" not in one.type and "tag" not in one.type:
            assert hooks == (DELETE,), one.urn
        elif one.type in KEYS and one.protect:
            assert hooks == (KEY,), one.urn
        else:
            assert hooks == (), one.urn
