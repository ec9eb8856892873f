"""The prover is itself tested: every seeded mistake in what is sent breaks a claim."""

import pytest

from ops.prove.decided import decided
from tests.support.mutants import MUTANTS, Mutant, caught_by, original


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mistake_is_caught(mutant: Mutant) -> None:
    assert caught_by(mutant), f"{mutant.name}: no claim fails"


def test_without_a_mistake_every_claim_holds() -> None:
    assert decided(original()).holds


def test_mistakes_are_enough_and_of_every_provider() -> None:
    assert len(MUTANTS) >= 40
    assert {mutant.name.split(":")[0] for mutant in MUTANTS} == {"AWS", "GCP", "DigitalOcean", "host"}
