"""Default sizes of hosts, amd64, per provider.

Sources: Horcrux's suggestion for sentries (4 CPU, 16 GB) and cosigners (1 CPU, 1 GB) in docs/migrating.md; a cosigner
is on no burstable type where the provider has a small other one, since exhausted CPU credit was reported to cost blocks
(`dylanschultzie`'s operator notes). Chains differ: an operator overrides a size with `machines` of a site.
"""

from typing import Final

from fleet.regions import Provider
from fleet.roles import Role
from fleet.spec import CloudSite, Machine


def _table(gateway: str, node: str, cosigner: str, monitor: str) -> dict[Role, Machine]:
    return {
        "gateway": Machine(type=gateway, data_gb=0),
        "sentry": Machine(type=node, data_gb=500),
        "validator": Machine(type=node, data_gb=500),
        "cosigner": Machine(type=cosigner, data_gb=10),
        "monitor": Machine(type=monitor, data_gb=100),
    }


DEFAULTS: Final[dict[Provider, dict[Role, Machine]]] = {
    "aws": _table("t3.small", "m7i.xlarge", "m7i.large", "m7i.large"),
    "gcp": _table("e2-small", "n2-standard-4", "n2-standard-2", "n2-standard-2"),
    "digitalocean": _table("s-1vcpu-2gb", "g-4vcpu-16gb", "c-2", "c-2"),
}


def machine(site: CloudSite, role: Role) -> Machine:
    """The size of a role's hosts in a site."""
    return site.machines.of(role) or DEFAULTS[site.provider][role]
