"""Which hosts may be taken down in one update: one at a time, and only while a quorum stays.

Dependencies between resources cannot say this: instances whose inputs change together are replaced in the same second
(tried with the engine 3.259.0; design, section 8). So whoever takes a host down asks here first.
"""

import re
import threading
from typing import Final, Protocol

from fleet.plan import Plan
from fleet.roles import PROTECTED_ROLES, ROLES

_HOST: Final = re.compile(rf"(s\d+-({'|'.join(ROLES)})-\d+)(-.*)?")


class Quorum(Protocol):
    """Who can still sign."""

    def without(self, host: str) -> str | None:
        """Why this host cannot be missed now, in words; None where it can be."""
        ...


class CountedQuorum:
    """Counts the cosigners of the plan as if all of them were healthy: a stand-in until there are signers to ask."""

    def __init__(self, planned: Plan) -> None:
        self._planned = planned

    def without(self, host: str) -> str | None:
        """See `Quorum`. A gateway takes the cosigners of its site along: nobody else relays to them."""
        down = self._planned.host.get(host)
        cosigners = [one for one in self._planned.hosts if one.role == "cosigner"]
        left = [
            one
            for one in cosigners
            if one.name != host and not (down and down.role == "gateway" and one.site_id == down.site_id)
        ]
        needed = self._planned.signing.threshold
        if len(left) >= needed:
            return None
        return f"{len(left)} cosigners would be left, and {needed} sign"


class Takedowns:
    """The takedowns of one update, of which there is one in each process.

    A host of the plan without a machine when the update began counts as down already, whether it was lost or is only
    being added: neither signs, and the plan's quorum counts both. So a host may be made at any time, and none goes down
    beside it, whichever asks first.
    """

    def __init__(self, planned: Plan, quorum: Quorum, standing: frozenset[str] = frozenset()) -> None:
        """Prepares for one update.

        Args:
            planned: The plan.
            quorum: Who can be missed.
            standing: Names of the hosts that had a machine when the update began. None at all: nothing has been made
                yet, and so nothing is down. Metal hosts never have one here, and are not looked for.
        """
        self._planned = planned
        self._quorum = quorum
        self._standing = standing
        self._missing = missing(planned, standing)
        self._lock = threading.Lock()
        self._down: tuple[str, str] | None = None

    def refusal(self, host: str, change: str) -> str | None:
        """Asks to take a host down; asking again for the same host is answered as before.

        Args:
            host: The host's name.
            change: What happens to it, as a verb with its object: `delete s1-cosigner-1`.

        Returns:
            None where it may go down, which counts as done from then on; else why not, with what to do about it.
        """
        if not self._planned.protected or role_of(host) not in PROTECTED_ROLES:
            return None  # a fleet that is retired goes down as a whole
        if self._standing and host not in self._standing:
            return None  # it is down: what is left of it may change, and it may come back
        if self._missing:
            names = ", ".join(sorted(self._missing))
            return (
                f"refused to {change}: {names} had no machine when this update began, and one host of a signing group is "
                f"down at a time\n  remedy: leave the change out, or narrow the update with `--target`, until {names} works; "
                f"then run the update again for {host}"
            )
        with self._lock:
            if self._down is not None and self._down[0] != host:
                return (
                    f"refused to {change}: the same update was let to {self._down[1]}, and one host of a signing group goes "
                    f"down at a time\n  remedy: wait until {self._down[0]} works again, then run the update again: it goes "
                    f"on with {host}"
                )
            if self._down is None and (why := self._quorum.without(host)):
                return (
                    f"refused to {change}: {why}\n"
                    "  remedy: bring the other cosigners back or add one, then run the update again"
                )
            self._down = self._down or (host, change)
        return None


def missing(planned: Plan, standing: frozenset[str]) -> frozenset[str]:
    """Hosts of the plan that a signing group needs and that have no machine, in a fleet that has any."""
    if not standing:
        return frozenset()
    needed = {host.name for host in planned.hosts if host.role in PROTECTED_ROLES and host.machine is not None}
    return frozenset(needed - standing)


def host_of(name: str) -> str | None:
    """The host that a resource with this logical name is part of, for example of `s2-cosigner-1-private`."""
    found = _HOST.fullmatch(name)
    return found[1] if found else None


def role_of(host: str) -> str | None:
    """The role in a host's name; the host may be gone from the plan."""
    found = _HOST.fullmatch(host)
    return found[2] if found else None
