"""Faults: they strike where and as often as ordered, and the provider's own retries survive what they should."""

import asyncio
import subprocess
import sys
import time

import pytest

from simcloud import faults
from simcloud.aws import tokens
from simcloud.core.errors import SimcloudError
from simcloud.faults import Fault
from simcloud.ledger import Ledger
from tests.simcloud.driver import Cloud, World
from tests.simcloud.samples import AWS
from tests.support.samples import ROOT

VPC = {"cidrBlock": "10.1.0.0/16"}


def test_the_nth_call_of_a_type_fails_as_often_as_ordered(cloud: Cloud) -> None:
    faults.add(cloud.ledger, Fault(kind="fail", type="aws:ec2/vpc:*", nth=2, times=2, message="no: wait"))
    results = []
    for _ in range(4):
        cloud.create(tokens.EIP, {})  # another type does not count
        try:
            cloud.create(tokens.VPC, VPC)
            results.append("made")
        except SimcloudError as error:
            results.append(str(error))
    assert results == ["made", "no: wait", "no: wait", "made"]
    assert len(cloud.ledger.records(type=tokens.VPC)) == 2
    assert faults.pending(cloud.ledger) == []


def test_a_fault_can_wait_for_a_resource_by_name(cloud: Cloud) -> None:
    faults.add(cloud.ledger, Fault(kind="fail", name="cosigner-*"))
    cloud.create(tokens.VPC, VPC, name="sentry-1")
    with pytest.raises(SimcloudError, match="ordered by a test"):
        cloud.create(tokens.VPC, VPC, name="cosigner-2")


@pytest.mark.parametrize("operation", ["read", "update", "delete"])
def test_a_fault_can_wait_for_another_operation(world: World, operation: faults.Operation) -> None:
    made = world.have(tokens.VPC)
    calls = {
        "read": lambda: world.cloud.read(made),
        "update": lambda: world.cloud.update(made, world.sample(tokens.VPC, tags={"a": "b"})),
        "delete": lambda: world.cloud.delete(made),
    }
    faults.add(world.cloud.ledger, Fault(kind="fail", operation=operation))
    with pytest.raises(SimcloudError, match="ordered by a test"):
        calls[operation]()
    assert world.cloud.record(made) is not None
    calls[operation]()


def test_a_lost_answer_leaves_the_resource_in_the_account(cloud: Cloud) -> None:
    faults.add(cloud.ledger, Fault(kind="lose"))
    with pytest.raises(SimcloudError, match="the call itself succeeded"):
        cloud.create(tokens.VPC, VPC)
    assert len(cloud.ledger.records(type=tokens.VPC)) == 1


def test_an_exit_ends_the_process_after_the_call_took_effect(ledger: Ledger) -> None:
    faults.add(ledger, Fault(kind="exit"))
    code = (
        "import sys; from simcloud.ledger import Ledger; from tests.simcloud.driver import Cloud;"
        "from tests.simcloud.samples import AWS;"
        "Cloud(Ledger(sys.argv[1]), AWS).create('aws:ec2/vpc:Vpc', {'cidrBlock': '10.1.0.0/16'}); print('answered')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ledger.path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert len(ledger.records(type=tokens.VPC)) == 1


def test_a_delay_holds_up_only_its_own_call(cloud: Cloud) -> None:
    faults.add(cloud.ledger, Fault(kind="delay", seconds=0.2))
    started = time.monotonic()
    cloud.create(tokens.VPC, VPC)
    assert time.monotonic() - started >= 0.2
    started = time.monotonic()
    cloud.create(tokens.VPC, VPC)
    assert time.monotonic() - started < 0.2


def test_a_few_throttled_calls_are_survived_and_one_more_is_not(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("simcloud.core.attempts.asyncio.sleep", sleep)
    cloud = Cloud(ledger, AWS, maxRetries="3")
    faults.add(ledger, Fault(kind="throttle", times=2))
    cloud.create(tokens.VPC, VPC)
    assert pauses == sorted(pauses)
    assert len(pauses) == 2
    faults.add(ledger, Fault(kind="throttle", times=3))
    with pytest.raises(SimcloudError, match="RequestLimitExceeded: Request limit exceeded"):
        cloud.create(tokens.VPC, VPC)
    assert faults.pending(ledger) == []
    assert len(ledger.records(type=tokens.VPC)) == 1


def test_a_refused_deletion_is_retried_until_the_dependency_is_gone(world: World) -> None:
    vpc, subnet = world.have(tokens.VPC), world.have(tokens.SUBNET)
    world.cloud.ledger.set("retry.seconds", "20")
    provider = world.cloud.provider

    async def both() -> None:
        waiting = asyncio.ensure_future(provider.delete(world.cloud.deletion(vpc)))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await provider.delete(world.cloud.deletion(subnet))
        await waiting

    asyncio.run(both())
    assert world.cloud.record(vpc) is None


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "delay"},
        {"kind": "fail", "seconds": 1.0},
        {"kind": "fail", "nth": 0},
        {"kind": "fail", "times": 0},
        {"kind": "flood"},
        {"kind": "fail", "operation": "invoke"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(ledger: Ledger, fault: dict) -> None:
    with pytest.raises(SimcloudError, match=":"):
        faults.add(ledger, Fault(**fault))
    assert faults.pending(ledger) == []


TAKE = """
import sys
from simcloud import faults
from simcloud.ledger import Ledger
ledger = Ledger(sys.argv[1])
print(sum(bool(faults.take(ledger, {"fail"}, "create", "t", "n")) for _ in range(20)))
"""


def test_a_fault_fires_as_often_as_ordered_across_all_processes(ledger: Ledger) -> None:
    faults.add(ledger, Fault(kind="fail", nth=6, times=30))
    command = [sys.executable, "-c", TAKE, str(ledger.path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(process.communicate(timeout=50)[0]) for process in processes) == 30
    assert faults.pending(ledger) == []
