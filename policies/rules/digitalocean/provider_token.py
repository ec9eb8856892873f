"""The provider has no token among its inputs, so that no state holds it, and sends it to DigitalOcean alone.

The token comes from the environment, and an endpoint of somebody else would be sent it with every request.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.blocks import patiently
from policies.rule import Rule, Seen

CREDENTIALS: Final = ("token", "spacesAccessId", "spacesSecretKey")
ENDPOINTS: Final = {"apiEndpoint": "https://api.digitalocean.com", "spacesEndpoint": ""}
"""What the provider fills in (its SDK); nothing here uses Spaces."""


def _check(provider: Seen) -> Iterator[str]:
    def credential(name: str) -> Iterator[str]:
        if provider.get(name):
            yield f"{name} is an input and so in the state"

    def endpoint(name: str) -> Iterator[str]:
        if (said := provider.get(name)) and said != ENDPOINTS[name]:
            yield f"{name} is not DigitalOcean's own, and gets its credentials"

    looks = [*((credential, name) for name in CREDENTIALS), *((endpoint, name) for name in ENDPOINTS)]
    yield from patiently(looks, lambda one: one[0](one[1]))


RULE: Final = Rule(
    id="digitalocean-provider-token",
    title="The provider's credentials come from the environment, and go to DigitalOcean alone.",
    why="A token opens the whole account: whoever reads the state or a backup of it can delete or copy every host.",
    remedy="take it out of the Provider's arguments; set DIGITALOCEAN_TOKEN, and no endpoint, where Pulumi runs",
    severity=Severity.CRITICAL,
    tags=("secrets", "identity"),
    waivable=False,
    types=frozenset({"pulumi:providers:digitalocean"}),
    check=_check,
)
