"""What the fleet is meant to be, from the stack's own output `fleet`: the config that the program was given.

A policy pack is not told the stack's config (tried with the engine 3.259.0: no PULUMI_CONFIG in its environment). So the
program says it in an output, and rules about the whole fleet compare what is registered with the plan of it.
"""

import json
from functools import lru_cache
from typing import Any, Final, cast

from fleet.plan import Plan, plan
from fleet.problems import FleetError
from policies.blocks import CannotJudge
from policies.rule import Stack

OUTPUT: Final = "fleet"


class NotIntended(CannotJudge):
    """There is no plan to compare with; the text says why, with the remedy."""


def planned(stack: Stack) -> Plan:
    """The plan of the stack.

    Raises:
        NotIntended: When the output is missing or refused.
        pulumi_policy.proxy.UnknownValueError: When it is not known yet.
    """
    roots = stack.of("pulumi:pulumi:Stack")
    value = _plain(stack.outputs().get(OUTPUT))
    if not roots or not isinstance(value, dict):
        raise NotIntended(f"the stack has no output {OUTPUT!r} that says what the fleet is: run `pulumi up` once")
    name = roots[0].urn.removeprefix("urn:pulumi:").partition("::")[0]
    try:
        return _plan(json.dumps(value, sort_keys=True), name)
    except FleetError as error:
        problem = str(error).splitlines()[0]
        raise NotIntended(f"the output {OUTPUT!r} is not a fleet ({problem}): run `pulumi up` again") from None


@lru_cache(maxsize=2)
def _plan(fleet: str, stack: str) -> Plan:
    return plan(json.loads(fleet), stack)


def _plain(value: Any) -> Any:
    """A copy without the SDK's proxies; numbers that are whole become integers again, as they were in the config."""
    if hasattr(value, "items"):
        mapping = cast("dict[str, Any]", value)
        return {key: _plain(mapping[key]) for key in mapping}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return value
    return [_plain(one) for one in cast("list[Any]", value)]
