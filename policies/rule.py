"""What a rule is: its metadata, what it looks at, and a function that finds what is wrong.

A function yields one text for each violation: what is wrong with the resource, in words, without a value that could be
secret. It says nothing about levels, waivers, unknown values or its own failures: `policies.pack` does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pulumi_policy import EnforcementLevel, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.blocks import Block

Group = Literal["aws", "gcp", "digitalocean", "hosts", "fleet"]


class Seen(Block):
    """One resource. Its properties are its inputs, as the provider's check left them.

    Attributes:
        type: Its type token, for example `aws:ec2/instance:Instance`.
        name: Its logical name.
        urn: Its URN.
        protect: Whether the engine refuses to delete it.
        ignore_changes: Property paths whose changes are ignored.
        delete_before_replace: Whether the old one goes before the new one is made.
        parent: URN of its parent, or None.
        provider: URN of its provider, or None.
        settings: The rule's own settings.
        outputs: Inputs and outputs as the state has them; a stack rule alone sees them.
        dependencies: URNs that each property comes from; a stack rule alone sees them.
    """

    def __init__(
        self,
        *,
        type: str,  # noqa: A002 - the engine's word
        name: str,
        urn: str,
        props: Mapping[str, Any],
        protect: bool = False,
        ignore_changes: tuple[str, ...] = (),
        delete_before_replace: bool = False,
        parent: str | None = None,
        provider: str | None = None,
        settings: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
        dependencies: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(props)
        self.type = type
        self.name = name
        self.urn = urn
        self.protect = protect
        self.ignore_changes = ignore_changes
        self.delete_before_replace = delete_before_replace
        self.parent = parent
        self.provider = provider
        self.settings = Block(settings or {}, "the pack's config")
        self.outputs = Block(outputs if outputs is not None else props)
        self.dependencies = dependencies or {}


class Finding(NamedTuple):
    """What a stack rule found wrong, and with which resource; no URN where it is the whole stack's."""

    urn: str
    text: str


class Stack:
    """All resources of one stack.

    Attributes:
        resources: In the engine's order.
        settings: The rule's own settings.
    """

    def __init__(self, resources: tuple[Seen, ...], settings: Mapping[str, Any] | None = None) -> None:
        self.resources = resources
        self.settings = Block(settings or {}, "the pack's config")
        self.by_urn = {one.urn: one for one in resources}

    def of(self, *types: str) -> list[Seen]:
        """The resources of these types."""
        return [one for one in self.resources if one.type in types]

    def linked(self, resource: Seen, path: str, *types: str) -> list[Seen]:
        """The resources of these types that a property, or a part of it, comes from. Known also where its value is not.

        Args:
            resource: Whose property it is.
            path: The top-level property.
            types: Which types are looked for; all where none is named.
        """
        urns = [
            urn
            for name, all_ in resource.dependencies.items()
            if name == path or name.startswith((f"{path}.", f"{path}["))
            for urn in all_
        ]
        return [
            found
            for urn in dict.fromkeys(urns)
            if (found := self.by_urn.get(urn)) and (not types or found.type in types)
        ]

    def outputs(self) -> Block:
        """The stack's own outputs."""
        roots = self.of("pulumi:pulumi:Stack")
        return roots[0].outputs if roots else Block({})


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What is known of every rule.

    Attributes:
        id: Its name in reports, configs and waivers; it begins with its group.
        title: What holds, as a sentence.
        why: What is lost where it does not.
        remedy: What to do about a violation, as an imperative.
        tags: What it is about, from `TAGS`.
        answers: Checks of Checkov, Trivy and Prowler that it answers (`policies.coverage`).
        advisory: Why a violation stops nothing; empty: it stops the update.
        waivable: False where a waiver could cost the stake.
        settings: JSON schemas of its settings in the pack's config.
    """

    id: str
    title: str
    why: str
    remedy: str
    severity: Severity
    tags: tuple[str, ...]
    answers: tuple[str, ...] = ()
    advisory: str = ""
    waivable: bool = True
    settings: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    @property
    def level(self) -> EnforcementLevel:
        """What a violation does to an update."""
        return EnforcementLevel.ADVISORY if self.advisory else EnforcementLevel.MANDATORY

    @property
    def group(self) -> str:
        """The part of the pack it belongs to."""
        return self.id.partition("-")[0]


@dataclass(frozen=True, kw_only=True)
class Rule(Metadata):
    """A rule on single resources.

    Attributes:
        types: The resource types it looks at; None: every type.
        check: Finds what is wrong with one.
    """

    types: frozenset[str] | None
    check: Callable[[Seen], Iterator[str]]


@dataclass(frozen=True, kw_only=True)
class StackRule(Metadata):
    """A rule on what only the whole stack shows."""

    check: Callable[[Stack], Iterator[Finding]]


TAGS = frozenset(
    {"exposure", "egress", "encryption", "identity", "secrets", "signing", "durability", "audit", "hygiene"}
)
"""What rules are about."""


def each(resources: list[Seen], look: Callable[[Seen], Iterator[str]]) -> Iterator[Finding]:
    """What `look` finds in each resource; an unknown value defers the rule only when all others were looked at."""
    unknown: UnknownValueError | None = None
    for one in resources:
        try:
            for text in look(one):
                yield Finding(one.urn, text)
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
