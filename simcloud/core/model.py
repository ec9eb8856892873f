"""What a resource type's model says, and the call to the simulated cloud that it works in.

The schema decides what it can (simcloud.core.check, simcloud.core.diff). A model adds what needs the account: whether
a reference exists, what is unique, what the cloud chooses by itself, what refuses a deletion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simcloud.core.check import Failure
from simcloud.core.diff import Change
from simcloud.core.values import has_unknown, is_blank
from simcloud.ledger import Record, Transaction

Properties = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """Does this change replace the resource? Asked where the schema has a condition, or nothing, to say about it."""

    change: Change
    olds: Mapping[str, Any]
    news: Mapping[str, Any]


Decision = Callable[[Question], bool]


@dataclass(frozen=True)
class Call:
    """One call to the simulated cloud: whose account, where, and the transaction in which all of it happens."""

    provider: str
    account: str
    region: str
    transaction: Transaction

    def find(self, type: str, **outputs: str | int | None) -> list[Record]:  # noqa: A002
        """The records of a type in this region whose outputs have these values."""
        return self.transaction.records(self.provider, self.region, type, outputs=outputs)

    def get(self, type: str, id: str) -> Record | None:  # noqa: A002
        """The record of a type and id in this region."""
        return self.transaction.get(self.provider, self.region, type, id)

    def add(self, type: str, id: str, outputs: Properties, owner: Record, address: str | None = None) -> None:  # noqa: A002
        """Record something that the cloud makes by itself along with a resource."""
        self.transaction.add(
            provider=self.provider,
            region=owner.region,
            type=type,
            id=id,
            outputs=outputs,
            owner=owner.seq,
            address=address,
        )

    def change(self, record: Record, **columns: Any) -> None:
        """Change a record, see Transaction.change."""
        self.transaction.change(record, **columns)

    def remove(self, record: Record) -> None:
        """Remove a record and what belongs to it."""
        self.transaction.remove(record)

    def quota(self, name: str, default: int) -> int:
        """A quota of the account; the default is the cloud's own, `python -m simcloud set quota.NAME N` raises it."""
        return int(self.transaction.setting(f"quota.{name}", str(default)))


@dataclass(frozen=True)
class Created:
    """A new resource: its id, what the cloud chose or knows of it, and a public address if it holds one."""

    id: str
    outputs: Properties = field(default_factory=dict)
    hidden: Properties = field(default_factory=dict)
    address: str | None = None


@dataclass(frozen=True)
class Autoname:
    """How the bridge names a resource without a name: logical name, hyphen, 7 hex digits (common.autonaming)."""

    max_length: int
    prefix: str = ""
    lower_case: bool = False
    property: str = "name"


class Model:
    """A resource type; subclasses say in their docstring what they model and from which source."""

    token: ClassVar[str]
    regional: ClassVar[bool] = True
    autoname: ClassVar[Autoname | None] = None
    unsupported: ClassVar[frozenset[str]] = frozenset()
    """Properties that are refused; a dot leads into an object or a list of objects, as in `bootDisk.source`."""

    decisions: ClassVar[Mapping[str, Decision]] = {}
    taken_over: ClassVar[bool] = False
    """Whether the cloud knows no thing of its own here, so that making it once more for the same URN, whose first answer was
    lost, takes what there is."""

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """What the real provider refuses before it calls the cloud, beyond the schema; values may be unknown."""
        yield from ()

    def normalize(self, inputs: Properties) -> Properties:
        """The inputs as the bridge rewrites them, for instance policy objects to JSON."""
        return inputs

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """Whether two different values of a property mean the same to the provider."""
        return False

    def stored(self, inputs: Properties) -> Properties:
        """The inputs as the provider keeps them in the state, for instance a hash; values may be unknown."""
        return inputs

    def refuse_plan(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> None:
        """Raise for a change that the real provider refuses already at the preview; new values may be unknown."""

    def create(self, call: Call, inputs: Properties) -> Created:
        """Create the resource, or raise the error the cloud answers with."""
        raise NotImplementedError

    def created(self, call: Call, record: Record) -> None:
        """What the cloud makes or moves along with the new resource, once it has a record."""

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """Change the resource in place; the answer is the outputs that change besides the inputs."""
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """Delete the resource, or raise the cloud's refusal; False leaves it in the cloud (`skipDestroy`)."""
        return True

    def gone(self, record: Record) -> bool:
        """Whether the real provider takes the resource for gone although it is still there."""
        return False

    def read(self, call: Call, record: Record) -> Properties:
        """The outputs as they are now."""
        return dict(record.outputs)

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """The id of what is imported as `id`, None if there is no such thing; some types are imported by other ids.

        Raise where the real provider refuses the form, or the import of the type as a whole.
        """
        return id

    def unknown_after(self, changed: set[str], olds: Mapping[str, Any]) -> set[str]:
        """The outputs that a preview of an update cannot know, given the properties that change."""
        return set()

    def refuse_unsupported(self, inputs: Properties) -> Iterator[Failure]:
        """Properties that the cloud has and the simulation has not: an error, since it would not do what they say."""
        for dotted in sorted(self.unsupported):
            for path, value in _found(inputs, dotted.split("."), ""):
                if has_unknown(value) or not is_blank(value):
                    yield Failure(path, f"is not simulated: leave it out, or model it in {type(self).__module__}")


def _found(value: Any, names: list[str], path: str) -> Iterator[tuple[str, Any]]:
    """The values that a dotted name leads to, with their paths."""
    if not names:
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _found(item, names, f"{path}[{index}]")
    elif isinstance(value, dict) and names[0] in value:
        yield from _found(value[names[0]], names[1:], f"{path}.{names[0]}".removeprefix("."))
