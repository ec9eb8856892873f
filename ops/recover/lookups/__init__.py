"""What a lost resource's id is in its account: a module for each provider, found by the provider's name.

A module offers `LOOKUPS`, a `base.Lookup` for each resource type that the program makes on that provider. A provider
without a module, or a type without a lookup, cannot be looked up.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from ops.recover.lookups.base import Lookup

PACKAGE: Final = "ops.recover.lookups"


def lookup_of(type_token: str) -> Lookup | None:
    """The lookup of a resource type such as `aws:ec2/vpc:Vpc`; None where there is none."""
    return lookups_of(type_token.partition(":")[0]).get(type_token)


def lookups_of(provider: str) -> Mapping[str, Lookup]:
    """All lookups of a provider, by type token; empty where it has no module."""
    module = f"{PACKAGE}.{provider}"
    return import_module(module).LOOKUPS if provider.isidentifier() and find_spec(module) is not None else {}


def everything_of(provider: str) -> str:
    """The type under which a provider's lookups list all that carries the fleet's and the stack's name.

    Such a lookup answers with names that end with the resources' ids.
    """
    return f"{provider}:redoubt/everything:Everything"
