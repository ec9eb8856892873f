"""How long a round trip between two sites takes: measured where the operator measured, else a lower bound."""

import re
from dataclasses import dataclass
from typing import Final

from fleet.distance import least_round_trip_ms
from fleet.placement import coordinates, places
from fleet.spec import Fleet

PAIR: Final = re.compile(r"(\d{1,3})-(\d{1,3})")


@dataclass(frozen=True, kw_only=True)
class RoundTrip:
    """A round trip between two sites.

    Attributes:
        milliseconds: Measured, or the least that light in fibre needs; None when a site's place is not known.
        measured: Whether the operator measured it.
    """

    milliseconds: float | None
    measured: bool


def measured(fleet: Fleet) -> dict[frozenset[int], float]:
    """The operator's measurements by pair of site ids; keys of another form are left out."""
    found: dict[frozenset[int], float] = {}
    for key, value in fleet.measured_rtt_ms.items():
        pair = PAIR.fullmatch(key)
        if pair:
            found[frozenset((int(pair[1]), int(pair[2])))] = value
    return found


def round_trips(fleet: Fleet) -> dict[frozenset[int], RoundTrip]:
    """The round trip of every pair of sites."""
    known, given = coordinates(fleet), measured(fleet)
    found: dict[frozenset[int], RoundTrip] = {}
    ids = sorted({site.id for site in fleet.sites})
    for index, one in enumerate(ids):
        for other in ids[index + 1 :]:
            pair = frozenset((one, other))
            if pair in given:
                found[pair] = RoundTrip(milliseconds=given[pair], measured=True)
            elif one in known and other in known:
                found[pair] = RoundTrip(milliseconds=least_round_trip_ms(known[one], known[other]), measured=False)
            else:
                found[pair] = RoundTrip(milliseconds=None, measured=False)
    return found


def signing_pairs(fleet: Fleet) -> tuple[frozenset[int], ...]:
    """The pairs of sites between which signing waits: cosigners with each other, and with the validators."""
    hosts = places(fleet)
    cosigning = {host.site_id for host in hosts if host.role == "cosigner"}
    signing = cosigning | {host.site_id for host in hosts if host.role == "validator"}
    return tuple(pair for pair in round_trips(fleet) if pair <= signing and pair & cosigning)
