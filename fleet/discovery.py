"""The providers that there are: every module of `fleet.providers`, found by its name. No list is edited for a new one."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from fleet import providers
from fleet.facts import ProviderFacts


def discovered() -> dict[str, ProviderFacts[Any]]:
    """The facts of each provider, by its name, sorted.

    Raises:
        ValueError: When a module states no facts, or those of a provider with another name.
    """
    found: dict[str, ProviderFacts[Any]] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(providers.__path__)):
        facts = getattr(import_module(f"{providers.__name__}.{name}"), "FACTS", None)
        if not isinstance(facts, ProviderFacts) or facts.name != name:
            raise ValueError(
                f"{providers.__name__}.{name} has no FACTS of a provider {name}: docs/adding-a-provider.md"
            )
        found[name] = facts
    return found


PROVIDERS: Final[Mapping[str, ProviderFacts[Any]]] = MappingProxyType(discovered())
"""The clouds, by name. Bare metal is none: it has no network, firewall or machine of ours (`fleet.sites.MetalSite`)."""
