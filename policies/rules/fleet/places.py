"""What is the fleet's stands where the plan says: in the region and project of its site, by its site's own provider."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from fleet.hosts import SitePlan
from policies.intended import planned
from policies.rule import Finding, Seen, Stack, StackRule, each

PROVIDER: Final = "pulumi:providers:"
SITE: Final = re.compile(r"(s\d+)(-.*)?")
GCP: Final = "gcp"
"""The cloud whose resources name a project; what DigitalOcean calls so is a list of them."""
WHOLE: Final = ("region", "location")
"""Properties that name a region."""
PART: Final = ("zone", "availabilityZone")
"""Properties that name a zone, which begins with its region."""


def _check(stack: Stack) -> Iterator[Finding]:
    sites = {f"s{site.id}": site for site in planned(stack).sites}

    def look(one: Seen) -> Iterator[str]:
        found = SITE.fullmatch(one.name)
        site = sites.get(found[1]) if found else None
        if site is None:
            yield "its logical name names no site of the plan"
        else:
            yield from _placed(one, site)

    clouds = {site.provider for site in sites.values()}
    yield from each([one for one in stack.resources if _package(one) in clouds], look)


def _package(one: Seen) -> str:
    return one.type.removeprefix(PROVIDER).partition(":")[0]


def _placed(one: Seen, site: SitePlan) -> Iterator[str]:
    own = f"s{site.id}-{site.provider}"
    maker = one.name if one.type.startswith(PROVIDER) else (one.provider or "").rpartition("::")[2]
    if maker != own or _package(one) != site.provider:
        yield f"it is not made by the provider {own} of its site"
    for name in WHOLE:
        if one.text(name).lower() not in ("", site.region):
            yield f"it is in another {name} than its site"
    for name in PART:
        if not one.text(name).startswith(str(site.region)) and one.text(name):
            yield f"it is in another {name} than its site"
    if site.provider == GCP and one.text("project") not in ("", site.account):
        yield "it is in another project than its site"


RULE: Final = StackRule(
    id="fleet-places",
    title="Everything of a site is in the site's region and project, made by the site's own provider.",
    why="A host in another region or account is one that nobody watches, and a site that shares another's fate is no site.",
    remedy="let the component of the site make it, by the provider and in the region of the site",
    severity=Severity.HIGH,
    tags=("hygiene", "signing"),
    waivable=False,
    check=_check,
)
