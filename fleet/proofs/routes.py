"""Where a packet leaves an interface, and under which address."""

from collections.abc import Iterator
from dataclasses import replace

from fleet.proofs.model import IPV4, Interface, Route, Spans


def together(one: Interface, other: Interface) -> bool:
    """Whether two interfaces stand in one network of a provider."""
    return bool(one.network) and one.network == other.network


def ways(interface: Interface, destination: int) -> Iterator[tuple[Route, Spans]]:
    """The narrowest routes to an address, with the source addresses that packets then carry."""
    fitting = [route for route in interface.routes if route.to[0] <= destination <= route.to[1]]
    if not fitting:
        return
    narrowest = min(width(route) for route in fitting)
    for route in fitting:
        if width(route) > narrowest:
            continue
        if route.via == "nat":
            yield route, route.addresses
            continue
        source = interface.address if route.via == "local" else interface.public
        if source is not None:
            yield route, ((source, source),)


def source_of(interface: Interface, route: Route) -> int | None:
    """The address that the host's own filters see as the source of what leaves by a route; None where nothing can."""
    if route.via == "internet" and interface.public is None:
        return None
    owns = interface.guest_owns_public and route.via == "internet"
    return interface.public if owns or interface.address is None else interface.address


def width(route: Route) -> int:
    """How many addresses a route is for, less one."""
    return route.to[1] - route.to[0]


def exposed(interface: Interface) -> Interface:
    """The interface as it is without the layer of addressing: as good as public."""
    if not interface.network or interface.public is not None or interface.address is None:
        return interface
    outside = Route(to=IPV4, via="internet", origin="addressing switched off")
    return replace(interface, public=interface.address, routes=(*interface.routes, outside))
