"""The program: config, plan, sites, outputs. Wiring only."""

import asyncio
import sys
from pathlib import Path

import pulumi

from components.config import fleet_value, refuse_lockout
from components.guard import Guard
from components.outputs import export
from components.registry import build_sites, load
from components.state import StateError, present_state
from fleet.plan import plan
from fleet.problems import FleetError

# The engine's runner takes this folder off sys.path once this module has run, and `main` imports providers after that.
sys.path.insert(0, str(Path(__file__).resolve().parent))


async def main() -> None:
    """Builds the fleet of this stack, or says all that is wrong with its config.

    It stays a coroutine that awaits: the SDK (3.272.0, wait_for_rpcs) waits on all outputs of a program that never
    awaited in quadratic time, 1.3 s of CPU for 349 resources.
    """
    asked = asyncio.ensure_future(present_state())
    try:
        config = fleet_value()
        planned = plan(config, pulumi.get_stack())
        load(planned)
        state = await asked
        state.refuse_pending(planned.stack)
        await refuse_lockout(planned)
        sites = build_sites(planned, Guard(planned, state))
    except (FleetError, StateError) as error:
        raise pulumi.RunError(str(error)) from None
    addresses = {symbol: address for site in sites for symbol, address in site.symbols().items()}
    for site in sites:
        site.furnish(planned, addresses)
    export(config, planned, sites)


pulumi.run(main)
