"""What is compared: a few resources, sound in one form and broken in the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

URN: Final = "urn:pulumi:testnet::redoubt::"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource, as Pulumi inputs; `ops.scanners.plans` writes the same one as Terraform has it.

    Attributes:
        type: Its type token.
        name: Its logical name.
        props: Its inputs.
        links: Where a property, at a path such as `rootBlockDevice.kmsKeyId`, comes from: `type::name` of another one.
        protect: Whether the engine refuses to delete it; Terraform's plans do not say so.
    """

    type: str
    name: str
    props: Mapping[str, Any]
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    protect: bool = False

    @property
    def key(self) -> str:
        """What links to it are written as."""
        return f"{self.type}::{self.name}"

    @property
    def urn(self) -> str:
        """Its URN."""
        return URN + self.key


Form = tuple[Resource, ...]
"""All resources of one plan."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One fault, and what it is a fault of.

    Attributes:
        name: Short, for file names.
        resource: What is broken, for the table.
        fault: What is wrong with the broken form.
        sound: The form that nothing is wrong with.
        broken: The form with the fault.
        why: Why one of the two finds the fault and the other does not; empty where both do.
        near: For a fault that Checkov does not find, a form close to it and a check that fails on it: its silence is about
            the fault then, and not about a plan that it cannot read.
    """

    name: str
    resource: str
    fault: str
    sound: Form
    broken: Form
    why: str = ""
    near: tuple[str, Form] | None = None
