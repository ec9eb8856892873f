"""A monitor that keeps every registration, options included.

The SDK's mocks show inputs only. What keeps a validator safe are options too (protect, retainOnDelete, ignoreChanges,
parent, provider), so this records the requests that would reach the engine. It does not model the engine: equal URNs
are refused here, inheritance of protect is left to who reads.
"""

from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import mocks, rpc, settings


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
    hooks: tuple[str, ...]


@dataclass
class Recording:
    """All that a run of the program asked for."""

    resources: list[Registration] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the mocked clouds answered, `id` among it, by URN."""
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


class RecordingMonitor(mocks.MockMonitor):
    """Keeps what was asked for."""

    def __init__(self, cloud: mocks.Mocks):
        super().__init__(cloud)
        self.recording = Recording()
        self._urns: set[str] = set()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine makes it: the parent's whole type chain, but for the stack itself (the SDK's mock differs)."""
        chain = parent.split("::")[2] if parent else ""
        qualified = f"{chain}${type_}" if chain and chain != "pulumi:pulumi:Stack" else type_
        return f"urn:pulumi:{settings.get_stack()}::{settings.get_project()}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name is the contract of the base class
        """Answers a registration and keeps it."""
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
                hooks=tuple(
                    name
                    for kind in ("before_create", "before_update", "before_delete")
                    for name in getattr(request.hooks, kind)
                ),
            )
        )
        made = self.resources[response.urn]
        self.recording.outputs[response.urn] = {**made.state, "id": made.id}
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Keeps that a component is finished, and the stack's outputs."""
        outputs = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        self.recording.finished.add(request.urn)
        if "::pulumi:pulumi:Stack::" in request.urn:
            self.recording.stack_outputs.update(outputs)
        return super().RegisterResourceOutputs(request)
