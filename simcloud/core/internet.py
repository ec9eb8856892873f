"""Public addresses on the simulated Internet, which all providers and all stacks of a ledger share."""

from __future__ import annotations

import ipaddress

from simcloud.core.errors import LedgerError
from simcloud.core.model import Call

FIRST, LAST = ipaddress.IPv4Address("198.18.16.0"), ipaddress.IPv4Address("198.18.255.255")
"""What clouds give out, of the range for benchmarks (RFC 2544), which is routed nowhere. The rest is kept for those who
have an address of their own, operators, strangers and metal: no provider gives out what somebody else has."""


def public_address(call: Call) -> str:
    """The lowest address that nobody in the ledger has; never one that ends in .0 or .255.

    It is taken once a record carries it as its `address` (`Created.address`, `Call.add`), in the same transaction, and
    free again when that record is removed.
    """
    rows = call.transaction.connection.execute("SELECT address FROM records WHERE address IS NOT NULL")
    taken = {row[0] for row in rows}
    for number in range(int(FIRST), int(LAST)):
        address = ipaddress.IPv4Address(number)
        if address.packed[3] not in (0, 255) and str(address) not in taken:
            return str(address)
    raise LedgerError("the simulated Internet has no free address left: purge a stack")
