"""The simulated AWS provider: regions, default tags and the account around the shared engine.

Like the real one it writes `region` and `tagsAll` into the checked inputs (pulumi-aws provider/region.go at 72bd5227,
provider/tags.go at 1128bcae), so that policies and previews see them.
"""

from __future__ import annotations

from collections.abc import Mapping

from pulumi.provider.experimental import provider as sdk

from simcloud.aws import config, functions, models
from simcloud.aws.account import account_id
from simcloud.core.model import Model, Properties
from simcloud.core.provider import SimulatedProvider
from simcloud.core.schema import DATA, Field, Schema, catalogue
from simcloud.core.values import UNKNOWN, has_unknown
from simcloud.core.wire import plain_map
from simcloud.ledger import Ledger, Transaction


class AwsProvider(SimulatedProvider):
    """One provider process: one configuration, one default region."""

    name = "aws"
    filled_in: Mapping[str, Field] = {"tagsAll": Field(type="map<string>")}

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, catalogue(DATA / "aws.json"), models.MODELS, functions.FUNCTIONS)
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
        with self.ledger.transaction() as transaction:
            account = account_id(transaction)
        self.config = config.parse(plain_map(request.args), account)
        self.attempts = self.config.max_retries
        return sdk.ConfigureResponse(
            accept_secrets=False, supports_preview=True, accept_resources=False, accept_outputs=False
        )

    def account(self, transaction: Transaction) -> str:
        """The simulated account's id."""
        return account_id(transaction)

    def region_of(self, model: Model | None, inputs: Properties) -> str:
        """The resource's own region, else the provider's; none for IAM."""
        if model is not None and not model.regional:
            return ""
        region = inputs.get("region")
        return region if region not in (None, UNKNOWN) else self.config.region

    def fill_in(self, model: Model, schema: Schema, inputs: Properties) -> Properties:
        """The provider's region, and all tags: the resource's own over the default ones."""
        filled = dict(inputs)
        if "region" in schema.inputs and inputs.get("region") is None:
            filled["region"] = self.config.region
        if "tagsAll" in schema.outputs:
            tags = inputs.get("tags", {})
            filled["tagsAll"] = UNKNOWN if has_unknown(tags) else {**self.config.default_tags, **tags}
        return filled
