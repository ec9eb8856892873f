"""No agent of DigitalOcean runs on a droplet: the droplet agent is what lets the web console log in.

It is installed where nothing is said (terraform-provider-digitalocean, droplet_agent), so it has to be refused.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from policies.rule import Rule, Seen
from policies.rules.digitalocean.kinds import DROPLET


def _check(droplet: Seen) -> Iterator[str]:
    if droplet.flag("dropletAgent") is not False:
        yield "the agent that lets the web console log in is not refused"
    if droplet.flag("monitoring"):
        yield "the monitoring agent is installed"


RULE: Final = Rule(
    id="digitalocean-droplet-agents",
    title="No agent of DigitalOcean runs on a droplet.",
    why="With the agent, whoever takes over the DigitalOcean account is root on every host, past gateway and certificates.",
    remedy="set droplet_agent and monitoring to False",
    severity=Severity.HIGH,
    tags=("identity", "exposure"),
    types=frozenset({DROPLET}),
    check=_check,
)
