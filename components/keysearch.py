"""Which volumes of the account need a key that is about to go.

Asked by the provider that made the key, as the state has it: the key of a site that has left the config is deleted by
the same one, and no component of the site is there to ask.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Final, cast

import pulumi
from pulumi.resource import DependencyProviderResource

PACKAGE: Final = "components"
"""A provider with keys has a module `keys` in its folder, with `volumes_needing(args, options)`."""


async def volumes_needing(args: pulumi.ResourceHookArgs, provider: str | None) -> list[str]:
    """Ids of the volumes that cannot be read without a key.

    Args:
        args: The hook's arguments, about the key.
        provider: The reference of the provider that made the key.

    Raises:
        LookupError: When the state does not say who made the key.
    """
    if provider is None:
        raise LookupError("the state does not say which provider made the key")
    options = pulumi.InvokeOutputOptions(provider=DependencyProviderResource(provider))
    module = import_module(f"{PACKAGE}.{args.type.partition(':')[0]}.keys")
    search = cast(
        "Callable[[pulumi.ResourceHookArgs, pulumi.InvokeOutputOptions], Awaitable[list[str]]]", module.volumes_needing
    )
    return await search(args, options)
