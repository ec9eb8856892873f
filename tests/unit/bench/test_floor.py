"""The floor registers exactly what the program does."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import make_dataclass
from functools import cache
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from bench import floor, recorded
from bench.recorded import Run
from bench.results import MeasureError
from tests.support import mocked
from tests.support.samples import ROOT, changed, committed, shrink


@cache
def recorded_testnet() -> Run:
    """The committed testnet's three clouds with the least hosts, recorded once."""
    return recorded.listen(recorded.program, changed(committed("testnet"), shrink))


def replayed(source: str) -> Run:
    """The floor, run as the program is."""
    return recorded.listen(lambda: exec(source, {"__name__": "floor"}), {})  # noqa: S102 - our own text


def of_program(start: Callable[[], Any]) -> tuple[Run, str]:
    """A small program's run, and its floor."""
    run = recorded.listen(start, {})
    return run, floor.source(run)


def test_floor_registers_the_same_resources_and_calls_the_same_functions() -> None:
    run = recorded_testnet()
    again = replayed(floor.source(run))
    before, after = run.recording.by_urn(), again.recording.by_urn()
    assert before.keys() == after.keys()
    for urn, one in before.items():
        assert {**vars(after[urn]), "dependencies": set(after[urn].dependencies), "hooks": one.hooks} == {
            **vars(one),
            "dependencies": set(one.dependencies),
        }
        assert after[urn].hooks == (), "the floor asks nobody"
    assert recorded.fingerprint([run.recording]) == recorded.fingerprint([again.recording])
    assert sorted(map(repr, run.calls)) == sorted(map(repr, again.calls))
    assert again.recording.finished >= {one.urn for one in run.recording.resources if not one.custom}


def test_floor_passes_outputs_not_their_recorded_values() -> None:
    source = floor.source(recorded_testnet())
    for recorded_value in ("-id'", "-key'", "arn:aws:mock", mocked.ACCOUNT, "ami-0123456789abcdef0", "198.18.0.1'"):
        assert recorded_value not in source
    # Every dependency was found by its value, but for the droplets' ids, which DigitalOcean gives as numbers.
    lost = [line for line in source.splitlines() if "after(" in line and not line.startswith("def ")]
    assert all("VolumeAttachment(" in line and "droplet_id=after(" in line for line in lost)


def test_floor_does_not_import_the_planner() -> None:
    code = (
        "import sys; from bench import child; "
        "assert not [name for name in sys.modules if name.split('.')[0] in ('fleet', 'components', 'pydantic')]"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_value_computed_from_an_output_stays_dependent() -> None:
    def program() -> None:
        options = pulumi.ResourceOptions(provider=aws.Provider("p", region="eu-west-1"))
        vpc = aws.ec2.Vpc("one", cidr_block="10.0.0.0/16", opts=options)
        length = vpc.id.apply(lambda known: {"length": str(len(known))})
        aws.ec2.Vpc("two", cidr_block="10.1.0.0/16", tags=length, opts=options)

    run, source = of_program(program)
    assert "after({'length': '6'}, r1.id)" in source
    assert recorded.fingerprint([replayed(source).recording]) == recorded.fingerprint([run.recording])


def test_provider_inputs_that_are_no_texts_and_dependencies_without_an_input_are_replayed() -> None:
    def program() -> None:
        provider = aws.Provider(
            "p",
            region="eu-west-1",
            allowed_account_ids=["1"],
            default_tags=aws.ProviderDefaultTagsArgs(tags={"a": "b"}),
        )
        vpc = aws.ec2.Vpc("one", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider))
        aws.ec2.Vpc("two", cidr_block="10.1.0.0/16", opts=pulumi.ResourceOptions(provider=provider, depends_on=[vpc]))

    run, source = of_program(program)
    assert "depends_on=[r1]" in source
    assert recorded.fingerprint([replayed(source).recording]) == recorded.fingerprint([run.recording])


def test_fingerprint_tells_a_changed_option_and_ignores_the_order() -> None:
    def program(*names: str, protect: bool) -> mocked.Recording:
        def start() -> None:
            provider = aws.Provider("p", region="eu-west-1")
            for name in names:
                aws.ec2.Vpc(
                    name, cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider, protect=protect)
                )

        return recorded.listen(start, {}).recording

    first = recorded.fingerprint([program("a", "b", protect=True)])
    assert first == recorded.fingerprint([program("b", "a", protect=True)])
    assert first != recorded.fingerprint([program("a", "b", protect=False)])


def test_registration_field_that_the_floor_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    grown = make_dataclass(
        "Registration", [("replaced_with", tuple)], bases=(mocked.Registration,), frozen=True, kw_only=True
    )
    monkeypatch.setattr(floor, "Registration", grown)
    run = Run(recording=mocked.Recording(), outputs={}, calls=())
    with pytest.raises(MeasureError, match=r"new fields \['replaced_with'\]"):
        floor.source(run)
