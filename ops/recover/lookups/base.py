"""What a lookup is asked and what it answers, and what the lookups of all providers share.

A lookup is a pure function. It knows the id from the resource's inputs, or it hands out questions to the provider's own
functions and judges the answers; who asks them is `search`'s affair. It never guesses: two candidates, or one that is not
exactly what the program would have made, are the operator's to decide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fleet.naming import physical_name

Properties = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A resource of the program that the state lacks.

    Attributes:
        urn: Its URN.
        type: Its type token.
        name: Its logical name.
        inputs: Its inputs by their names in the schema, as the engine has them; a value that is not known is absent.
        provider_inputs: The inputs of its provider, as the state holds them.
        provider_type: The provider's type token, `pulumi:providers:aws` for example.
        fleet: The fleet's name, which stands in tags and names.
        stack: The stack's name, likewise.
        known: Ids that the state holds already, which cannot be this resource's: of the one that a new one was about to
            replace, for example, which has the same name and tags.
    """

    urn: str
    type: str
    name: str
    inputs: Properties
    provider_inputs: Properties
    provider_type: str
    fleet: str
    stack: str
    known: frozenset[str] = frozenset()

    @property
    def physical_name(self) -> str:
        """The name under which the account knows it, where names and tags follow the house's pattern."""
        return physical_name(self.fleet, self.stack, self.name)


@dataclass(frozen=True)
class Question:
    """A call of a function of the provider: its token, and its arguments by their names in the schema."""

    token: str
    args: Properties


@dataclass(frozen=True)
class Answer:
    """What the function answered, or the provider's message when it failed."""

    value: Properties = field(default_factory=dict[str, Any])
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is known of the id, in the form in which the resource is imported.

    Attributes:
        ids: The id; none where the resource is not there; all candidates where it is undecided.
        how: How this was found out.
        undecided: Why nobody but the operator can say, with what they can do; None when it is decided.
        asked: Whether the account was asked. If not, the id follows from the inputs and the resource may not exist.
    """

    ids: tuple[str, ...] = ()
    how: str
    undecided: str | None = None
    asked: bool = True


@dataclass(frozen=True)
class Ask:
    """Questions to ask first; `judge` gets the answers in the same order."""

    questions: tuple[Question, ...]
    judge: Callable[[Sequence[Answer]], "Outcome"]


Outcome = Verdict | Ask
Lookup = Callable[[Wanted], Outcome]


class NotYetError(Exception):
    """The lookup needs an input that nobody knows yet: another resource has to be found first."""

    def __init__(self, *names: str) -> None:
        super().__init__(", ".join(names))
        self.names = names


def need(wanted: Wanted, name: str) -> Any:
    """An input that the lookup cannot do without.

    Raises:
        NotYetError: When it is not known.
    """
    value = wanted.inputs.get(name)
    if value in (None, ""):
        raise NotYetError(name)
    return value


def follows(id_: str) -> Verdict:
    """An id that follows from the inputs alone; whether the resource exists is seen when it is imported."""
    return Verdict(ids=(id_,), how="follows from the inputs", asked=False)


def undecided(why: str, remedy: str, how: str, ids: Sequence[str] = ()) -> Verdict:
    """A case for the operator, who answers with an id or with its absence."""
    return Verdict(ids=tuple(ids), how=how, undecided=f"{why}: {remedy}, then give --import URN=ID or --absent URN")


def only(wanted: Wanted, ids: Sequence[str], how: str, remedy: str) -> Verdict:
    """The one candidate that the state does not hold; none: the resource is not there, several: nobody can tell."""
    unique = tuple(id_ for id_ in dict.fromkeys(ids) if id_ not in wanted.known)
    if len(unique) > 1:
        return undecided(f"cannot be told apart, {len(unique)} fit ({', '.join(unique)})", remedy, how, unique)
    return Verdict(ids=unique, how=how)


def failed(answers: Sequence[Answer], how: str, remedy: str) -> Verdict | None:
    """The verdict where an answer is missing; None when all are there."""
    said = next((answer.error for answer in answers if answer.error is not None), None)
    return undecided(f"the provider could not be asked ({said.strip()})", remedy, how) if said is not None else None


def ask(
    questions: Sequence[Question], how: str, remedy: str, judge: Callable[[Sequence[Properties]], Outcome]
) -> Outcome:
    """Questions whose failure leaves the case undecided; `judge` sees answers alone. Without questions it sees none."""

    def decide(answers: Sequence[Answer]) -> Outcome:
        return failed(answers, how, remedy) or judge([answer.value for answer in answers])

    return Ask(tuple(questions), decide) if questions else judge([])


def made_again(why: str) -> Lookup:
    """For types that cannot be imported, and of which the provider takes the one that is there when it makes it again."""
    verdict = Verdict(how=f"is not imported, made again instead: {why}", asked=False)
    return lambda _: verdict


def by_hand(why: str, command: str) -> Lookup:
    """For types that no function of the provider lists; `command` shows them, `{name}` stands for the physical name."""

    def lookup(wanted: Wanted) -> Verdict:
        shown = command.format(name=wanted.inputs.get("name") or wanted.physical_name)
        return replace(undecided(why, f"run `{shown}`", "cannot be looked up"), asked=False)

    return lookup
