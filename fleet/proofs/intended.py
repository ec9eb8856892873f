"""What the proofs take from the plan: which hosts there are, and what the fleet is meant to be."""

from fleet.plan import Plan
from fleet.proofs.model import Intent, spans
from fleet.proofs.reading.resources import HostFacts


def facts(planned: Plan) -> tuple[HostFacts, ...]:
    """What the proofs take from the plan about each host."""
    return tuple(
        HostFacts(
            name=host.name,
            role=host.role,
            site=f"s{host.site_id}",
            provider=host.provider,
            failure_domain=f"s{host.site_id}" if host.provider == "baremetal" else host.provider,
            mesh_address=host.mesh_address,
            metal_address=str(host.public_address) if host.provider == "baremetal" else None,
        )
        for host in planned.hosts
    )


def intent(planned: Plan) -> Intent:
    """What the fleet is meant to be."""
    gateways = {site.id: site.gateway for site in planned.sites}
    metal = {site.id: frozenset(name for one in site.jump_sites if (name := gateways[one])) for site in planned.sites}
    sealed = {site.id for site in planned.sites if site.egress == "sealed"}
    return Intent(
        admins=spans(planned.admin_cidrs),
        dialers={name: frozenset(served) for name, served in planned.signing.dialers.items()},
        jumps={host.name: metal[host.site_id] for host in planned.hosts if host.provider == "baremetal"},
        sealed=frozenset(host.name for host in planned.hosts if host.site_id in sealed and host.public_address is None),
    )
