"""The simulated DigitalOcean provider: one flat account with regions around the shared engine."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi.provider.experimental import provider as sdk

from simcloud.core.model import Model, Properties
from simcloud.core.provider import SimulatedProvider
from simcloud.core.schema import DATA, Field, Schema, catalogue
from simcloud.core.values import UNKNOWN
from simcloud.core.wire import plain_map
from simcloud.digitalocean import config, models, searches
from simcloud.digitalocean.account import AccountCall, account_id
from simcloud.ledger import Ledger, Transaction


class DigitalOceanProvider(SimulatedProvider):
    """One provider process. It has no region of its own: each resource names one, or belongs to none."""

    name = "digitalocean"
    filled_in: Mapping[str, Field] = {}

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, catalogue(DATA / "digitalocean.json"), models.MODELS, searches.FUNCTIONS)

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse configuration that is wrong, unknown, or meant for the real provider."""
        failures = [sdk.CheckFailure(f.property, f.reason) for f in config.check(plain_map(request.new_inputs))]
        return sdk.CheckResponse(request.new_inputs, failures)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """A changed configuration never replaces the provider."""
        olds, news = plain_map(request.old_state), plain_map(request.new_inputs)
        diffs = sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))
        return sdk.DiffResponse(changes=bool(diffs), diffs=diffs)

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """Take the configuration; secrets stay with the engine, which marks them again by itself."""
        self.attempts = 1 + config.parse(plain_map(request.args)).http_retry_max
        return sdk.ConfigureResponse(
            accept_secrets=False, supports_preview=True, accept_resources=False, accept_outputs=False
        )

    def account(self, transaction: Transaction) -> str:
        """The simulated account's id."""
        return account_id(transaction)

    def region_of(self, model: Model | None, inputs: Properties) -> str:
        """The region that the resource names, in lower case as the API has it; none for what has no region."""
        region = inputs.get("region", "")
        return "" if model is None or not model.regional or region is UNKNOWN else region.lower()

    def fill_in(self, model: Model, schema: Schema, inputs: Properties) -> Properties:
        """Nothing: this provider has no region and no tags to add."""
        return inputs

    def _call(self, transaction: Transaction, region: str) -> AccountCall:
        return AccountCall(self.name, self.account(transaction), region, transaction)
