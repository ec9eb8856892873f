"""The plan: everything about a fleet that can be known before a cloud is asked, as one frozen tree of plain values.

Resources, host files, firewalls, tunnels, proofs and pictures are renderings of it. It holds no Output and no secret.
"""

import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property

from fleet.addressing import MESH_MTU
from fleet.cloudrules import GroupRule, group_rules
from fleet.flows import Flow, flows
from fleet.hosts import Host, SitePlan, host_plans, site_plans
from fleet.latency import round_trips, signing_pairs
from fleet.limits import limits, undecided
from fleet.mesh import Pair, RelayRule, mesh_pairs, relay_rules, unreachable_pairs
from fleet.naming import LONGEST_STACK
from fleet.parse import parse
from fleet.placement import dialers, places
from fleet.problems import FleetError, Problem
from fleet.quorum import Quorum
from fleet.refusals import refusals
from fleet.roles import PROTECTED_ROLES, Role
from fleet.rollout import Step, rollout
from fleet.spec import Fleet

LATER = "Checks of the whole fleet (quorum, overlaps, limits) follow once these are mended."


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Who signs, and for whom.

    Attributes:
        kind: The signing software.
        threshold: t.
        shards: Names of the cosigners by shard id, 1 first.
        dialers: Names of the cosigners that dial a validator, by the validator's name.
        overlap: 2t - n, the cosigners that any two quorums share at least.
        statement: What that means, in words.
    """

    kind: str
    threshold: int
    shards: tuple[str, ...]
    dialers: dict[str, tuple[str, ...]]
    overlap: int
    statement: str


@dataclass(frozen=True, kw_only=True)
class Delay:
    """The round trip between two sites that sign together, by their labels.

    Attributes:
        milliseconds: Measured, or a lower bound; None when a site's place is not known.
    """

    one: str
    other: str
    milliseconds: float | None
    measured: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A fleet, planned.

    Attributes:
        fleet: Its name.
        stack: The stack that deploys it.
        network: `testnet` or `mainnet`.
        protected: Whether what must not be lost is protected; False lets go of all of it.
        let_go: Names of hosts that are not protected although their role would be.
        mesh_mtu: MTU of the WireGuard interfaces, in bytes.
        rtt_budget_ms: Longest round trip that signing may take.
        accepted_single_provider: Why one provider may hold a quorum, in the operator's words; None where none may.
        notes: What the operator should know: accepted risks, and what could not be decided.
    """

    fleet: str
    stack: str
    network: str
    chain_id: str
    protected: bool
    let_go: tuple[str, ...]
    mesh_mtu: int
    ssh_user_ca: str
    admin_cidrs: tuple[str, ...]
    sites: tuple[SitePlan, ...]
    hosts: tuple[Host, ...]
    pairs: tuple[Pair, ...]
    relays: tuple[RelayRule, ...]
    flows: tuple[Flow, ...]
    rules: tuple[GroupRule, ...]
    signing: Signing
    rtt_budget_ms: int
    round_trips: tuple[Delay, ...]
    accepted_single_provider: str | None
    rollout: tuple[Step, ...]
    notes: tuple[str, ...]

    @cached_property
    def host(self) -> dict[str, Host]:
        """The hosts by name."""
        return {host.name: host for host in self.hosts}

    def keeps(self, host: Host) -> bool:
        """Whether a host, with its address and volume, is protected and retained."""
        return self.protected and host.role in PROTECTED_ROLES and host.name not in self.let_go

    def hosts_of(self, site_id: int, *roles: Role) -> tuple[Host, ...]:
        """The hosts of a site, of the given roles or of all."""
        return tuple(host for host in self.hosts if host.site_id == site_id and (not roles or host.role in roles))

    def rules_of(self, site: SitePlan) -> tuple[GroupRule, ...]:
        """The cloud firewall rules of a site."""
        return tuple(rule for rule in self.rules if rule.group.startswith(f"{site.name}-"))

    def to_json(self) -> str:
        """The plan as JSON: the same config gives the same bytes."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False)


def plan(value: object, stack: str) -> Plan:
    """Plans the fleet that a config value describes.

    Args:
        value: The parsed value of `redoubt:fleet`.
        stack: Name of the stack that deploys it.

    Raises:
        FleetError: With all problems, each with its field and remedy.
    """
    problems, fleet = parse(value)
    named = re.fullmatch(rf"[a-z]([a-z0-9-]{{0,{LONGEST_STACK - 2}}}[a-z0-9])?", stack) is not None
    if not named:
        remedy = f"use 1 to {LONGEST_STACK} lower-case letters, digits and inner hyphens, beginning with a letter"
        problems.append(Problem("stack", "its name cannot begin the names of hosts and keys", remedy))
    if fleet is None:
        raise FleetError(problems, LATER)
    found, plannable = refusals(fleet)
    problems += found
    if plannable and named:
        planned, found = _compute(fleet, stack)
        if not problems and not found:
            return planned
        problems += found
    raise FleetError(problems)


def _compute(fleet: Fleet, stack: str) -> tuple[Plan, list[Problem]]:
    """The plan of a soundly numbered fleet, with the problems that only the plan shows."""
    sites, hosts = site_plans(fleet), host_plans(fleet, stack)
    standing = {place.name: place for place in places(fleet)}
    served = dialers(
        [place for place in standing.values() if place.role == "validator"],
        [standing[name] for name in dict.fromkeys(fleet.signer.shards) if name in standing],
    )
    pairs = mesh_pairs(hosts, served)
    rows = flows(fleet, sites, hosts, pairs)
    rules = group_rules(rows, sites, hosts)
    group = Quorum(threshold=fleet.signer.threshold, shards=len(fleet.signer.shards))
    planned = Plan(
        fleet=fleet.name,
        stack=stack,
        network=fleet.network,
        chain_id=fleet.chain.chain_id,
        protected=not fleet.retire,
        let_go=fleet.let_go,
        mesh_mtu=MESH_MTU,
        ssh_user_ca=fleet.access.ssh_user_ca,
        admin_cidrs=tuple(str(one) for one in fleet.access.admin_cidrs),
        sites=sites,
        hosts=hosts,
        pairs=pairs,
        relays=relay_rules(hosts, pairs),
        flows=rows,
        rules=rules,
        signing=Signing(
            kind=fleet.signer.kind,
            threshold=fleet.signer.threshold,
            shards=fleet.signer.shards,
            dialers=served,
            overlap=group.overlap,
            statement=group.statement(),
        ),
        rtt_budget_ms=fleet.chain.rtt_budget_ms,
        round_trips=_delays(fleet),
        accepted_single_provider=fleet.signer.accepted_risks.single_provider,
        rollout=rollout(hosts),
        notes=_notes(fleet, sites),
    )
    return planned, [*unreachable_pairs(hosts, pairs), *limits(fleet, sites, hosts, rules)]


def _delays(fleet: Fleet) -> tuple[Delay, ...]:
    labels, trips = {site.id: site.name for site in fleet.sites}, round_trips(fleet)
    return tuple(
        Delay(
            one=labels[min(pair)],
            other=labels[max(pair)],
            milliseconds=trips[pair].milliseconds,
            measured=trips[pair].measured,
        )
        for pair in signing_pairs(fleet)
    )


def _notes(fleet: Fleet, sites: tuple[SitePlan, ...]) -> tuple[str, ...]:
    """Accepted risks, and what could not be decided, said instead of passed over."""
    found: list[str] = []
    risk = fleet.signer.accepted_risks.single_provider
    if risk is not None:
        found.append(f"accepted risk: one provider holds a quorum of shards ({risk})")
    labels = {site.id: site.label for site in sites}
    for pair, trip in round_trips(fleet).items():
        if trip.milliseconds is None:
            one, other = (labels[site_id] for site_id in sorted(pair))
            found.append(f"not decided: the delay between {one} and {other}; measure it (measured_rtt_ms)")
    found += [f"not decided: {text}" for text in undecided(sites)]
    if fleet.let_go:
        found.append(
            f"let go: {', '.join(fleet.let_go)} can be removed or replaced by the next update; then empty let_go"
        )
    if fleet.retire:
        found.append("retire is true: nothing is protected, and the next destroy removes the whole fleet")
    return tuple(found)
