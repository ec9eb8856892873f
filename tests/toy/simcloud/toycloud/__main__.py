"""Start the simulated provider: `python -m simcloud.toycloud ENGINE_ADDRESS`, see bin/pulumi-resource-toycloud."""

from __future__ import annotations

import sys

from pulumi.provider.experimental.provider import Provider

from simcloud.core.errors import SimcloudError
from simcloud.core.refusal import Refusal
from simcloud.core.serve import serve
from simcloud.ledger import open_ledger
from simcloud.toycloud.provider import ToycloudProvider

VERSION = "0.1.0"  # of an SDK from the package index it would be that SDK's, by `importlib.metadata`


def provider() -> Provider:
    """The provider, or one that refuses everything when no ledger is named."""
    try:
        return ToycloudProvider(open_ledger())
    except SimcloudError as error:
        return Refusal(error)


if __name__ == "__main__":
    (address,) = (argument for argument in sys.argv[1:] if not argument.startswith("-"))
    serve(VERSION, provider(), address)
