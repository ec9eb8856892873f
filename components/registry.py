"""Which provider's components build a site. A provider's SDK is imported only when a site of the plan uses it."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

from components.site import Site
from fleet.hosts import SitePlan
from fleet.plan import Plan

PACKAGE: Final = "components"
"""Each provider has a folder of its name below it, whose module `site` has `build(planned, site)`."""


def build_sites(planned: Plan) -> list[Site]:
    """The first step of every site: networks and public addresses."""
    return [_builder(site.provider)(planned, site) for site in planned.sites]


def _builder(provider: str) -> Callable[[Plan, SitePlan], Site]:
    return cast("Callable[[Plan, SitePlan], Site]", import_module(f"{PACKAGE}.{provider}.site").build)
