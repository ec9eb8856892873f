"""Start the simulated GCP provider: `python -m simcloud.gcp ENGINE_ADDRESS`, done by bin/pulumi-resource-gcp."""

from __future__ import annotations

import importlib.metadata
import sys

from pulumi.provider.experimental.provider import Provider

from simcloud.core.errors import SimcloudError
from simcloud.core.refusal import Refusal
from simcloud.core.serve import serve
from simcloud.gcp.config import refuse_real_credentials
from simcloud.gcp.provider import GcpProvider
from simcloud.ledger import open_ledger

SDK = "pulumi-gcp"
"""Its version is reported as the provider's own: the engine asks for the version that the SDK was made from."""


def provider() -> Provider:
    """The provider, or one that refuses everything when the environment or the ledger does not allow it."""
    try:
        refuse_real_credentials()
        return GcpProvider(open_ledger())
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
