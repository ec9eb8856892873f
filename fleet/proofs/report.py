"""All claims about one rendered fleet, decided, as one result for people and machines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from fleet.addressing import Symbol
from fleet.plan import Plan
from fleet.proofs.claims import violations
from fleet.proofs.egress import strays
from fleet.proofs.generic import dependent_rules
from fleet.proofs.layers import LAYER_NAMES, Breach, breaches, without_each
from fleet.proofs.model import Intent, World, merged, point, span
from fleet.proofs.placement import able_to_sign_alone, broken_by_loss, unserved_after_loss
from fleet.proofs.reach import Layer, Reach
from fleet.proofs.standing import missing_layers
from fleet.proofs.wanted import lost_flows, paths, unopened

Outcome = Literal["proved", "failed", "accepted", "not decided"]

CLAIMS: Final = {
    "a": "no stranger reaches a validator, cosigner or monitor",
    "b": "strangers reach exactly the p2p port of a sentry and nothing of a gateway; operators its SSH alone",
    "c": "every flow of the matrix is possible: nothing locks itself out",
    "d": "a, b, e, f and g hold when any one layer is gone",
    "e": "a taken host opens nothing at its peers but what its role needs",
    "f": "a sealed host has no way out; names are none",
    "g": "privval and cosigner ports are reached by their cosigners alone",
    "egress": "every host leaves to what its role needs: nothing where sealed, HTTPS through NAT, names and time",
    "layers": "every layer stands: deny by default, no IPv6, private hosts without public address or way out",
    "addresses": "no rule depends on which address a provider chooses",
    "paths": "every tunnel has a path, through the gateways where it must",
    "loss": "a quorum survives the loss of any provider, site or gateway",
    "alone": "no provider holds enough shards to sign alone",
    "delay": "hosts that sign together are near enough to each other",
}

NOT_COVERED: Final = (
    (
        "whether a host runs what is rendered for it: host firewalls, tunnels and the mesh namespace are rendered from the "
        "plan and not yet installed by the program, nor is its user data read; until they are, cloud firewalls stand alone"
    ),
    "forwarding other than by relays: a host that forwards anything else fails `layers`",
    "what a program does with a packet that may arrive: SSH certificates, WireGuard keys, the proxy's allow-list",
    "replies: they belong to the flow that was opened, in both directions",
    "a packet whose source is forged on its way: the clouds drop those that their guests send",
    "what answers on a host is taken from cloudinit/listeners.py",
    "resources outside this stack: peerings, firewalls or routes that someone adds by hand",
    "the providers' own edges: load balancers, IPv6 that an account switches on, faults of their firewalls",
    "that the addresses which a provider will choose are none of those that the config names",
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One claim, decided.

    Attributes:
        evidence: What was looked at, in words.
        failures: For a failed claim a concrete packet or loss each, with the rules that let it happen.
        listed: What an operator should know although the claim holds: what one layer alone stops, what was accepted, what
            could not be decided.
    """

    claim: str
    says: str
    outcome: Outcome
    evidence: str
    failures: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The result for one stack."""

    stack: str
    hosts: int
    resources: int
    verdicts: tuple[Verdict, ...]
    not_covered: tuple[str, ...] = NOT_COVERED

    @property
    def holds(self) -> bool:
        """Whether no claim failed."""
        return all(one.outcome != "failed" for one in self.verdicts)

    def plain(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {**asdict(self), "holds": self.holds}


def prove(world: World, planned: Plan, intent: Intent, addresses: Mapping[str, str], *, resources: int) -> Report:
    """Decides every claim.

    Args:
        addresses: Addresses that providers chose, by symbol.
        resources: How many rendered resources the world was read from.
    """
    reach = Reach(world)
    without = without_each(world, reach)
    verdicts = [
        *(_reach(reach, intent, claim) for claim in ("a", "b")),
        _wanted(reach, planned),
        _depth(without, intent),
        *(_reach(reach, intent, claim) for claim in ("e", "f", "g")),
        _egress(without, reach, intent),
        _verdict("layers", f"filters, routes, tunnels of {len(world.machines)} hosts", missing_layers(world, intent)),
        _addresses(world, planned, addresses),
        *_placement(world, reach, planned, intent),
        _delay(planned),
    ]
    return Report(stack=planned.stack, hosts=len(world.machines), resources=resources, verdicts=tuple(verdicts))


def _verdict(claim: str, evidence: str, failures: Iterable[str], listed: Iterable[str] = ()) -> Verdict:
    found = tuple(failures)
    outcome: Outcome = "failed" if found else "proved"
    return Verdict(
        claim=claim, says=CLAIMS[claim], outcome=outcome, evidence=evidence, failures=found, listed=tuple(listed)
    )


def _reach(reach: Reach, intent: Intent, claim: str) -> Verdict:
    found = [
        f"{one}; let through by {'; '.join(one.rules) or 'nothing that filters'}"
        for one in violations(reach, intent, claim)
    ]
    return _verdict(claim, f"all packets to {len(reach.machines)} hosts, IPv4 and IPv6", found)


def _wanted(reach: Reach, planned: Plan) -> Verdict:
    rows = sum(flow.row != "tunnel" for flow in planned.flows)
    return _verdict("c", f"{rows} flows", (str(one) for one in lost_flows(reach, planned)))


def _egress(without: Mapping[Layer, Reach], reach: Reach, intent: Intent) -> Verdict:
    found = [str(one) for one in strays(reach, intent)]
    for layer in ("cloud", "host"):
        found += [f"without {LAYER_NAMES[layer]}: {one}" for one in strays(without[layer], intent)]
    return _verdict("egress", f"all packets from {len(reach.machines)} hosts, each firewall alone", found)


def _depth(without: Mapping[Layer, Reach], intent: Intent) -> Verdict:
    found = list(breaches(without, intent))
    bad = [f"without {LAYER_NAMES[one.off]}: {one.witness} (claim {one.claim})" for one in found if not one.excuse]
    return _verdict("d", f"each of {len(LAYER_NAMES)} layers switched off alone", bad, _listed(found))


def _listed(found: list[Breach]) -> Iterator[str]:
    """What one layer alone stops, by reason, with how many kinds of packets and the first of them."""
    excused = [one for one in found if one.excuse]
    for reason in sorted({one.excuse for one in excused}):
        of_reason = [one for one in excused if one.excuse == reason]
        kinds = "1 kind of packet" if len(of_reason) == 1 else f"{len(of_reason)} kinds of packets"
        yield f"{reason} ({kinds}; for example {of_reason[0].witness})"


def _addresses(world: World, planned: Plan, addresses: Mapping[str, str]) -> Verdict:
    symbols = [one for host in planned.hosts for one in (host.private_address, host.public_address)]
    within = {one.name: one.within for one in symbols if isinstance(one, Symbol)}
    chosen = {point(address): within[name] for name, address in addresses.items()}
    outside = [span(cidr) for flow in planned.flows for cidr in (*flow.source.cidrs, *flow.destination.cidrs)]
    narrow = [one for one in outside if one[1] - one[0] < 2**16]
    metal = [point(str(host.public_address)) for host in planned.hosts if host.provider == "baremetal"]
    named = merged([*narrow, *((one, one) for one in metal)])
    return _verdict("addresses", f"{len(chosen)} chosen addresses", dependent_rules(world, chosen, named))


def _placement(world: World, reach: Reach, planned: Plan, intent: Intent) -> Iterator[Verdict]:
    found, pathless = paths(reach)
    relayed = sum(bool(one.through) for one in found)
    yield _verdict(
        "paths",
        f"{len(found)} ends of {len(planned.pairs)} tunnels, {relayed} relayed",
        (str(one) for one in (*pathless, *unopened(found, planned))),
    )
    threshold = planned.signing.threshold
    of = f"{threshold} of {len(planned.signing.shards)}"
    risk = planned.accepted_single_provider
    idle = unserved_after_loss(world, found, intent.dialers)
    broken = list(broken_by_loss(world, found, threshold))
    lost = _verdict("loss", of, map(str, broken), idle)
    yield _accepted(lost, risk) if all(one.of_provider for one in broken) else lost
    yield _accepted(_verdict("alone", of, able_to_sign_alone(world, threshold)), risk)


def _accepted(verdict: Verdict, risk: str | None) -> Verdict:
    """A provider that holds a quorum is what the operator may accept in writing; no other loss is."""
    if risk is None or not verdict.failures:
        return verdict
    return Verdict(
        claim=verdict.claim,
        says=verdict.says,
        outcome="accepted",
        evidence=f"{verdict.evidence}; accepted in the config: {risk}",
        listed=verdict.failures,
    )


def _delay(planned: Plan) -> Verdict:
    """Measured round trips decide; estimates are lower bounds and can only refuse."""
    late: list[str] = []
    unknown: list[str] = []
    for trip in planned.round_trips:
        pair = f"{trip.one} and {trip.other}"
        if trip.milliseconds is None:
            unknown.append(f"{pair}: where one of them is, is not known")
        elif trip.milliseconds > planned.rtt_budget_ms:
            late.append(f"{pair} are {trip.milliseconds:g} ms apart, the budget is {planned.rtt_budget_ms}")
    measured = sum(trip.measured for trip in planned.round_trips)
    evidence = (
        f"{len(planned.round_trips)} pairs of sites within {planned.rtt_budget_ms} ms, {measured} measured, the others "
        "a lower bound from where the regions are"
    )
    verdict = _verdict("delay", evidence, late, unknown)
    if unknown and not late:
        return Verdict(
            claim="delay", says=verdict.says, outcome="not decided", evidence=evidence, listed=verdict.listed
        )
    return verdict
