"""No rule may depend on which address a provider happens to choose.

A recorded run has one choice of addresses; what is proved of it holds for every other choice if each rule speaks of a
chosen address either by itself, through the same output, or as part of every address that could have been chosen.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from fleet.addressing import NOT_GLOBAL
from fleet.proofs.model import IPV4, Filter, Rule, Spans, World, difference_of_spans, merged, span, written

INTERNET: Final = difference_of_spans((IPV4,), merged(span(str(block)) for block in NOT_GLOBAL))


def dependent_rules(world: World, chosen: Mapping[int, str], named: Spans) -> Iterator[str]:
    """Rules that would decide otherwise had a provider chosen another address.

    Args:
        chosen: Addresses that a provider chose, each with the range it chose from.
        named: Addresses that the config names (operators, metal, services): assumed never to be chosen.
    """
    for machine in world.machines:
        filters = [("host firewall", machine.host)]
        filters += [("cloud firewall", one.cloud) for one in machine.interfaces if one.cloud is not None]
        for what, found in filters:
            for address in _dependent(found, chosen, named):
                yield f"the {what} of {machine.name} depends on {written(address)}, which its provider chose"


def _dependent(found: Filter, chosen: Mapping[int, str], named: Spans) -> Iterator[int]:
    for rules in (found.incoming, found.outgoing):
        for spans in _alike(rules):
            wide = merged(one for one in spans if one[0] != one[1])
            held = {
                address: within
                for address, within in chosen.items()
                if any(low <= address <= high for low, high in wide)
            }
            partly = {within for within in set(held.values()) if _possible(within, wide, named)}
            yield from (address for address, within in held.items() if within in partly)


def _alike(rules: Sequence[Rule]) -> Iterator[list[tuple[int, int]]]:
    """The peers of rules that differ in nothing else, together."""
    groups: dict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
    for rule in rules:
        groups[(rule.accept, rule.protocols, rule.source_ports, rule.ports)] += rule.peers
    yield from groups.values()


def _possible(within: str, wide: Spans, named: Spans) -> Spans:
    """Addresses that could have been chosen and that the ranges do not hold."""
    candidates: Spans = (span(within),)
    if candidates == (IPV4,):
        candidates = INTERNET
    return difference_of_spans(candidates, merged([*wide, *named]))
