"""The real pack as the engine starts it: a process that serves the Analyzer service, and what a test asks of it.

It stands for the engine's side of the contract alone. No program runs and no cloud is there: resources are samples.
"""

import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.support.policy_cases import Sample
from tests.support.samples import ROOT

FOLDER: Final = ROOT / "policies"
NOBODY: Final = "127.0.0.1:1"
"""An engine's address where none listens. The SDK calls the engine back only when a pack cannot be started."""
START: Final = 30.0  # seconds until it has said its port
END: Final = 5.0  # seconds the engine gives a plugin, then it is killed
LARGEST: Final = 400 * 1024 * 1024  # bytes of a message, as in the engine and the SDK
SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
"""How the engine marks a secret (the SDK's deserialize.py); its value stands beside it."""


class NotServing(Exception):
    """The pack did not start; the text is what it said."""


class PolicyServer:
    """A pack that runs, and the engine's calls to it."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = analyzer_pb2_grpc.AnalyzerStub(channel)

    def info(self) -> analyzer_pb2.AnalyzerInfo:
        """What the pack says of itself."""
        return self._stub.GetAnalyzerInfo(empty_pb2.Empty())

    def configure(self, settings: Mapping[str, Mapping[str, Any]]) -> None:
        """Sets the settings of rules, at the level "mandatory", and takes those of all others away."""
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for rule, values in settings.items():
            request.policyConfig[rule].enforcementLevel = analyzer_pb2.MANDATORY
            request.policyConfig[rule].properties.update(dict(values))
        self._stub.Configure(request)

    def analyze(self, one: Sample) -> analyzer_pb2.AnalyzeResponse:
        """What the rules on single resources say."""
        return self.send(one, _struct(one.props))

    def send(self, one: Sample, properties: struct_pb2.Struct) -> analyzer_pb2.AnalyzeResponse:
        """What they say of a resource with properties that no sample can hold."""
        return self._stub.Analyze(
            analyzer_pb2.AnalyzeRequest(
                type=one.type,
                name=one.name,
                urn=one.urn,
                properties=properties,
                options=_options(one),
                provider=_provider(one),
            )
        )

    def analyze_stack(self, samples: Sequence[Sample]) -> analyzer_pb2.AnalyzeResponse:
        """What the rules on the whole stack say. Dependencies name samples, as `name` or `type::name`."""
        urns = {one.name: one.urn for one in samples} | {f"{one.type}::{one.name}": one.urn for one in samples}
        return self._stub.AnalyzeStack(
            analyzer_pb2.AnalyzeStackRequest(
                resources=[
                    analyzer_pb2.AnalyzerResource(
                        type=one.type,
                        name=one.name,
                        urn=one.urn,
                        properties=_struct({**one.props, **one.outputs}),
                        options=_options(one),
                        provider=_provider(one),
                        parent=one.parent or "",
                        propertyDependencies={
                            path: analyzer_pb2.AnalyzerPropertyDependencies(
                                urns=[urns.get(each, each) for each in all_]
                            )
                            for path, all_ in one.dependencies.items()
                        },
                    )
                    for one in samples
                ]
            )
        )


@contextmanager
def serving() -> Iterator[PolicyServer]:
    """Starts the pack as `toolchain.language_python.host` does, and ends it whatever happens.

    Raises:
        NotServing: When it ends, or says no port in time.
    """
    process = subprocess.Popen(
        [str(ROOT / ".venv" / "bin" / "python"), "-u", "-m", "pulumi.policy", NOBODY, str(FOLDER)],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = _port(process)
        options = [("grpc.max_receive_message_length", LARGEST), ("grpc.max_send_message_length", LARGEST)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            yield PolicyServer(channel)
    finally:
        _end(process)


def secret(value: Any) -> dict[str, Any]:
    """A value as the engine sends one that is secret."""
    return {**SECRET, "value": value}


def _port(process: subprocess.Popen[str]) -> int:
    lines: queue.Queue[str] = queue.Queue()

    def read(stream: IO[str]) -> None:
        lines.put(stream.readline())

    assert process.stdout is not None
    threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    try:
        line = lines.get(timeout=START)
    except queue.Empty:
        raise NotServing(f"the pack said no port within {START:g} s") from None
    if not line.strip().isdecimal():
        process.kill()
        raise NotServing(f"the pack said {line!r} for a port, and: {process.communicate()[1]}")
    return int(line)


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(dict(values))
    return made


def _options(one: Sample) -> analyzer_pb2.AnalyzerResourceOptions:
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=one.protect, ignoreChanges=one.ignore_changes, parent=one.parent or ""
    )


def _provider(one: Sample) -> analyzer_pb2.AnalyzerProviderResource | None:
    if one.provider is None:
        return None
    type_, _, name = one.provider.partition("::")[2].partition("::")[2].rpartition("::")
    return analyzer_pb2.AnalyzerProviderResource(type=type_, name=name, urn=one.provider)
