"""The hooks of hosts: what they refuse, and what they let through."""

import json
from typing import Any

import pytest

from components.aws.hosts import INSTANCE
from components.aws.hosts import RUNS_ON as AWS_RUNS_ON
from components.digitalocean.hosts import DROPLET
from components.digitalocean.hosts import RUNS_ON as DO_RUNS_ON
from components.gcp.hosts import INSTANCE as GCP_INSTANCE
from components.gcp.hosts import RUNS_ON as GCP_RUNS_ON
from components.guard import Guard
from components.guard import changed as inputs_changed
from components.state import PresentState
from tests.support.hooked import Asked, call, planned, said, standing
from tests.support.mocked import recorded, run_program
from tests.support.samples import changed, committed

MACHINES = {INSTANCE, GCP_INSTANCE, DROPLET}
RUNS_ON = frozenset({"tags"})


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

    refusal = said(planned(), delete, PresentState(protected=frozenset({gone.urn})))
    assert "s9-cosigner-1 is kept, and has left the config" in refusal
    assert "\n  remedy: put it back, name s9-cosigner-1 in let_go" in refusal
    assert said(planned(), delete) == ""
    assert "is kept" in said(planned(), delete, PresentState(retained=frozenset({gone.urn})))


@pytest.mark.parametrize(
    ("config", "flags", "what"),
    [
        ({"let_go": ["s1-cosigner-1"]}, ("protected", "retained"), "let_go"),
        ({"let_go": ["s1-cosigner-1"]}, ("retained",), "let_go"),
        ({"let_go": ["s1-cosigner-1"]}, ("protected",), "let_go"),
        ({"retire": True}, ("protected", "retained"), "retire"),
        ({"retire": True}, ("protected",), ""),
    ],
)
def test_what_was_let_go_in_the_same_update_is_not_deleted_yet(
    config: dict[str, Any], flags: tuple[str, ...], what: str
) -> None:
    asked = Asked("s1-cosigner-1")

    async def delete(guard: Guard) -> None:
        await call(guard.part(asked.name), "before_delete", asked)

    flagged: dict[str, Any] = {flag: frozenset({asked.urn}) for flag in flags}
    refusal = said(planned(**config), delete, PresentState(**flagged))
    assert bool(refusal) is bool(what)
    assert f"{what} has not been applied yet" in refusal or not what
    assert "remedy: run `pulumi up` without the change first" in refusal or not what


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


async def create_machine(guard: Guard, host: str, found: list[str], *, gone_first: bool = True) -> None:
    async def there() -> list[str]:
        return found

    hooks = guard.machine(INSTANCE, host, runs_on=RUNS_ON, search=there, gone_first=gone_first)
    await call(hooks, "before_create", Asked(host))


def test_a_machine_that_the_account_has_and_the_state_does_not_know_is_not_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def create(guard: Guard) -> None:
        await create_machine(guard, "s1-sentry-1", ["i-known", "i-lost"], gone_first=False)

    refusal = said(planned(), create, PresentState(ids={"urn:old": "i-known"}))
    assert "the account has i-lost of that name already" in refusal
    assert "\n  remedy: `python -m ops.recover --stack testnet`" in refusal
    assert "if it is none of this fleet, rename or remove it in the account" in refusal
    assert said(planned(), create, PresentState(ids={"urn:a": "i-known", "urn:b": "i-lost"})) == ""
    monkeypatch.setenv("REDOUBT_SIMCLOUD", "somewhere")
    assert "\n  remedy: `make recover STACK=testnet`" in said(planned(), create)


def test_a_machine_that_is_deleted_first_is_not_made_while_any_of_its_name_is_there() -> None:
    async def create(guard: Guard) -> None:
        await create_machine(guard, "s1-cosigner-1", ["i-s1-cosigner-1"])

    found = planned(let_go=["s1-cosigner-1"])
    for more in ({}, {"replacing": frozenset({Asked("s1-cosigner-1").urn})}):
        refusal = said(found, create, standing(*found.host, **more))
        assert "the account has i-s1-cosigner-1 of that name still" in refusal


@pytest.mark.parametrize(("config", "refused"), [({}, "is kept"), ({"let_go": ["s1-gateway-1"]}, "")])
def test_a_machine_that_is_made_before_the_old_one_goes_is_asked_for_then(config: Any, refused: str) -> None:
    found = planned(**config)
    state = standing(*found.host)

    async def create(guard: Guard) -> None:
        await create_machine(guard, "s1-gateway-1", ["i-s1-gateway-1"], gone_first=False)
        refusal = ""
        try:
            await call(guard.part("s9-cosigner-1"), "before_delete", Asked("s9-cosigner-1"))
            await call(guard.part("s1-cosigner-1"), "before_update", Asked("s1-cosigner-1"))
            hooks = guard.machine(INSTANCE, "s1-cosigner-1", runs_on=RUNS_ON)
            await call(hooks, "before_update", Asked("s1-cosigner-1", new={"userData": "x"}))
        except Exception as error:  # noqa: BLE001 - the hooks' own exception
            refusal = str(error)
        assert "the same update was let to replace ec2/instance s1-gateway-1" in refusal

    said_ = said(found, create, state)
    assert (refused in said_) if refused else said_ == ""


