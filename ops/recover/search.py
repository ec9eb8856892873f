"""Finds what exists in the clouds of the resources that a stack's state lacks.

The lookups (`ops.recover.lookups`) say what to ask; the questions go to the providers' own functions through the real
engine, so that vendors' plugins and simulated ones are asked alike, with the login that the stack's updates have. A
program that creates nothing is previewed for that, on a state of its own that is thrown away: the stack's state is
neither read nor locked. Usually that is one run; a lookup that needs a second answer for the first makes it two.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.recover.lookups import lookup_of
from ops.recover.lookups.base import Answer, Ask, NotYetError, Outcome, Question, Verdict, Wanted
from ops.stacks import Stack

__all__ = ["Finding", "Wanted", "search"]

FINDER: Final = Path(__file__).with_name("finder")
STACK: Final = "finder"
TIMEOUT: Final = 600
"""Seconds for one run: hundreds of questions at a cloud that throttles."""
MOST_RUNS: Final = 4
"""More than any lookup needs: an error of ours must not ask for ever."""
SECRET: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105 - no password: the mark of one
"""The key by which the engine marks a secret in a state (sdk/go/common/resource/sig, Key)."""
ENGINES_OWN: Final = {"version", "pluginDownloadURL", "__internal", "__defaults"}
"""Inputs of a provider that the engine reads itself; they are handed over as options of the resource."""

Provider = tuple[str, str]
"""A provider's package and its inputs as JSON, so that equal ones are asked as one."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is known of one resource that the state lacks.

    Attributes:
        urn: Its URN.
        ids: The id to import it with; empty where it does not exist, or is simply made again; all candidates where it is
            undecided.
        how: How this was found out, for the operator to read.
        undecided: Why the operator must decide, and how; None when it is decided.
        asked: Whether the account was asked. If not, the id follows from the inputs, and only the import shows whether
            the resource exists.
        waits_for: Names of inputs that are not known before another resource is found: search again then.
    """

    urn: str
    ids: tuple[str, ...] = ()
    how: str
    undecided: str | None = None
    asked: bool = False
    waits_for: tuple[str, ...] = ()


def search(stack: Stack, wanted: Sequence[Wanted]) -> list[Finding]:
    """What the accounts know of the wanted resources, one finding for each, in their order.

    Nothing is created or changed, in no account and in no state. A provider's failure leaves its own resources undecided
    and says so.

    Raises:
        OperationError: When the engine could not run at all.
    """
    outcomes: dict[int, Outcome | Finding] = {number: _begin(one) for number, one in enumerate(wanted)}
    for _ in range(MOST_RUNS):
        asking = {number: outcome for number, outcome in outcomes.items() if isinstance(outcome, Ask)}
        if not asking:
            break
        for number, answers in _answers(stack, wanted, asking).items():
            outcomes[number] = _guarded(wanted[number], asking[number], answers)
    else:
        raise OperationError("a lookup never ends\n  remedy: report this, with the types that are missing")
    return [_finding(one, outcomes[number]) for number, one in enumerate(wanted)]


def _begin(wanted: Wanted) -> Outcome | Finding:
    lookup = lookup_of(wanted.type)
    if lookup is None:
        why = f"nothing looks up {wanted.type}: find it in the provider's console"
        return Finding(
            urn=wanted.urn,
            how="cannot be looked up",
            undecided=f"{why}, then give --import URN=ID or --absent URN",
        )
    try:
        outcome = lookup(wanted)
    except NotYetError as waits:
        return Finding(
            urn=wanted.urn,
            how="not yet",
            undecided=f"{waits} is not known yet: it is looked up once what it names is found",
            waits_for=waits.names,
        )
    if isinstance(outcome, Ask) and SECRET in json.dumps(wanted.provider_inputs):
        why = "its provider's configuration holds a secret, which is not written anywhere to ask with"
        remedy = "find it in the provider's console, then give --import URN=ID or --absent URN"
        return Finding(urn=wanted.urn, how="cannot be looked up", undecided=f"{why}: {remedy}")
    return outcome


def _guarded(wanted: Wanted, asked: Ask, answers: Sequence[Answer]) -> Outcome | Finding:
    """What the lookup makes of the answers; one of another form than it knows is the operator's to look at."""
    try:
        return asked.judge(answers)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = f"the provider's answer is not as expected ({type(error).__name__}: {error})"
        remedy = "find it in the provider's console, then give --import URN=ID or --absent URN"
        return Finding(urn=wanted.urn, how="asked the provider", undecided=f"{why}: {remedy}", asked=True)


