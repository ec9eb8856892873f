"""Start the simulated provider: `python -m simcloud.digitalocean ENGINE_ADDRESS`, see bin/pulumi-resource-digitalocean."""

from __future__ import annotations

import importlib.metadata
import sys

from pulumi.provider.experimental.provider import Provider

from simcloud.core.errors import SimcloudError
from simcloud.core.refusal import Refusal
from simcloud.core.serve import serve
from simcloud.digitalocean.config import refuse_real_credentials
from simcloud.digitalocean.provider import DigitalOceanProvider
from simcloud.ledger import open_ledger

SDK = "pulumi-digitalocean"
"""Its version is reported as the provider's own: the engine asks for the version that the SDK was made from."""


def provider() -> Provider:
    """The provider, or one that refuses everything when the environment or the ledger does not allow it."""
    try:
        refuse_real_credentials()
        return DigitalOceanProvider(open_ledger())
    except SimcloudError as error:
        return Refusal(error)


def main() -> int:
    """Serve until the engine goes away."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if len(addresses) != 1:
        print("error: the engine's address is missing: let the Pulumi engine start this provider", file=sys.stderr)
        return 2
    serve(importlib.metadata.version(SDK), provider(), addresses[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
