"""The simulated GCP provider: projects, places and labels; everything else is in the core and the models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.provider.experimental import provider as sdk

from simcloud.core.model import Call, Model, Properties
from simcloud.core.provider import SimulatedProvider
from simcloud.core.schema import DATA, Field, Schema, catalogue
from simcloud.core.values import UNKNOWN
from simcloud.core.wire import plain_map
from simcloud.gcp import config, functions, models
from simcloud.gcp.account import GlobalCall
from simcloud.gcp.common import GcpModel
from simcloud.ledger import Ledger, Transaction

LABELS = Field(type="map<string>")
ATTRIBUTION = "goog-pulumi-provisioned"
"""The label that the provider adds by itself (pulumi/pulumi-gcp#3933; gcp.json, `common`)."""


class GcpProvider(SimulatedProvider):
    """Stands in for pulumi-resource-gcp in mode `ledger`."""

    name = "gcp"
    filled_in: Mapping[str, Field] = {}
    planned: Mapping[str, Field] = {"pulumiLabels": LABELS, "effectiveLabels": LABELS}

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, catalogue(DATA / "gcp.json"), models.MODELS, functions.FUNCTIONS)
        self.config = config.Config()

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse configuration that is wrong, unknown, or meant for the real provider."""
        failures = [sdk.CheckFailure(f.property, f.reason) for f in config.check(plain_map(request.new_inputs))]
        return sdk.CheckResponse(request.new_inputs, failures)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """A changed configuration never replaces the provider; what it means shows on the resources."""
        olds, news = plain_map(request.old_state), plain_map(request.new_inputs)
        diffs = sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))
        return sdk.DiffResponse(changes=bool(diffs), diffs=diffs)

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """Take the configuration; secrets stay with the engine, which marks them again by itself."""
        self.config = config.parse(plain_map(request.args))
        self.attempts = config.ATTEMPTS
        return sdk.ConfigureResponse(
            accept_secrets=False, supports_preview=True, accept_resources=False, accept_outputs=False
        )

    def account(self, transaction: Transaction) -> str:
        """The provider's project: an id is an account, and one ledger holds every one that is named."""
        return self.config.project

    def region_of(self, model: Model | None, inputs: Properties) -> str:
        """The resource's region, zone or location, else the provider's; none for a global one."""
        return model.location(inputs, self.config.defaults) if isinstance(model, GcpModel) else ""

    def fill_in(self, model: Model, schema: Schema, inputs: Properties) -> Properties:
        """Nothing: what this provider knows by itself stands among the outputs, see `complete`."""
        return inputs

    def complete(self, model: Model, schema: Schema, inputs: Properties, olds: Mapping[str, Any]) -> Properties:
        """The provider's project, region, zone and deletion policy where the program names none, and all labels."""
        if not isinstance(model, GcpModel):
            return inputs
        known = {**self.config.defaults, "deletionPolicy": self.config.deletion_policy}
        filled = {name: value for name, value in known.items() if name in schema.inputs and value}
        # What the engine kept of the state, at a refresh for instance, must not hide what is computed here.
        given = {name: value for name, value in inputs.items() if name not in self.planned}
        completed = {**filled, **model.completed(given, self.config.defaults), **given}
        if "pulumiLabels" not in schema.outputs:
            return completed
        labels = self._labels(given.get("labels", {}), olds)
        return {**completed, "pulumiLabels": labels, "effectiveLabels": labels}

    def _labels(self, own: Any, olds: Mapping[str, Any]) -> Any:
        """The resource's labels over the default ones, and the one that says that Pulumi made it."""
        if own is UNKNOWN:
            return UNKNOWN
        made_by_us = not olds or self.config.proactive or ATTRIBUTION in olds.get("pulumiLabels", {})
        attribution = {ATTRIBUTION: "true"} if self.config.attribution and made_by_us else {}
        return {**attribution, **self.config.default_labels, **own}

    def _call(self, transaction: Transaction, region: str) -> Call:
        return GlobalCall(self.name, self.account(transaction), region, transaction)
