"""Which provider's components build a site. A provider's SDK is imported only when a site of the plan uses it."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

from components.site import Site
from fleet.hosts import SitePlan
from fleet.plan import Plan
from fleet.problems import FleetError, Problem
from fleet.regions import Provider

MODULES: Final[dict[Provider, str]] = {"aws": "components.aws.site"}
"""The module of each provider whose components exist; it has `build(planned, site)`."""


def build_sites(planned: Plan) -> list[Site]:
    """The first step of every site: networks and public addresses.

    Raises:
        FleetError: When the plan has sites of providers that cannot be built yet. Nothing has been created then.
    """
    missing = [site for site in planned.sites if site.provider not in MODULES]
    if missing:
        known = ", ".join(MODULES)
        raise FleetError(
            Problem(
                f"sites[{site.label}].provider",
                f"the fleet is planned, but sites of {site.provider} cannot be built by this version",
                f"use a provider that can: {known}",
            )
            for site in missing
        )
    return [_builder(site.provider)(planned, site) for site in planned.sites]


def _builder(provider: Provider) -> Callable[[Plan, SitePlan], Site]:
    return cast("Callable[[Plan, SitePlan], Site]", import_module(MODULES[provider]).build)
