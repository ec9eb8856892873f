"""One mocked run of the program, with what the floor needs to know beyond the registrations: outputs and calls."""

import hashlib
import json
import runpy
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from pulumi.runtime import mocks

from tests.support import mocked
from tests.support.samples import ROOT, Config

STACK = "testnet"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a provider's function.

    Attributes:
        provider: The reference of the provider, its URN and id.
        answer: What the provider added to the arguments.
    """

    token: str
    arguments: dict[str, Any]
    provider: str
    answer: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run asked for and was told.

    Attributes:
        recording: The registrations.
        outputs: The outputs of each resource by URN, `id` among them.
        calls: The function calls, in order.
    """

    recording: mocked.Recording
    outputs: dict[str, dict[str, Any]]
    calls: tuple[Call, ...]


class ListeningCloud(mocked.Clouds):
    """Answers like the mocked cloud and keeps the calls."""

    def __init__(self) -> None:
        super().__init__(preview=False, previous_outputs={})
        self.calls: list[Call] = []

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """Answers a function call."""
        result, failures = super().call(args)
        answer = {key: value for key, value in result.items() if key not in args.args}
        self.calls.append(Call(token=args.token, arguments=dict(args.args), provider=args.provider, answer=answer))
        return result, failures


def program() -> None:
    """The real program, as the engine would start it."""
    runpy.run_path(str(ROOT), run_name="__main__")


def listen(start: Callable[[], Any], fleet: Config) -> Run:
    """Runs a program under mocks and keeps all that the floor needs."""
    cloud = ListeningCloud()
    recording = mocked.run_any(start, mocked.stack_config(fleet), STACK, cloud)
    outputs = {urn: made for urn, made in recording.outputs.items() if made["id"]}
    return Run(recording=recording, outputs=outputs, calls=tuple(cloud.calls))


def measure(start: Callable[[], Any], fleet: Config) -> mocked.Recording:
    """Runs a program under mocks, with nothing between it and the recording monitor."""
    cloud = mocked.Clouds(preview=False, previous_outputs={})
    return mocked.run_any(start, mocked.stack_config(fleet), STACK, cloud)


def fingerprint(recordings: list[mocked.Recording]) -> str:
    """The same for two runs exactly if they registered the same resources, all fields equal but the hooks, in whatever order.

    A floor has no hooks: it asks nobody.
    """
    lines = sorted(
        json.dumps({**asdict(one), "dependencies": sorted(one.dependencies), "hooks": ()}, sort_keys=True)
        for recording in recordings
        for one in recording.resources
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
