"""Figures about the policy pack: what it costs, over the server that the engine talks to, and what it covers."""

import statistics
import time
from collections import Counter
from importlib import import_module
from typing import Final

from bench.results import Figure, Goal, MeasureError, rounded
from policies.catalogue import ALL, RULES
from policies.coverage.all import CHECKS, answered
from policies.resource_types import KNOWN
from policies.rule import Rule
from tests.policies.test_mutants import EQUIVALENT
from tests.policies.test_rules import ALL as CASES
from tests.support.policy_samples.fleet import fleet
from tests.support.policy_server import serving
from tests.support.recorded_policy import recorded
from tests.support.rule_mutants import mutants, noticed
from tests.support.samples import committed

MICROSECONDS: Final = 60.0
SECONDS: Final = 3.0
ROUNDS: Final = 5


def cost(*, quick: bool) -> Figure:
    """Figures policy_testnet_seconds and policy_us_per_rule_and_resource: the testnet's first preview, as the engine asks.

    Raises:
        MeasureError: When the pack violates something, since another path would be measured then.
    """
    samples = fleet()
    rules = sum(isinstance(one, Rule) for one in RULES)
    whole: list[float] = []
    each: list[float] = []
    for _ in range(1 if quick else ROUNDS):
        started = time.perf_counter()
        with serving() as server:
            asked = time.perf_counter()
            answers = [server.analyze(one) for one in samples]
            each.append((time.perf_counter() - asked) / (rules * len(samples)) * 1e6)
            answers.append(server.analyze_stack(samples))
            whole.append(time.perf_counter() - started)
        bad = [d.policyName for one in answers for d in one.diagnostics if "can't run policy" not in d.message]
        if bad:
            raise MeasureError(f"the testnet violates {bad}\n  remedy: see `make preview`")
    seconds, micros = statistics.median(whole), statistics.median(each)
    return Figure(
        name="policy_cost",
        says=f"{seconds:.2f} s for {len(ALL)} rules over {len(samples)} resources, start included; "
        f"{micros:.0f} us for a rule and a resource",
        goals=(
            Goal(what="seconds", limit=SECONDS, value=rounded(seconds)),
            Goal(what="microseconds for a rule and a resource", limit=MICROSECONDS, value=rounded(micros)),
        ),
        detail={
            "policy_testnet_seconds": rounded(seconds),
            "policy_us_per_rule_and_resource": rounded(micros),
            "resource_rules": rules,
            "stack_rules": len(RULES) - rules,
            "resources": len(samples),
            "rounds": len(whole),
        },
    )


def coverage() -> Figure:
    """Figures policy_count, policy_types_covered and policy_checks_answered, over the recorded programs of both stacks."""
    created = {one.type for stack in ("testnet", "mainnet") for one in recorded(committed(stack), stack).resources}
    of_clouds = {one for one in created if not one.startswith(("pulumi:", "redoubt:"))}
    counts = Counter(one.group for one in ALL)
    checks = [(provider, one) for provider, all_ in CHECKS.items() for one in all_]
    by_rule = [one for provider, one in checks if answered(provider, one)]
    with_reason = [one for provider, one in checks if not answered(provider, one) and one.reason]
    touching = [
        one
        for provider, one in checks
        if not answered(provider, one) and not one.reason and (one.types & created or not one.types)
    ]
    return Figure(
        name="policy_coverage",
        says=f"{len(ALL)} rules ({', '.join(f'{count} {group}' for group, count in sorted(counts.items()))}); "
        f"{len(of_clouds & KNOWN)} of {len(of_clouds)} types; {len(by_rule)} checks answered by rules, "
        f"{len(with_reason)} with a reason, {len(checks) - len(by_rule) - len(with_reason) - len(touching)} about types "
        "that are never created",
        goals=(
            Goal(what="types without rules", limit=0, value=len(of_clouds - KNOWN)),
            Goal(what="checks without an answer", limit=0, value=len(touching)),
        ),
        detail={
            "policy_count": dict(counts),
            "policy_types_covered": len(of_clouds & KNOWN),
            "types_created": len(of_clouds),
            "policy_checks_answered": len(by_rule),
            "with_a_reason": len(with_reason),
            "checks": len(checks),
        },
    )


def mutants_caught() -> Figure:
    """Figure policy_mutants_caught: rules weakened in one place each."""
    made = 0
    missed: list[str] = []
    for cases in CASES:
        module = import_module(cases.rule.check.__module__)
        for one in mutants(module):
            if (module.__name__, one.change) in EQUIVALENT:
                continue
            made += 1
            if not noticed(one, cases):
                missed.append(f"{one.where}: {one.change}")
    return Figure(
        name="policy_mutants_caught",
        says=f"{made - len(missed)} of {made} weakened rules; {len(EQUIVALENT)} changes weaken nothing",
        goals=(Goal(what="missed", limit=0, value=len(missed)),),
        detail={"policy_mutants_caught": made - len(missed), "mutants": made, "missed": missed},
    )
