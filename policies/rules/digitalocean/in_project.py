"""Droplets and volumes are in the site's project: what is in none stands in the account's default one, among others."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.digitalocean.kinds import DROPLET, PROJECT, PROJECT_RESOURCES, VOLUME


def _check(stack: Stack) -> Iterator[Finding]:
    listed = {
        one.urn
        for entry in stack.of(PROJECT_RESOURCES)
        if stack.linked(entry, "project", PROJECT)
        for one in stack.linked(entry, "resources", DROPLET, VOLUME)
    }

    def look(resource: Seen) -> Iterator[str]:
        if resource.urn not in listed:
            yield "it is in no project of this program"

    yield from each(stack.of(DROPLET, VOLUME), look)


RULE: Final = StackRule(
    id="digitalocean-in-project",
    title="Every droplet and volume is in a project of this program.",
    why="A signer among an account's other droplets is the one that somebody resizes or deletes by mistake.",
    remedy="list its droplet_urn or volume_urn in the site's ProjectResources",
    severity=Severity.LOW,
    tags=("hygiene",),
    check=_check,
)
