"""Updates that are killed at a random moment, half of them with a lost reply, and what `ops recover` makes of them.

The engine gets SIGKILL, as it would from the kernel or an operator out of patience. Then the stack is recovered, with the
account's console at hand for what nothing can look up, and brought up. What counts is what stands in the account then.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from ops.errors import OperationError
from ops.recover.recovery import Answers, Recovery
from ops.rehearsal import Rehearsal
from simcloud import faults
from simcloud.ledger import Ledger, Record
from tests.support.samples import Config, shrink
from toolchain import tools
from toolchain.layout import REPOSITORY

Kind = Literal["create", "update", "replace", "delete"]
KINDS: Final[tuple[Kind, ...]] = ("create", "update", "replace", "delete")

MACHINES: Final = {
    "aws:ec2/instance:Instance",
    "gcp:compute/instance:Instance",
    "digitalocean:index/droplet:Droplet",
}
CLOUDS: Final = ("aws:", "gcp:", "digitalocean:")
OPERATION: Final[dict[Kind, faults.Operation]] = {
    "create": "create",
    "update": "update",
    "replace": "create",
    "delete": "delete",
}
STEPS: Final[dict[Kind, int]] = {"create": 125, "update": 2, "replace": 3, "delete": 16}
"""At least as many resources each such update touches, so that it is still at work then."""
SECONDS_OF_A_CALL: Final = 0.3
_STEP: Final = re.compile(r" (aws|gcp|digitalocean):\S+ \S+ (creating|updating|deleting|replacing) \(")
LONGEST: Final = 120.0
"""Seconds after which an update that was not killed by then is a failure of the harness."""


@dataclass
class Outcome:
    """What became of one killed update.

    Attributes:
        seed: Makes the same moment and the same fault again, as far as an engine in parallel can.
        kind: What the update was about.
        lost_reply: Whether a reply was ordered to be lost.
        killed: Whether the engine was still at work when it was killed.
        pending: Operations that the killed update left pending.
        decided_by_hand: Resources that recovery asked the operator about.
        twins: Hosts of which the account has more than one.
        orphans: What is in the account and not in the state, and was named by nobody.
        failure: Why the stack could not be recovered, or None.
    """

    seed: int
    kind: Kind
    lost_reply: bool
    killed: bool = False
    pending: int = 0
    decided_by_hand: list[str] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    failure: str | None = None


def fleet(config: Config, *, sentries: int = 1, size: int = 0, let_go: tuple[str, ...] = ()) -> None:
    """A small fleet on three clouds with a sentry in each, and a size of sentry to choose."""
    shrink(config)
    sizes = {"aws": ("t3.large", "t3.xlarge"), "gcp": ("n2-standard-2", "n2-standard-4")}
    for site in config["sites"]:
        site["sentries"] = sentries
        if site["provider"] in sizes:
            site.setdefault("machines", {})["sentry"] = {"type": sizes[site["provider"]][size], "data_gb": 50}
    config["sites"][0]["sentries"] = 1  # the validator's own
    config["let_go"] = list(let_go)


class Killing:
    """A stack in a folder that is killed again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sentries, self._size = 1, 0
        self._let_go: tuple[str, ...] = ()
        self._rounds: Counter[Kind] = Counter()

    def _rehearsal(self, folder: Path) -> Rehearsal:
        change = {"sentries": self._sentries, "size": self._size, "let_go": self._let_go}
        return Rehearsal(folder, "testnet", edit=lambda config: fleet(config, **change))

    def once(self, kind: Kind, seed: int, *, lost_reply: bool) -> Outcome:
        """One update, killed, recovered and completed."""
        outcome = Outcome(seed=seed, kind=kind, lost_reply=lost_reply)
        chance = random.Random(seed)
        self._rounds[kind] += 1
        if kind == "create":
            self._sentries, self._size, self._let_go = 1, 0, ()
        folder = self._folder / (f"create-{self._rounds[kind]}" if kind == "create" else "kept")
        try:
            arguments = self._prepare(kind, folder, chance)
            rehearsal = self._rehearsal(folder)
            rehearsal.prepare()
            steps = chance.randint(1, STEPS[kind])
            order(rehearsal, OPERATION[kind], chance.randint(max(1, steps - 2), steps), lost_reply=lost_reply)
            outcome.killed = kill(rehearsal, arguments, steps, chance.random() * 0.5)
            clear(rehearsal)
            self._recover(rehearsal, outcome)
            judge_recovered(rehearsal)
            rehearsal.up()
            judge(rehearsal, outcome)
        except (OperationError, AssertionError, subprocess.TimeoutExpired) as error:
            outcome.failure = str(error)
        if kind == "create" and outcome.failure is None:
            shutil.rmtree(folder)
        return outcome

    def _prepare(self, kind: Kind, folder: Path, chance: random.Random) -> tuple[str, ...]:
        """Makes what the update needs to be there and turns the config to what it is about; its further arguments."""
        rehearsal = self._rehearsal(folder)
        if kind == "create":
            rehearsal.prepare()
            rehearsal.ensure_stack()
            return ()
        self._sentries = self._sentries if kind == "update" else 1
        cosigner = (
            chance.choice([None, "s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1"]) if kind == "replace" else None
        )
        self._let_go = (cosigner,) if cosigner else ()
        rehearsal = self._rehearsal(folder)
        rehearsal.up()
        if kind == "update":
            self._size = 1 - self._size
        elif kind == "delete":
            self._sentries = 0
        elif kind == "replace":
            state = rehearsal.export()["deployment"]["resources"]
            names = (cosigner,) if cosigner else tuple(f"s{number}-sentry-1" for number in (1, 2, 3))
            machines = [one["urn"] for one in state if one["type"] in MACHINES and one["urn"].endswith(names)]
            return tuple(word for urn in machines for word in ("--replace", urn))
        return ()

    def _recover(self, rehearsal: Rehearsal, outcome: Outcome) -> None:
        told: list[str] = []
        done = Recovery(rehearsal, Answers(), told.append).run()
        outcome.pending = int(next(line for line in told if "operations pending" in line).split(": ")[1].split()[0])
        for _ in range(3):
            if done:
                break
            asked = [line.split("\n")[0].strip() for line in told if line.strip().startswith("urn:pulumi:")]
            outcome.decided_by_hand += asked
            console = {one.urn: one.id for one in records(rehearsal)}
            answers = Answers(
                imports={urn: console[urn] for urn in asked if urn in console},
                absent=frozenset(urn for urn in asked if urn not in console),
            )
            told.clear()
            done = Recovery(rehearsal, answers, told.append).run()
        assert done, "\n".join(told)


