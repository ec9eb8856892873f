"""The simulated toycloud provider: one account, one region for each provider resource."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi.provider.experimental import provider as sdk

from simcloud.core.model import Model, Properties
from simcloud.core.provider import SimulatedProvider
from simcloud.core.schema import DATA, Field, Schema, catalogue
from simcloud.core.values import UNKNOWN
from simcloud.core.wire import plain_map
from simcloud.ledger import Ledger, Transaction
from simcloud.toycloud.models import MODELS

REGIONS = {"nursery-1"}
WITHOUT_EFFECT = {"version"}  # the engine's own note of the version it wants


class ToycloudProvider(SimulatedProvider):
    """One provider process."""

    name = "toycloud"
    filled_in: Mapping[str, Field] = {}

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, catalogue(DATA / "toycloud.json"), MODELS, functions={})
        self.region = ""

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        """Refuse all but a region that there is."""
        raw = plain_map(request.new_inputs)
        strangers = sorted(raw.keys() - {"region"} - WITHOUT_EFFECT)
        failures = [sdk.CheckFailure(name, "is not known to the simulated provider: remove it") for name in strangers]
        if raw.get("region") not in {*REGIONS, UNKNOWN}:
            failures.append(sdk.CheckFailure("region", f"is no region: use one of {', '.join(sorted(REGIONS))}"))
        return sdk.CheckResponse(request.new_inputs, failures)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        """A changed configuration never replaces the provider."""
        olds, news = plain_map(request.old_state), plain_map(request.new_inputs)
        diffs = sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))
        return sdk.DiffResponse(changes=bool(diffs), diffs=diffs)

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        """Take the region."""
        self.region = plain_map(request.args)["region"]
        return sdk.ConfigureResponse(
            accept_secrets=False, supports_preview=True, accept_resources=False, accept_outputs=False
        )

    def account(self, transaction: Transaction) -> str:
        """The simulated account's id."""
        return transaction.setting("account.toycloud", "play-7")

    def region_of(self, model: Model | None, inputs: Properties) -> str:
        """The provider's: nothing of toycloud names one of its own."""
        return self.region

    def fill_in(self, model: Model, schema: Schema, inputs: Properties) -> Properties:
        """Nothing."""
        return inputs
