"""Which provider's components build a site. A provider's SDK is imported only when a site of the plan uses it."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

import pulumi

from components import moved
from components.context import SiteContext
from components.guard import Guard
from components.site import Site
from fleet.plan import Plan

PACKAGE: Final = "components"
"""Each provider has a folder of its name below it, whose module `site` has `build(context)`."""


def build_sites(planned: Plan, guard: Guard) -> list[Site]:
    """The first step of every site: networks and public addresses."""
    for one in moved.transformations():
        pulumi.runtime.register_stack_transformation(one)
    contexts = [SiteContext(planned=planned, site=site, guard=guard) for site in planned.sites]
    return [_builder(one.site.provider)(one) for one in contexts]


def load(planned: Plan) -> None:
    """Imports what `build_sites` will need: seconds, in which something else can be waited for."""
    for provider in {site.provider for site in planned.sites}:
        _builder(provider)


def _builder(provider: str) -> Callable[[SiteContext], Site]:
    return cast("Callable[[SiteContext], Site]", import_module(f"{PACKAGE}.{provider}.site").build)
