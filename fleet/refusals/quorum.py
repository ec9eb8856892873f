"""The group must keep its quorum through any one loss, and no one domain may hold a quorum."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from fleet.placement import Place, dialers, places
from fleet.problems import Problem
from fleet.spec import Fleet

FEWEST_COSIGNERS: Final = 3
"""Horcrux documents n = 3 as the least (docs/migrating.md)."""
SIGNER_COMETBFT: Final = ((0, 37), (0, 40))
"""First and last CometBFT line whose privval messages Horcrux v3.3.2 speaks; 1.0 changed the public key's message
(horcrux issue 307)."""


def quorum(fleet: Fleet) -> Iterator[Problem]:
    """All that could cost the quorum or hand it to one party."""
    hosts = places(fleet)
    cosigners = [host for host in hosts if host.role == "cosigner"]
    yield from _threshold(fleet, len(cosigners))
    yield from _shards(fleet, [host.name for host in cosigners])
    yield from _domains(fleet, cosigners)
    yield from _served(fleet, hosts)
    yield from _version(fleet)


def _threshold(fleet: Fleet, count: int) -> Iterator[Problem]:
    t = fleet.signer.threshold
    if count < FEWEST_COSIGNERS:
        yield Problem("sites", f"the fleet has {count} cosigners", f"place at least {FEWEST_COSIGNERS}")
        return
    least = count // 2 + 1
    fitting = f"use {least}" if least == count - 1 else f"use {least} to {count - 1}"
    if t > count:
        yield Problem("signer.threshold", f"{t} of {count} can never sign", fitting)
    elif 2 * t <= count:
        yield Problem("signer.threshold", f"{t} of {count} lets two halves sign on their own", f"use at least {least}")
    elif t == count:
        yield Problem("signer.threshold", f"{t} of {count} stops signing at the first loss", fitting)


def _shards(fleet: Fleet, cosigners: Sequence[str]) -> Iterator[Problem]:
    signer = fleet.signer
    kept = [name for name in dict.fromkeys(signer.shards) if name in cosigners]
    complete = kept + [name for name in cosigners if name not in kept]
    if list(signer.shards) != complete:
        yield Problem(
            "signer.shards",
            "does not name every cosigner of the sites exactly once",
            f"write [{', '.join(complete)}]",
        )
    done = signer.ceremony
    if done and (done.threshold != signer.threshold or done.shards != signer.shards):
        yield Problem(
            "signer",
            "threshold or shards differ from what the ceremony fixed",
            f"keep threshold {done.threshold} and shards [{', '.join(done.shards)}], or hold a new ceremony",
        )


def _domains(fleet: Fleet, cosigners: Sequence[Place]) -> Iterator[Problem]:
    t, n = fleet.signer.threshold, len(cosigners)
    names = {site.id: site.name for site in fleet.sites}
    yield from _domain("site", Counter(names[host.site_id] for host in cosigners), t, n)
    by_provider = Counter(host.provider_domain for host in cosigners if host.metal is None)
    if fleet.signer.accepted_risks.single_provider is None:
        yield from _domain("provider", by_provider, t, n)
    elif not any(held >= t or n - held < t for held in by_provider.values()):
        yield Problem(
            "signer.accepted_risks.single_provider",
            "accepts a risk that this fleet does not have",
            "remove it, so that a later change cannot bring the risk back unseen",
        )


def _domain(kind: str, held_by: Counter[str], t: int, n: int) -> Iterator[Problem]:
    for name, held in sorted(held_by.items()):
        remedy = f"move cosigners to another {kind}"
        if kind == "provider":
            remedy += ", or say in signer.accepted_risks.single_provider why you take the risk"
        if held >= t:
            yield Problem("sites", f"{kind} {name} holds {held} shards and {t} sign: it could sign alone", remedy)
        elif n - held < t:
            yield Problem("sites", f"without {kind} {name} only {n - held} of the {t} needed shards are left", remedy)


def _served(fleet: Fleet, hosts: Sequence[Place]) -> Iterator[Problem]:
    """Every validator needs sentries to peer with and a set of cosigners of its own, not all in its own site."""
    validators = [host for host in hosts if host.role == "validator"]
    by_name = {host.name: host for host in hosts}
    for role in ("validator", "sentry"):
        if not any(host.role == role for host in hosts):
            yield Problem("sites", f"the fleet has no {role}", f"place at least one {role}")
    shards = [by_name[name] for name in fleet.signer.shards if name in by_name]
    for validator, served_by in dialers(validators, shards).items():
        if not any(by_name[name].site_id != by_name[validator].site_id for name in served_by):
            yield Problem(
                "sites",
                f"no cosigner outside its own site is left to serve {validator}",
                "add a cosigner in another site, or remove a validator: each needs a set of its own",
            )


def _version(fleet: Fleet) -> Iterator[Problem]:
    version = tuple(int(part) for part in fleet.chain.consensus_version.split("."))
    first, last = SIGNER_COMETBFT
    if not first <= version[:2] <= last:
        yield Problem(
            "chain.consensus_version",
            f"{fleet.chain.consensus_version} is not served by {fleet.signer.kind}",
            f"use CometBFT {first[0]}.{first[1]} to {last[0]}.{last[1]}",
        )
