"""Default sizes of hosts, amd64.

Sources: Horcrux's suggestion for sentries (4 CPU, 16 GB) and cosigners (1 CPU, 1 GB) in docs/migrating.md; a cosigner
is on no burstable type where the provider has a small other one, since exhausted CPU credit was reported to cost blocks
(`dylanschultzie`'s operator notes). Chains differ: an operator overrides a size with `machines` of a site.
"""

from fleet.roles import Role
from fleet.sites import Machine


def machines(*, gateway: str, node: str, cosigner: str, monitor: str) -> dict[Role, Machine]:
    """The sizes of all roles of a provider.

    Args:
        gateway: The machine type of gateways.
        node: That of sentries and validators.
        cosigner: That of cosigners.
        monitor: That of monitors.
    """
    return {
        "gateway": Machine(type=gateway, data_gb=0),
        "sentry": Machine(type=node, data_gb=500),
        "validator": Machine(type=node, data_gb=500),
        "cosigner": Machine(type=cosigner, data_gb=10),
        "monitor": Machine(type=monitor, data_gb=100),
    }
