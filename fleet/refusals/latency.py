"""Signing must fit into the chain's block time: cosigners too far apart miss blocks however healthy they are."""

from collections.abc import Iterator

from fleet.latency import PAIR, round_trips, signing_pairs
from fleet.problems import Problem
from fleet.spec import Fleet


def latency(fleet: Fleet) -> Iterator[Problem]:
    """Pairs of sites that sign together and are farther apart than the budget, and measurements of no pair."""
    names = {site.id: site.name for site in fleet.sites}
    for key in sorted(fleet.measured_rtt_ms):
        pair = PAIR.fullmatch(key)
        if not pair or pair[1] == pair[2] or not {int(pair[1]), int(pair[2])} <= names.keys():
            yield Problem(
                "measured_rtt_ms", "has a key that is no pair of site ids", 'write two ids, for example "1-2"'
            )
    trips = round_trips(fleet)
    for pair in signing_pairs(fleet):
        trip = trips[pair]
        if trip.milliseconds is not None and trip.milliseconds > fleet.chain.rtt_budget_ms:
            one, other = (names[site_id] for site_id in sorted(pair))
            how = "measured" if trip.measured else "estimated, at least"
            yield Problem(
                "sites",
                f"{one} and {other} sign together and are {how} {trip.milliseconds:g} ms apart, more than "
                f"chain.rtt_budget_ms ({fleet.chain.rtt_budget_ms})",
                "place cosigners and validators nearer to each other",
            )
