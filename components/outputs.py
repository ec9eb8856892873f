"""What the stack tells its operator. Nothing secret, and nothing that a preview could not also say in shape."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pulumi

from components.site import BuiltHost, Site
from fleet.plan import Plan
from fleet.roles import ROLES, plural
from fleet.tables import columns, flow_table

HOST_HEADER = ("host", "role", "site", "private", "public", "mesh")


def export(config: Any, planned: Plan, sites: Sequence[Site]) -> None:
    """Sets the stack's outputs.

    Args:
        config: The value of `redoubt:fleet`; a policy pack is not told the stack's config, and reads it here.
        planned: The plan of it.
        sites: What was built.
    """
    pulumi.export("fleet", config)
    hosts = {name: built for site in sites for name, built in site.hosts.items()}
    labels = {site.id: site.label for site in planned.sites}
    described = {name: _described(built, labels) for name, built in hosts.items()}
    pulumi.export("hosts", described)
    pulumi.export("flow_matrix", flow_table(planned))
    pulumi.export("signing", planned.signing.statement)
    pulumi.export("notes", list(planned.notes))
    pulumi.export("admin_cidrs", list(planned.admin_cidrs))
    pulumi.export("next_steps", next_steps(planned))
    pulumi.export("summary", pulumi.Output.all(**described).apply(lambda known: summary(planned, known)))


def _described(built: BuiltHost, labels: dict[int, str]) -> dict[str, Any]:
    """One host; an address that it does not have is left out."""
    described = {
        "role": built.plan.role,
        "site": labels[built.plan.site_id],
        "mesh_address": built.plan.mesh_address,
        "private_address": built.private_address,
        "public_address": built.public_address,
    }
    return {key: value for key, value in described.items() if value is not None}


def summary(planned: Plan, hosts: dict[str, Any]) -> str:
    """The fleet on one screen."""
    rows = [
        (
            host.name,
            host.role,
            hosts[host.name]["site"],
            hosts[host.name].get("private_address", "-"),
            hosts[host.name].get("public_address", "-"),
            host.mesh_address,
        )
        for host in planned.hosts
    ]
    parts = [
        f"Fleet {planned.fleet}, stack {planned.stack}, chain {planned.chain_id}",
        f"{len(rows)} hosts in {len(planned.sites)} sites: {_counted(planned)}",
        "",
        columns(HOST_HEADER, rows),
        "",
        f"Signing: {planned.signing.statement}.",
        f"Mesh: {len(planned.pairs)} tunnels. Flow matrix: {len(planned.flows)} flows, `pulumi stack output flow_matrix`.",
        *(f"Note: {note}." for note in planned.notes),
        "",
        "Next:",
        *(f"  {index}. {step}" for index, step in enumerate(next_steps(planned), 1)),
    ]
    return "\n".join(parts)


def _counted(planned: Plan) -> str:
    """Hosts by role in words, for example `1 gateway, 2 sentries`."""
    counts = Counter(host.role for host in planned.hosts)
    return ", ".join(f"{counts[role]} {role if counts[role] == 1 else plural(role)}" for role in ROLES if counts[role])


def next_steps(planned: Plan) -> list[str]:
    """What the operator does now."""
    if not planned.protected:
        return [
            "Nothing is protected any more. `pulumi destroy --run-program` removes the fleet; set retire to false to keep it."
        ]
    return [
        "Read the flow matrix: `pulumi stack output flow_matrix`.",
        f"Keep the state backed up: `python -m ops.state backup --stack {planned.stack} --to <folder outside this machine>`.",
        "To remove it all later: set retire: true, `pulumi up`, `pulumi destroy --run-program`. One host: name it in let_go first.",
    ]