def test_a_missing_host_may_come_back_and_none_goes_down_beside_it_in_either_order() -> None:
    found = planned()
    state = standing(*(set(found.host) - {"s2-cosigner-1"}))

    async def restore(guard: Guard) -> None:
        await create_machine(guard, "s2-cosigner-1", [])

    async def stop(guard: Guard) -> None:
        hooks = guard.machine(INSTANCE, "s1-cosigner-1", runs_on=RUNS_ON)
        await call(hooks, "before_update", Asked("s1-cosigner-1", new={"userData": "x"}))

    async def both(guard: Guard) -> None:
        await restore(guard)
        await stop(guard)

    assert said(found, restore, state) == ""
    for program in (stop, both):
        assert "s2-cosigner-1 had no machine when this update began" in said(found, program, state)


def test_a_machine_that_was_deleted_and_not_made_again_may_be_made_although_it_is_kept() -> None:
    found = planned()
    gone = Asked("s2-cosigner-1").urn
    state = standing(*found.host, replacing=frozenset({gone}), protected=frozenset({gone}))

    async def create(guard: Guard) -> None:
        await create_machine(guard, "s2-cosigner-1", [])

    assert said(found, create, state) == ""


@pytest.mark.parametrize(
    ("host", "state", "config", "refused"),
    [
        ("s1-cosigner-1", standing("s1-cosigner-1"), {}, True),
        ("s1-validator-1", standing("s1-validator-1"), {}, True),
        ("s1-cosigner-1", standing("s1-cosigner-1"), {"let_go": ["s1-cosigner-1"]}, False),
        ("s1-cosigner-1", standing("s1-cosigner-1"), {"retire": True}, False),
        ("s1-cosigner-1", standing("s1-sentry-1"), {}, False),
        ("s1-sentry-1", standing("s1-sentry-1"), {}, False),
        ("s1-cosigner-1", PresentState(), {}, False),
    ],
)
def test_no_empty_volume_is_made_for_a_signing_host_that_stands(
    host: str, state: PresentState, config: Any, refused: bool
) -> None:
    async def create(guard: Guard) -> None:
        await call(guard.volume(host), "before_create", Asked(host, "aws:ebs/volume:Volume"))

    refusal = said(planned(**config), create, state)
    assert bool(refusal) is refused
    if refused:
        assert f"refused to create ebs/volume {host}" in refusal
        assert "without its watermark\n  remedy: " in refusal
        assert "name it in let_go" in refusal


def test_a_volume_that_was_let_go_in_the_same_update_is_not_replaced_yet() -> None:
    volume = Asked("s1-cosigner-1", "aws:ebs/volume:Volume")
    state = PresentState(ids={Asked("s1-cosigner-1").urn: "i-1", volume.urn: "vol-1"}, retained=frozenset({volume.urn}))

    async def create(guard: Guard) -> None:
        await call(guard.volume("s1-cosigner-1"), "before_create", volume)

    assert "let_go has not been applied yet" in said(planned(let_go=["s1-cosigner-1"]), create, state)


def test_a_site_that_gets_another_name_stops_no_host() -> None:
    """Names of sites are in tags and labels alone, also in those of root volumes."""

    def renamed(config: dict[str, Any]) -> None:
        text = json.dumps(config)
        for site in config["sites"]:
            text = text.replace(f'"{site["name"]}"', f'"{site["name"]}-new"')
        config.clear()
        config.update(json.loads(text))

    before, after = recorded("testnet"), run_program(changed(committed("testnet"), renamed))
    machines = {one.urn: one for one in after.resources if one.type in MACHINES}
    runs_on = {INSTANCE: AWS_RUNS_ON, GCP_INSTANCE: GCP_RUNS_ON, DROPLET: DO_RUNS_ON}
    for one in before.resources:
        if one.type in MACHINES:
            ignored = {path.partition(".")[0].partition("[")[0] for path in one.ignore_changes}
            stopping = inputs_changed(one.inputs, machines[one.urn].inputs) - runs_on[one.type]
            assert stopping <= ignored & {"userData"}, one.urn
    assert any(one.inputs != machines[one.urn].inputs for one in before.resources if one.type == INSTANCE)
