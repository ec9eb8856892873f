"""The plan in words and columns, for people: the flow matrix and the hosts. Plain text, the same for the same plan."""

from collections import defaultdict
from collections.abc import Sequence

from fleet.addressing import Symbol
from fleet.flows import Party
from fleet.hosts import Host
from fleet.plan import Plan

FLOW_HEADER = ("flow", "from", "to", "port", "over", "why")
SHOWN_CIDRS = 2


def columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under a header, aligned by spaces; the last column is left as it is."""
    widths = [max(len(row[index]) for row in [header, *rows]) for index in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    head = "  ".join(cell.ljust(width) for cell, width in zip(header, widths, strict=True)).rstrip()
    return "\n".join([head, "  ".join("-" * width for width in widths), *lines])


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same rows as a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def flow_rows(planned: Plan) -> list[tuple[str, ...]]:
    """The flow matrix with hosts folded to roles: a line says which roles of which sites, not each pair."""
    folded: dict[tuple[str, ...], tuple[set[str], set[str], set[tuple[int, int]]]] = defaultdict(
        lambda: (set(), set(), set())
    )
    for flow in planned.flows:
        key = (flow.row, _kind(planned, flow.source), _kind(planned, flow.destination), flow.protocol, flow.carrier)
        sources, destinations, ports = folded[(*key, flow.reason)]
        sources.update(_where(planned, flow.source))
        destinations.update(_where(planned, flow.destination))
        ports.add((flow.first_port, flow.last_port))
    found: list[tuple[str, ...]] = []
    for (row, source, destination, protocol, carrier, reason), (froms, tos, ports) in sorted(folded.items()):
        found.append(
            (
                row,
                _side(source, froms),
                _side(destination, tos),
                f"{protocol} {_ports(protocol, ports)}",
                carrier,
                reason,
            )
        )
    return found


def flow_table(planned: Plan) -> str:
    """The flow matrix as text."""
    return columns(FLOW_HEADER, flow_rows(planned))


def _kind(planned: Plan, party: Party) -> str:
    if party.is_host:
        return planned.host[party.name].role
    return party.name.split("-", 1)[0] if party.name.startswith(("resolver-", "clock-")) else _network(party)


def _network(party: Party) -> str:
    return "site network" if party.name.endswith("-network") else party.name


def _where(planned: Plan, party: Party) -> set[str]:
    """Sites for a host, ranges for a network that an operator named."""
    if party.is_host:
        return {f"s{planned.host[party.name].site_id}"}
    return set() if party.name in ("internet", "dhcp", "metadata", "provider-clock") else set(party.cidrs)


def _side(kind: str, where: set[str]) -> str:
    if not where:
        return kind
    shown = sorted(where)
    more = f", {len(shown) - SHOWN_CIDRS} more" if "/" in shown[0] and len(shown) > SHOWN_CIDRS else ""
    return f"{kind} ({', '.join(shown[:SHOWN_CIDRS] if more else shown)}{more})"


def _ports(protocol: str, ports: set[tuple[int, int]]) -> str:
    if protocol == "icmp":
        return ", ".join(f"type {kind} code {code}" for kind, code in sorted(ports))
    first, last = min(port[0] for port in ports), max(port[1] for port in ports)
    if len(ports) <= SHOWN_CIDRS:
        return ", ".join(str(one) if one == other else f"{one}-{other}" for one, other in sorted(ports))
    return f"{len(ports)} ports in {first}-{last}"


def host_rows(planned: Plan) -> list[tuple[str, ...]]:
    """Name, site, place, machine, addresses of every host."""
    labels = {site.id: site.label for site in planned.sites}
    return [
        (
            host.name,
            labels[host.site_id],
            host.zone or host.provider,
            host.machine or "-",
            _address(host.private_address),
            _address(host.public_address),
            host.mesh_address,
            _shard(host),
        )
        for host in planned.hosts
    ]


def _address(address: str | Symbol | None) -> str:
    if address is None:
        return "-"
    return "chosen by provider" if isinstance(address, Symbol) else address


def _shard(host: Host) -> str:
    return str(host.shard_id) if host.shard_id is not None else "-"


HOST_HEADER = ("host", "site", "zone", "machine", "private", "public", "mesh", "shard")


def host_table(planned: Plan) -> str:
    """The hosts as text."""
    return columns(HOST_HEADER, host_rows(planned))
