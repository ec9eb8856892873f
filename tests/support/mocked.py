"""Runs the real `__main__.py` against a monitor that records every registration, options included.

The SDK's mocks show inputs only. What keeps a validator safe are options (protect, retainOnDelete, ignoreChanges,
parent, provider), so this records the requests that would reach the engine. It does not model the engine: inheritance
of protect is computed here by walking the parents, equal URNs are refused here.
"""

import asyncio
import contextvars
import json
import runpy
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pulumi.runtime import mocks, rpc, set_all_config, settings, stack

from tests.support.samples import ROOT, Config, committed

PROJECT = "redoubt"
ACCOUNT = "123456789012"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource as the engine would have been asked for it."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    provider: str
    inputs: dict[str, Any]
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    ignore_changes: tuple[str, ...]
    dependencies: tuple[str, ...]
    property_dependencies: dict[str, tuple[str, ...]]
    aliases: int


@dataclass
class Recording:
    """All that a run of the program asked for."""

    resources: list[Registration] = field(default_factory=list)
    finished: set[str] = field(default_factory=set)
    stack_outputs: dict[str, Any] = field(default_factory=dict)

    def of_type(self, token: str) -> list[Registration]:
        """The resources of one type, in the order of registration."""
        return [one for one in self.resources if one.type == token]

    def by_urn(self) -> dict[str, Registration]:
        """The resources by URN."""
        return {one.urn: one for one in self.resources}

    def named(self, token: str, name: str) -> Registration:
        """The one resource of a type with that name."""
        (found,) = [one for one in self.of_type(token) if one.name == name]
        return found


class Cloud(mocks.Mocks):
    """Answers as AWS would, with values that differ from resource to resource."""

    def __init__(self, *, preview: bool, previous_outputs: Mapping[str, Any]):
        self.preview = preview
        self.previous_outputs = dict(previous_outputs)
        self.addresses = 0

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {**args.inputs, "outputs": self.previous_outputs, "secretOutputNames": []}
        if self.preview:
            return "", dict(args.inputs)
        made = {"arn": f"arn:aws:mock::{ACCOUNT}:{args.name}", "keyId": f"{args.name}-key", **args.inputs}
        if args.typ == "aws:ec2/eip:Eip":
            self.addresses += 1
            made["publicIp"] = f"198.18.{self.addresses // 250}.{self.addresses % 250 + 1}"
        return f"{args.name}-id", made

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        answers = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:ec2/getAmi:getAmi": {"id": "ami-0123456789abcdef0"},
        }
        return {**args.args, **answers[args.token]}, []


class RecordingMonitor(mocks.MockMonitor):
    """Keeps what was asked for."""

    def __init__(self, cloud: Cloud):
        super().__init__(cloud)
        self.recording = Recording()
        self._urns: set[str] = set()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine makes it: the parent's whole type chain, but for the stack itself (the SDK's mock differs)."""
        chain = parent.split("::")[2] if parent else ""
        qualified = f"{chain}${type_}" if chain and chain != "pulumi:pulumi:Stack" else type_
        return f"urn:pulumi:{settings.get_stack()}::{settings.get_project()}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name is the contract of the base class
        response = super().RegisterResource(request)
        if request.type == "pulumi:pulumi:Stack":
            return response
        if response.urn in self._urns:
            raise AssertionError(f"two resources have the URN {response.urn}")
        self._urns.add(response.urn)
        self.recording.resources.append(
            Registration(
                urn=response.urn,
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                provider=request.provider,
                inputs=rpc.deserialize_properties(request.object, keep_unknowns=True),
                protect=request.protect,
                retain_on_delete=request.retainOnDelete,
                delete_before_replace=request.deleteBeforeReplace,
                ignore_changes=tuple(request.ignoreChanges),
                dependencies=tuple(request.dependencies),
                property_dependencies={
                    key: tuple(value.urns) for key, value in request.propertyDependencies.items() if value.urns
                },
                aliases=len(request.aliases),
            )
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        outputs = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        self.recording.finished.add(request.urn)
        if "::pulumi:pulumi:Stack::" in request.urn:
            self.recording.stack_outputs.update(outputs)
        return super().RegisterResourceOutputs(request)


def stack_config(fleet: Config) -> dict[str, str]:
    """The stack's config as the engine hands it to a program."""
    return {"redoubt:fleet": json.dumps(fleet), "pulumi:disable-default-providers": '["*"]'}


def run_program(
    fleet: Config,
    stack_name: str = "testnet",
    *,
    preview: bool = False,
    previous_outputs: Mapping[str, Any] | None = None,
    config: Mapping[str, str] | None = None,
) -> Recording:
    """Runs the program once, in a loop of its own.

    Args:
        fleet: The value of `redoubt:fleet`.
        preview: With outputs that are not known, as in the preview of a first update.
        previous_outputs: The stack's outputs of the last update.
        config: The whole stack config instead of the usual one around `fleet`.
    """
    return run(
        lambda: runpy.run_path(str(ROOT), run_name="__main__"),
        config if config is not None else stack_config(fleet),
        stack_name,
        Cloud(preview=preview, previous_outputs=previous_outputs or {}),
    )


def recorded(stack_name: str, *, preview: bool = False) -> Recording:
    """The committed fleet of a stack, run once for all tests: not to be changed."""
    return _recorded(stack_name, preview)


@cache
def _recorded(stack_name: str, preview: bool) -> Recording:
    return run_program(committed(stack_name), stack_name, preview=preview)


def run(program: Callable[[], Any], config: Mapping[str, str], stack_name: str, cloud: Cloud) -> Recording:
    """Runs a program under a recording monitor, in a context and a loop of its own."""
    return contextvars.copy_context().run(_run, program, config, stack_name, cloud)


def _run(program: Callable[[], Any], config: Mapping[str, str], stack_name: str, cloud: Cloud) -> Recording:
    loop = asyncio.new_event_loop()
    # One worker: registrations keep their order, and the loop that the SDK's mocks open in each worker can be closed.
    worker = ThreadPoolExecutor(max_workers=1, initializer=_open_loop)
    loop.set_default_executor(worker)
    asyncio.set_event_loop(loop)
    monitor = RecordingMonitor(cloud)
    try:
        mocks.set_mocks(cloud, PROJECT, stack_name, preview=cloud.preview, monitor=monitor, organization="organization")
        settings.ROOT.set(None)  # set_mocks makes a root stack; run_in_stack makes the one that real programs have
        set_all_config(dict(config), [])
        loop.run_until_complete(stack.run_in_stack(program))
    finally:
        set_all_config({}, [])
        worker.submit(_close_loop).result()
        worker.shutdown()
        loop.close()
        asyncio.set_event_loop(None)
    return monitor.recording


def _open_loop() -> None:
    asyncio.set_event_loop(asyncio.new_event_loop())


def _close_loop() -> None:
    asyncio.get_event_loop().close()
