"""Starting a simulated provider for an engine: what `python -m simcloud.<name> ENGINE_ADDRESS` does for every provider."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable

from pulumi.provider.experimental.provider import Provider

from simcloud.core.errors import SimcloudError
from simcloud.core.refusal import Refusal
from simcloud.core.serve import serve
from simcloud.ledger import Ledger, open_ledger


def start(sdk: str, make: Callable[[Ledger], Provider], refuse_real_credentials: Callable[[], None]) -> int:
    """Serves until the engine goes away.

    Args:
        sdk: The Python package whose version is reported as the provider's own: the engine asks for the version that the
            SDK was made from.
        make: Makes the provider on a ledger.
        refuse_real_credentials: Raises where the environment holds any.

    Returns:
        The exit code.
    """
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if len(addresses) != 1:
        print("error: the engine's address is missing: let the Pulumi engine start this provider", file=sys.stderr)
        return 2
    serve(importlib.metadata.version(sdk), provider_or_refusal(make, refuse_real_credentials), addresses[0])
    return 0


def provider_or_refusal(make: Callable[[Ledger], Provider], refuse_real_credentials: Callable[[], None]) -> Provider:
    """The provider, or one that refuses everything when the environment or the ledger does not allow it."""
    try:
        refuse_real_credentials()
        return make(open_ledger())
    except SimcloudError as error:
        return Refusal(error)
