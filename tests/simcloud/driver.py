"""Drives a simulated provider as the engine does, with plain values: check, then create, diff, update or delete."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi.provider.experimental import provider as sdk

from simcloud.core.model import Model
from simcloud.core.provider import SimulatedProvider
from simcloud.core.schema import DATA, Catalogue, catalogue
from simcloud.core.wire import plain_map, property_map
from simcloud.ledger import Ledger, Record

STACK = "unit"

Props = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Package:
    """A simulated provider as the tests drive it: a module of tests names its own as `PACKAGE`, else it gets AWS's."""

    name: str
    provider: Callable[[Ledger], SimulatedProvider]
    config: Mapping[str, Any]
    models: Mapping[str, Model]
    samples: Mapping[str, Callable[[World], Props]]
    """A good sample of every type; what it refers to is made on the way."""

    import_ids: Mapping[str, Callable[[Made], str | None]] = field(default_factory=dict)
    """How types are imported whose import id is not the id of the state; None for those that cannot be."""

    undeletable: frozenset[str] = frozenset()
    """Types that the cloud keeps when they are deleted."""

    def import_id(self, made: Made) -> str | None:
        """What a resource is imported by, None if it cannot be."""
        return self.import_ids[made.type](made) if made.type in self.import_ids else made.id

    @property
    def catalogue(self) -> Catalogue:
        return catalogue(DATA / f"{self.name}.json")


LOOP = asyncio.Runner()
"""One loop for all calls: a loop and its threads for each call would take longer than the calls."""
atexit.register(LOOP.close)


def urn_of(type_: str, name: str) -> str:
    """A URN as components give it: the parents' types stand before the resource's own."""
    return f"urn:pulumi:{STACK}::redoubt::redoubt:aws:Site$redoubt:aws:Network${type_}::{name}"


class RefusedError(Exception):
    """The provider's check found something wrong."""

    def __init__(self, failures: list[sdk.CheckFailure]) -> None:
        super().__init__("; ".join(f"{failure.property}: {failure.reason}" for failure in failures))
        self.properties = {failure.property for failure in failures}


@dataclass(frozen=True)
class Made:
    """A resource in the engine's state."""

    type: str
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]

    @property
    def urn(self) -> str:
        return urn_of(self.type, self.name)

    def __getitem__(self, output: str) -> Any:
        return self.outputs[output]


class Cloud:
    """A provider process and the engine in front of it."""

    def __init__(self, ledger: Ledger, package: Package, **config: Any) -> None:
        self.ledger = ledger
        self.package = package
        self.provider = package.provider(ledger)
        args = property_map({**package.config, **config})
        LOOP.run(self.provider.configure(sdk.ConfigureRequest({}, args, True, True)))
        self.count = 0

    def check(self, type_: str, name: str, props: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> dict:
        urn = urn_of(type_, name)
        request = sdk.CheckRequest(urn, property_map(olds or {}), property_map(props), b"seed")
        answer = LOOP.run(self.provider.check(request))
        if answer.failures:
            raise RefusedError(answer.failures)
        assert answer.inputs is not None
        return plain_map(answer.inputs)

    def create(self, type_: str, props: Mapping[str, Any], name: str | None = None) -> Made:
        self.count += 1
        made = Made(type_, name or f"r{self.count}", "", self.check(type_, name or f"r{self.count}", props), {})
        request = sdk.CreateRequest(made.urn, property_map(made.inputs), 0, False)
        answer = LOOP.run(self.provider.create(request))
        assert answer.resource_id
        return Made(type_, made.name, answer.resource_id, made.inputs, plain_map(answer.properties))

    def preview(self, type_: str, props: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs that a preview of the creation knows or not."""
        urn = urn_of(type_, "previewed")
        inputs = property_map(self.check(type_, "previewed", props))
        answer = LOOP.run(self.provider.create(sdk.CreateRequest(urn, inputs, 0, True)))
        assert not answer.resource_id
        return plain_map(answer.properties)

    def diff(self, made: Made, props: Mapping[str, Any]) -> sdk.DiffResponse:
        news = self.check(made.type, made.name, props, made.inputs)
        request = sdk.DiffRequest(made.urn, made.id, property_map(made.outputs), property_map(news), [])
        return LOOP.run(self.provider.diff(request))

    def update(self, made: Made, props: Mapping[str, Any], *, preview: bool = False) -> Made:
        news = self.check(made.type, made.name, props, made.inputs)
        request = sdk.UpdateRequest(made.urn, made.id, property_map(made.outputs), property_map(news), 0, [], preview)
        answer = LOOP.run(self.provider.update(request))
        return Made(made.type, made.name, made.id, news, plain_map(answer.properties))

    def read(self, made: Made) -> Made | None:
        """A refresh; None when the resource is gone."""
        request = sdk.ReadRequest(made.urn, made.id, property_map(made.outputs), property_map(made.inputs))
        return self._found(made, LOOP.run(self.provider.read(request)))

    def adopt(self, type_: str, id_: str) -> Made | None:
        """An import by id."""
        made = Made(type_, "imported", id_, {}, {})
        return self._found(made, LOOP.run(self.provider.read(sdk.ReadRequest(made.urn, id_, {}, {}))))

    def deletion(self, made: Made) -> sdk.DeleteRequest:
        return sdk.DeleteRequest(made.urn, made.id, property_map(made.outputs), 0)

    def delete(self, made: Made) -> None:
        LOOP.run(self.provider.delete(self.deletion(made)))

    def invoke(self, token: str, args: Mapping[str, Any]) -> dict[str, Any]:
        answer = LOOP.run(self.provider.invoke(sdk.InvokeRequest(token, property_map(args))))
        if answer.failures:
            raise RefusedError(answer.failures)
        assert answer.return_value is not None
        return plain_map(answer.return_value)

    def record(self, made: Made) -> Record | None:
        found = [r for r in self.ledger.records(type=made.type) if r.id == made.id and r.urn == made.urn]
        return found[0] if found else None

    def _found(self, made: Made, answer: sdk.ReadResponse) -> Made | None:
        if not answer.resource_id:
            return None
        inputs, outputs = plain_map(answer.inputs), plain_map(answer.properties)
        return Made(made.type, made.name, answer.resource_id, inputs, outputs)


class World:
    """A cloud in which samples are made: everything they refer to is made on the way, once."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.made: dict[str, Made] = {}

    def have(self, type_: str) -> Made:
        """The world's one resource of a type."""
        if type_ not in self.made:
            self.made[type_] = self.cloud.create(type_, self.sample(type_))
        return self.made[type_]

    def sample(self, type_: str, **changes: Any) -> Props:
        """A good sample of the type with some properties changed; None takes one out."""
        props = {**self.cloud.package.samples[type_](self), **changes}
        return {name: value for name, value in props.items() if value is not None}


def shared(cases: Sequence[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Like pytest.mark.parametrize, but with one world for all cases: for what leaves nothing behind, in less time.

    A case is a tuple of the arguments after `world`, or the only one.
    """

    def of(test: Callable[..., None]) -> Callable[..., None]:
        def run(world: World, subtests: pytest.Subtests) -> None:
            for case in cases:
                with subtests.test(msg=str(case)):
                    test(world, *(case if isinstance(case, tuple) else (case,)))

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        return run

    return of


def paths(answer: sdk.DiffResponse) -> dict[str, str]:
    """What a diff says, as path -> kind."""
    return {path: change.kind.name for path, change in answer.detailed_diff.items()}
