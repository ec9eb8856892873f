"""Figures about the proofs: how long they take, whether they catch seeded mistakes, whether a second opinion agrees."""

import statistics
import time
from typing import Final

from bench.results import Figure, Goal, MeasureError, rounded
from fleet.plan import plan
from ops.prove.decided import decided
from ops.prove.rendered import rendered
from tests.support.agreement import disagreement
from tests.support.fleets import fifty_hosts
from tests.support.mocked import run_program
from tests.support.mutants import MUTANTS, caught_by

STACK: Final = "mainnet"
HOSTS: Final = 50
SECONDS: Final = 2.0
ROUNDS: Final = 5
FLEETS: Final = 10_000
FLEETS_QUICKLY: Final = 500
SHOWN: Final = 5


def seconds(*, quick: bool) -> Figure:
    """Figure prove_50_hosts_seconds: reading what 50 hosts are sent, and deciding every claim.

    Raises:
        MeasureError: When a claim fails, or the fleet has another size.
    """
    fleet = fifty_hosts()
    planned = plan(fleet, STACK)
    recording = run_program(fleet, STACK)
    resources = sum(one.custom for one in recording.resources)
    taken: list[float] = []
    for _ in range(1 if quick else ROUNDS):
        started = time.perf_counter()
        report = decided(rendered(planned, recording))
        taken.append(time.perf_counter() - started)
        failed = [one.claim for one in report.verdicts if one.outcome != "proved"]
        if failed or report.hosts != HOSTS:
            raise MeasureError(f"{report.hosts} hosts, not proved: {failed}\n  remedy: see `make prove STACK={STACK}`")
    median = statistics.median(taken)
    return Figure(
        name="prove_50_hosts_seconds",
        says=f"{median:.2f} s for {HOSTS} hosts, {resources} resources, {len(planned.flows)} flows",
        goals=(Goal(what="seconds", limit=SECONDS, value=rounded(median)),),
        detail={"median_seconds": rounded(median), "seconds": [rounded(one) for one in taken], "rounds": len(taken)},
    )


def mutants() -> Figure:
    """Figure prover_mutants_caught: seeded mistakes in what the testnet sends."""
    missed = [mutant.name for mutant in MUTANTS if not caught_by(mutant)]
    return Figure(
        name="prover_mutants_caught",
        says=f"{len(MUTANTS) - len(missed)} of {len(MUTANTS)} seeded mistakes",
        goals=(Goal(what="missed", limit=0, value=len(missed)),),
        detail={"mutants": len(MUTANTS), "missed": missed},
    )


def disagreements(*, quick: bool) -> Figure:
    """Figure prover_disagreements: the prover against a packet walker, over random small fleets."""
    fleets = FLEETS_QUICKLY if quick else FLEETS
    found = [text for seed in range(fleets) if (text := disagreement(seed)) is not None]
    return Figure(
        name="prover_disagreements",
        says=f"{len(found)} in {fleets} random small fleets",
        goals=(Goal(what="disagreements", limit=0, value=len(found)),),
        detail={"fleets": fleets, "disagreements": len(found), "first": found[:SHOWN]},
    )