def _finding(wanted: Wanted, outcome: Outcome | Finding) -> Finding:
    if isinstance(outcome, Verdict):
        return Finding(
            urn=wanted.urn, ids=outcome.ids, how=outcome.how, undecided=outcome.undecided, asked=outcome.asked
        )
    assert isinstance(outcome, Finding)  # noqa: S101 - `search` ends when none is an Ask
    return outcome


def _answers(stack: Stack, wanted: Sequence[Wanted], asking: Mapping[int, Ask]) -> dict[int, list[Answer]]:
    """The answers to all questions, each asked once, by the number of the wanted resource."""
    providers: dict[Provider, int] = {}
    questions: dict[tuple[int, str], int] = {}
    places: dict[int, list[int]] = {}
    for number, ask in asking.items():
        provider = providers.setdefault(_provider(wanted[number]), len(providers))
        places[number] = [
            questions.setdefault((provider, _text(question)), len(questions)) for question in ask.questions
        ]
    asked = {
        "providers": [_asked_with(*provider) for provider in providers],
        "questions": [{"provider": provider, **json.loads(text)} for provider, text in questions],
    }
    said = _run(stack, asked)
    return {number: [said[place] for place in numbers] for number, numbers in places.items()}


def _provider(wanted: Wanted) -> Provider:
    return wanted.provider_type.rpartition(":")[2], json.dumps(wanted.provider_inputs, sort_keys=True)


def _asked_with(package: str, inputs: str) -> dict[str, Any]:
    props = json.loads(inputs)
    own = {**props.get("__internal", {}), **props}
    return {
        "package": package,
        "props": {name: value for name, value in props.items() if name not in ENGINES_OWN},
        "version": own.get("version"),
        "url": own.get("pluginDownloadURL"),
    }


def _text(question: Question) -> str:
    return json.dumps({"token": question.token, "args": question.args}, sort_keys=True)


def _run(stack: Stack, asked: Mapping[str, Any]) -> list[Answer]:
    """Previews the finder in a folder of its own, which goes with all that the engine wrote there."""
    with tempfile.TemporaryDirectory(prefix="redoubt-finder-") as name:
        folder = Path(name)
        (folder / "state").mkdir()
        (folder / "passphrase").write_text("nothing that this state holds is secret")
        (folder / "Pulumi.yaml").write_text(json.dumps(_project()))
        (folder / "questions.json").write_text(json.dumps(asked))
        answers = folder / "answers.json"
        settings = {
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_STACK": STACK,
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(folder / "passphrase"),
            "REDOUBT_FINDER_QUESTIONS": str(folder / "questions.json"),
            "REDOUBT_FINDER_ANSWERS": str(answers),
        }
        for command in (
            ("stack", "init", STACK, "--secrets-provider", "passphrase", "--non-interactive"),
            ("preview", "--non-interactive", "--suppress-progress", "--color", "never"),
        ):
            done = stack.pulumi("-C", name, *command, check=False, timeout=TIMEOUT, env=settings)
            if done.returncode != 0 and not answers.exists():
                said = f"{done.stdout}{done.stderr}".strip()
                remedy = "read what the engine says above, mend it, and run this again"
                raise OperationError(f"the clouds could not be asked:\n{said}\n  remedy: {remedy}")
        return [Answer(one.get("value") or {}, one.get("error")) for one in json.loads(answers.read_text())]


def _project() -> dict[str, Any]:
    """The finder's project: JSON is YAML too. It runs in the virtual environment that this command runs in."""
    return {
        "name": "redoubt-finder",
        "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}},
        "main": str(FINDER),
    }
