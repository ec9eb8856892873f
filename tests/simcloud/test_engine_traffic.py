"""The provider over gRPC, as the engine reaches it: versions, unknowns, secrets, errors, refusals, and its end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from simcloud.ledger import ENVIRONMENT, Ledger
from tests.support.samples import ROOT

BINARIES = ROOT / "simcloud" / "bin"
BINARY = BINARIES / "pulumi-resource-aws"
URN = "urn:pulumi:dev::redoubt::redoubt:aws:Site$aws:ec2/vpc:Vpc::main"
INSTANCE = "urn:pulumi:dev::redoubt::aws:ec2/instance:Instance::host"
CONFIG = {"region": "eu-central-1"}
Stub = Any


def struct(**fields: Any) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update(fields)
    return message


def secret(value: Any) -> dict[str, Any]:
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen, Stub]]]:
    """Start the executable from a foreign folder, and talk to it."""
    started: list[tuple[subprocess.Popen, grpc.Channel]] = []

    def run(binary: Path = BINARY, **environment: str) -> tuple[subprocess.Popen, Stub]:
        process = subprocess.Popen(
            [binary, "127.0.0.1:1"],
            cwd=tmp_path,
            env={**os.environ, ENVIRONMENT: str(tmp_path / "ledger.db"), **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
        started.append((process, channel))
        return process, provider_pb2_grpc.ResourceProviderStub(channel)

    yield run
    for process, channel in started:
        channel.close()
        process.kill()
        process.communicate()


def configured(stub: Stub) -> Stub:
    answer = stub.Configure(provider_pb2.ConfigureRequest(args=struct(**CONFIG)))
    assert (answer.acceptSecrets, answer.supportsPreview) == (False, True)
    return stub


def error_of(call: Callable[[], Any]) -> str:
    with pytest.raises(grpc.RpcError) as error:
        call()
    return error.value.details() or ""  # type: ignore[attr-defined]


def test_it_reports_the_version_of_the_sdk_without_loading_it(start: Callable) -> None:
    _, stub = start()
    assert stub.GetPluginInfo(empty_pb2.Empty()).version == "7.51.1"


def test_gcps_is_started_in_the_same_way_and_refuses_real_credentials(start: Callable) -> None:
    _, stub = start(BINARIES / "pulumi-resource-gcp", GOOGLE_CREDENTIALS="{}")
    assert stub.GetPluginInfo(empty_pb2.Empty()).version == "10.2.0"
    [failure] = stub.CheckConfig(provider_pb2.CheckRequest(urn="u", news=struct(project="fleet-prod"))).failures
    assert "does not start beside real credentials (GOOGLE_CREDENTIALS is set)" in failure.reason


def test_a_folder_with_our_names_in_it_changes_nothing(start: Callable, tmp_path: Path) -> None:
    for name in ("simcloud.py", "pulumi.py", "grpc.py"):
        (tmp_path / name).write_text("raise SystemExit('shadowed')")
    _, stub = start()
    configured(stub)


def test_it_works_through_a_symbolic_link(tmp_path: Path) -> None:
    link = tmp_path / "pulumi-resource-aws"
    link.symlink_to(BINARY)
    done = subprocess.run([link], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "let the Pulumi engine start this provider" in done.stderr


@pytest.mark.parametrize("environment", [{ENVIRONMENT: ""}, {"AWS_PROFILE": "prod"}, {ENVIRONMENT: "/"}])
def test_where_it_must_not_run_it_refuses_every_question_with_the_remedy(start: Callable, environment: dict) -> None:
    _, stub = start(**environment)
    [failure] = stub.CheckConfig(provider_pb2.CheckRequest(urn="u", news=struct(**CONFIG))).failures
    request = provider_pb2.CheckRequest(urn=URN, news=struct(cidrBlock="10.0.0.0/16"))
    for call in (
        lambda: stub.Configure(provider_pb2.ConfigureRequest(args=struct(**CONFIG))),
        lambda: stub.DiffConfig(provider_pb2.DiffRequest(urn="u")),
        lambda: stub.Check(request),
        lambda: stub.Diff(provider_pb2.DiffRequest(urn=URN)),
        lambda: stub.Read(provider_pb2.ReadRequest(urn=URN, id="x")),
    ):
        assert error_of(call) == failure.reason
    for call in (
        lambda: stub.Create(provider_pb2.CreateRequest(urn=URN)),
        lambda: stub.Update(provider_pb2.UpdateRequest(urn=URN)),
        lambda: stub.Delete(provider_pb2.DeleteRequest(urn=URN)),
        lambda: stub.Invoke(provider_pb2.InvokeRequest(tok="aws:index/getCallerIdentity:getCallerIdentity")),
    ):
        assert "not implemented" in error_of(call)
    assert ":" in failure.reason


def test_errors_arrive_as_they_are_without_a_traceback(start: Callable) -> None:
    _, stub = start()
    configured(stub)
    subnet = URN.replace("vpc:Vpc", "subnet:Subnet")
    properties = struct(vpcId="vpc-0", cidrBlock="10.0.0.0/24", region="eu-central-1")
    assert error_of(lambda: stub.Create(provider_pb2.CreateRequest(urn=subnet, properties=properties))).startswith(
        "InvalidVpcID.NotFound: The vpc ID 'vpc-0' does not exist: give the id"
    )


def test_unknown_values_travel_both_ways(start: Callable) -> None:
    _, stub = start()
    configured(stub)
    subnet = URN.replace("vpc:Vpc", "subnet:Subnet")
    news = struct(vpcId=rpc.UNKNOWN, cidrBlock="10.0.0.0/24")
    inputs = stub.Check(provider_pb2.CheckRequest(urn=subnet, news=news)).inputs
    assert (inputs["vpcId"], inputs["region"]) == (rpc.UNKNOWN, "eu-central-1")
    planned = stub.Create(provider_pb2.CreateRequest(urn=subnet, properties=inputs, preview=True)).properties
    assert (planned["vpcId"], planned["arn"], planned["cidrBlock"]) == (rpc.UNKNOWN, rpc.UNKNOWN, "10.0.0.0/24")


def test_a_marked_secret_is_taken_for_its_value(start: Callable, tmp_path: Path) -> None:
    """The engine strips the marks for a provider that does not keep them; one that comes through must not hurt."""
    _, stub = start()
    configured(stub)
    news = struct(cidrBlock=secret("10.0.0.0/16"))
    inputs = stub.Check(provider_pb2.CheckRequest(urn=URN, news=news)).inputs
    stub.Create(provider_pb2.CreateRequest(urn=URN, properties=inputs))
    [vpc] = Ledger(tmp_path / "ledger.db").records(type="aws:ec2/vpc:Vpc")
    assert vpc.inputs["cidrBlock"] == "10.0.0.0/16"


def test_a_changed_provider_configuration_is_told_as_the_protocol_says(start: Callable) -> None:
    _, stub = start()
    request = provider_pb2.DiffRequest(urn="u", olds=struct(**CONFIG), news=struct(region="us-east-1"))
    answer = stub.DiffConfig(request)
    assert (answer.changes, list(answer.diffs), list(answer.replaces)) == (
        provider_pb2.DiffResponse.DIFF_SOME,
        ["region"],
        [],
    )
    same = provider_pb2.DiffRequest(urn="u", olds=struct(**CONFIG), news=struct(**CONFIG))
    assert stub.DiffConfig(same).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_it_ends_at_once_when_the_engine_asks_for_it(start: Callable) -> None:
    process, _ = start()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=4) == 0


def test_it_ends_when_the_engine_has_died(tmp_path: Path) -> None:
    """A shell stands for the engine: it starts the provider, passes its port on, and is gone."""
    script = f'"{BINARY}" 127.0.0.1:1 > port & echo $!; while [ ! -s port ]; do sleep 0.05; done'
    environment = {**os.environ, ENVIRONMENT: str(tmp_path / "ledger.db")}
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    pid = int(done.stdout)

    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the provider outlives its engine"
        time.sleep(0.05)
