"""A simulated provider: the engine's questions answered from a schema, the types' models and the ledger.

What a bridged provider does at a preview is done here too: checks that need no cloud, the diff, and outputs that are
known from the inputs. Whatever asks the account (does this VPC exist, is this name taken) is asked at the update, as
the cloud's API would be.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pulumi.provider.experimental import provider as sdk

from simcloud.core.attempts import Operation, attempt
from simcloud.core.check import DEFAULTS, Failure, validate, with_defaults, without_defaults_marker
from simcloud.core.diff import Change, Rules, compare
from simcloud.core.errors import CloudError, SimcloudError
from simcloud.core.model import Call, Model, Properties, Question
from simcloud.core.naming import autonamed
from simcloud.core.outputs import blank_outputs, carried, planned_for_create, planned_for_update, refreshed
from simcloud.core.schema import Catalogue, Field, Schema
from simcloud.core.wire import plain_map, property_map
from simcloud.faults import Operation as Kind
from simcloud.ledger import Ledger, Record, Transaction

T = TypeVar("T")
Function = Callable[[Call, Properties], Properties]

KINDS = {
    ("add", False): sdk.PropertyDiffKind.ADD,
    ("add", True): sdk.PropertyDiffKind.ADD_REPLACE,
    ("delete", False): sdk.PropertyDiffKind.DELETE,
    ("delete", True): sdk.PropertyDiffKind.DELETE_REPLACE,
    ("update", False): sdk.PropertyDiffKind.UPDATE,
    ("update", True): sdk.PropertyDiffKind.UPDATE_REPLACE,
}


class SimulatedProvider(sdk.Provider):
    """Everything but what differs from cloud to cloud: subclasses say where a resource goes and what they fill in."""

    name: str
    """The package's name, for example `aws`."""

    filled_in: Mapping[str, Field]
    """Properties that the provider puts into the inputs by itself and that are outputs in the schema."""

    planned: Mapping[str, Field] = {}
    """Outputs that `complete` computes and that are compared with the state, but stay out of the inputs."""

    def __init__(
        self,
        ledger: Ledger,
        catalogue: Catalogue,
        models: Mapping[str, Model],
        functions: Mapping[str, Function],
    ) -> None:
        self.ledger = ledger
        self.catalogue = catalogue
        self.models = models
        self.functions = functions
        self.attempts = 1

    # What differs from cloud to cloud.

    def account(self, transaction: Transaction) -> str:
        """The account's id."""
        raise NotImplementedError

    def region_of(self, model: Model | None, inputs: Properties) -> str:
        """The region a resource belongs to; empty for a global one."""
        raise NotImplementedError

    def fill_in(self, model: Model, schema: Schema, inputs: Properties) -> Properties:
        """What the provider puts into the inputs by itself: its region, its default tags."""
        raise NotImplementedError

    def complete(self, model: Model, schema: Schema, inputs: Properties, olds: Mapping[str, Any]) -> Properties:
        """The inputs with what a preview knows besides: what its configuration says, and `planned`.

        The engine sees it among the outputs, not among the inputs. `olds` is the state, empty before the creation.
        """
        return inputs

    # The engine's questions.

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse bad inputs, or answer with the inputs completed by names and defaults."""
        schema, model = self._type(request.type)
        news, olds = plain_map(request.new_inputs), plain_map(request.old_inputs)
        for name in self.filled_in:
            news.pop(name, None)  # comes back from the engine with ignoreChanges; it is computed anew
        failures = list(self._failures(schema, model, news))
        if failures:
            return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure(f.property, f.reason) for f in failures])
        inputs = model.normalize(without_defaults_marker(news))
        name = autonamed(model.autoname, request.name, olds, inputs, request.random_seed) if model.autoname else None
        named = {model.autoname.property: name} if model.autoname and name is not None else {}
        wrong = list(
            validate({prop: schema.inputs[prop] for prop in named}, named)
        )  # a logical name may not do for one
        if wrong:
            return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure(f.property, f.reason) for f in wrong])
        inputs = with_defaults(schema.inputs, {**inputs, **named}, filled=named)
        return sdk.CheckResponse(property_map(self.fill_in(model, schema, inputs)), [])

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """What a change does, property by property."""
        schema, model = self._type(request.type)
        olds, marked = plain_map(request.old_state), plain_map(request.new_inputs)
        news = self._completed(model, schema, marked, olds)
        model.refuse_plan(olds, news)
        changes = self._changes(schema, model, olds, news)
        replaces = sorted({_top(change) for change in changes if change.replaces})
        return sdk.DiffResponse(
            changes=bool(changes),
            replaces=replaces,
            diffs=sorted({_top(change) for change in changes}),
            delete_before_replace=bool(replaces) and _has_fixed_name(model, marked),
            detailed_diff={c.path: sdk.PropertyDiff(KINDS[c.kind, c.replaces], input_diff=False) for c in changes},
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        """Create a resource, or at a preview say what is known of it."""
        schema, model = self._type(request.type)
        inputs = self._completed(model, schema, plain_map(request.properties), {})
        if request.preview:
            return sdk.CreateResponse(None, property_map(planned_for_create(schema, model.stored(inputs))))
        action = functools.partial(self._create, request.urn, schema, model, inputs)
        resource_id, outputs = await self._attempt("create", request, action)
        return sdk.CreateResponse(resource_id, property_map(outputs))

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        """The resource as it is now, for a refresh, an import or a `get`; an empty id says that it is gone."""
        schema, model = self._type(request.type)
        state, inputs = plain_map(request.properties), plain_map(request.inputs)

        def look(transaction: Transaction) -> tuple[Record, Properties] | None:
            call = self._call(transaction, self.region_of(model, state))
            # Without a state it is an import (pulumi-terraform-bridge, tfbridge/provider.go, Read).
            id_ = request.resource_id if state else model.imported(call, request.resource_id)
            record = call.get(model.token, id_) if id_ else None
            return (record, model.read(call, record)) if record and not model.gone(record) else None

        found = await self._attempt("read", request, look)
        if found is None:
            return sdk.ReadResponse("", {}, {})
        record, outputs = found
        if not inputs:
            kept = {name: value for name, value in record.inputs.items() if name not in self.planned}
            return sdk.ReadResponse(record.id, property_map(outputs), property_map({**kept, DEFAULTS: []}))
        completed = self._completed(model, schema, inputs, outputs)
        drifted = {_top(change) for change in self._changes(schema, model, outputs, completed)}
        return sdk.ReadResponse(record.id, property_map(outputs), property_map(refreshed(inputs, outputs, drifted)))

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        """Change a resource in place, or at a preview say what is known of it afterwards."""
        schema, model = self._type(request.type)
        olds = plain_map(request.olds)
        inputs = self._completed(model, schema, plain_map(request.news), olds)
        if request.preview:
            unknown = model.unknown_after({_top(c) for c in self._changes(schema, model, olds, inputs)}, olds)
            planned = planned_for_update(schema, olds, model.stored(inputs), unknown)
            return sdk.UpdateResponse(property_map(planned))
        action = functools.partial(self._update, request.resource_id, schema, model, inputs)
        return sdk.UpdateResponse(property_map(await self._attempt("update", request, action)))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        """Delete a resource; one that is gone already counts as deleted."""
        _, model = self._type(request.type)
        state = plain_map(request.properties)

        def delete(transaction: Transaction) -> None:
            call = self._call(transaction, self.region_of(model, state))
            record = call.get(model.token, request.resource_id)
            if record and model.delete(call, record):
                call.remove(record)

        await self._attempt("delete", request, delete)

    async def invoke(self, request: sdk.InvokeRequest) -> sdk.InvokeResponse:
        """Answer a function of the provider."""
        if request.tok not in self.functions:
            raise self._not_simulated(request.tok)
        schema = self.catalogue.schema(request.tok)
        args = plain_map(request.args)
        failures = [sdk.CheckFailure(f.property, f.reason) for f in validate(schema.inputs, args)]
        if failures:
            return sdk.InvokeResponse(None, failures)
        inputs = without_defaults_marker(with_defaults(schema.inputs, args))
        with self.ledger.transaction() as transaction:
            call = self._call(transaction, self.region_of(None, inputs))
            return sdk.InvokeResponse(property_map(self.functions[request.tok](call, inputs)))

    # How they are answered.

    def _type(self, qualified: str) -> tuple[Schema, Model]:
        token = _own_type(qualified)
        if token not in self.models:
            raise self._not_simulated(token)
        return self.catalogue.schema(token), self.models[token]

    def _not_simulated(self, token: str) -> SimcloudError:
        return SimcloudError(
            f"{token} is not simulated: leave it out, or add it to simcloud/data/{self.name}.json and model it in "
            f"simcloud/{self.name}"
        )

    def _failures(self, schema: Schema, model: Model, news: Properties) -> Iterator[Failure]:
        failures = [*validate(schema.inputs, news, outputs=schema.outputs), *model.refuse_unsupported(news)]
        yield from failures or model.check(news, self.region_of(model, news))

    def _completed(self, model: Model, schema: Schema, marked: Properties, olds: Mapping[str, Any]) -> Properties:
        return self.complete(model, schema, without_defaults_marker(marked), olds)

    def _rules(self, model: Model, olds: Properties, news: Properties) -> Rules:
        decisions = {
            prop: functools.partial(lambda decide, change: decide(Question(change, olds, news)), decide)
            for prop, decide in model.decisions.items()
        }
        return Rules(model.same, decisions)

    def _changes(self, schema: Schema, model: Model, olds: Properties, news: Properties) -> list[Change]:
        more = {**self.filled_in, **self.planned}
        fields = {**schema.inputs, **{n: f for n, f in more.items() if n in schema.outputs}}
        return compare(fields, olds, news, self._rules(model, olds, news))

    def _call(self, transaction: Transaction, region: str) -> Call:
        return Call(self.name, self.account(transaction), region, transaction)

    async def _attempt(
        self,
        kind: Kind,
        request: sdk.CreateRequest | sdk.ReadRequest | sdk.UpdateRequest | sdk.DeleteRequest,
        action: Callable[[Transaction], T],
    ) -> T:
        return await attempt(self.ledger, Operation(kind, _own_type(request.type), request.name, self.attempts), action)

    def _create(
        self, urn: str, schema: Schema, model: Model, inputs: Properties, transaction: Transaction
    ) -> tuple[str, Properties]:
        call = self._call(transaction, self.region_of(model, inputs))
        for lost in transaction.records(self.name, type=model.token) if model.taken_over else ():
            if lost.urn == urn:
                transaction.remove(lost)
        created = model.create(call, inputs)
        transaction.add(
            provider=self.name,
            region=call.region,
            type=model.token,
            id=created.id,
            urn=urn,
            address=created.address,
            inputs=inputs,
            outputs={**blank_outputs(schema), **model.stored(inputs), **created.outputs, "id": created.id},
            hidden=created.hidden,
        )
        model.created(call, _present(call, model, created.id))
        return created.id, _seen(call, model, created.id)

    def _update(
        self,
        resource_id: str,
        schema: Schema,
        model: Model,
        inputs: Properties,
        transaction: Transaction,
    ) -> Properties:
        call = self._call(transaction, self.region_of(model, inputs))
        record = _present(call, model, resource_id)
        kept = carried(schema, dict(record.outputs), model.stored(inputs))
        outputs = {**kept, **model.update(call, record, inputs)}
        call.change(record, inputs=inputs, outputs=outputs)
        return _seen(call, model, resource_id)


def _present(call: Call, model: Model, id: str) -> Record:  # noqa: A002
    record = call.get(model.token, id)
    if record is None:
        raise CloudError("NotFound", f"{model.token} {id} does not exist any more", "run `pulumi refresh`, then `up`")
    return record


def _seen(call: Call, model: Model, resource_id: str) -> Properties:
    """The outputs as the provider reads them once more after every creation and change."""
    return model.read(call, _present(call, model, resource_id))


def _top(change: Change) -> str:
    return change.property.partition(".")[0]


def _has_fixed_name(model: Model, inputs: Properties) -> bool:
    """Whether a replacement cannot live beside the old one (nameRequiresDeleteBeforeReplace in tfbridge/schema.go)."""
    named = model.autoname.property if model.autoname else ""
    return named in inputs and named not in inputs.get(DEFAULTS, [])


def _own_type(qualified: str) -> str:
    """The type itself: the SDK hands over a URN's whole chain of types, the parents' first, parted by `$`."""
    return qualified.rpartition("$")[2]