def order(rehearsal: Rehearsal, operation: faults.Operation, nth: int, *, lost_reply: bool) -> None:
    """Orders that calls take long enough to be killed in, as they do in a cloud, and that one reply is lost."""
    ledger = Ledger(rehearsal.cloud)
    faults.add(ledger, faults.Fault(kind="delay", operation=operation, times=200, seconds=SECONDS_OF_A_CALL))
    if lost_reply:
        faults.add(ledger, faults.Fault(kind="lose", operation=operation, nth=nth))
    ledger.close()


def clear(rehearsal: Rehearsal) -> None:
    """Forgets a fault that did not strike."""
    ledger = Ledger(rehearsal.cloud)
    faults.clear(ledger)
    ledger.close()


def kill(rehearsal: Rehearsal, arguments: tuple[str, ...], steps: int, pause: float) -> bool:
    """Starts an update and kills its engine some seconds after a number of its steps has begun; False if it ended before."""
    command = [str(tools.read(REPOSITORY).pulumi), "up", "--yes", "--skip-preview", "--non-interactive"]
    with subprocess.Popen(
        [*command, "--suppress-progress", "--suppress-outputs", "--color", "never", *arguments],
        cwd=rehearsal.directory,
        env=rehearsal.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as process:
        begun = threading.Event()
        reader = threading.Thread(target=_count, args=(process.stdout, steps, begun), daemon=True)
        reader.start()
        deadline = time.monotonic() + LONGEST
        while not begun.wait(0.05) and process.poll() is None and time.monotonic() < deadline:
            pass
        time.sleep(pause)
        alive = process.poll() is None
        if alive:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        reader.join(5)
    return alive


def _count(lines: Any, steps: int, begun: threading.Event) -> None:
    for line in lines:
        if _STEP.search(line):
            steps -= 1
            if steps <= 0:
                begun.set()


def records(rehearsal: Rehearsal) -> list[Record]:
    """What the account holds of the stack."""
    ledger = Ledger(rehearsal.cloud)
    try:
        return ledger.records(stack=rehearsal.stack)
    finally:
        ledger.close()


def judge_recovered(rehearsal: Rehearsal) -> None:
    """Compares state and account after the recovery: nothing may stand in the state that is not there, nor stand there twice."""
    there = {(one.type, one.id) for one in records(rehearsal)}
    state = [one for one in rehearsal.export()["deployment"]["resources"] if one["type"].startswith(CLOUDS)]
    invented = [
        one["urn"] for one in state if (one["type"], one["id"]) not in there and not one.get("pendingReplacement")
    ]
    assert not invented, f"in the state and not in the account: {invented}"
    counts = Counter((one["type"], one["id"]) for one in state)
    assert set(counts.values()) <= {1}, f"twice in the state: {[key for key, count in counts.items() if count > 1]}"


def judge(rehearsal: Rehearsal, outcome: Outcome) -> None:
    """Compares plan, account and state once the stack is up again."""
    there = records(rehearsal)
    machines = Counter(one.name for one in there if one.type in MACHINES)
    outcome.twins = sorted(name for name, count in machines.items() if count > 1)
    planned = {name for name, host in rehearsal.outputs()["hosts"].items() if host["site"] != "metal"}
    assert set(machines) == planned, f"planned {sorted(planned)}, there {sorted(machines)}"
    state = {(one["type"], one.get("id")) for one in rehearsal.export()["deployment"]["resources"]}
    outcome.orphans = sorted(f"{one.type} {one.name} {one.id}" for one in there if (one.type, one.id) not in state)
    gone = [
        id_ for type_, id_ in state if type_.startswith(CLOUDS) and (type_, id_) not in {(o.type, o.id) for o in there}
    ]
    assert not gone, f"in the state and not in the account: {gone}"
