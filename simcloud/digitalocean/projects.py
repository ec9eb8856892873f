"""Projects and what is in them (digitalocean/project/resource_project*.go; see data/digitalocean.json).

Each droplet and volume is in exactly one project. Which one that is stands on its own record; nothing there means the
default project of the account, which has no record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Created, Properties
from simcloud.core.values import known
from simcloud.digitalocean.account import (
    conflict,
    new_uuid,
    not_importable,
    now,
    refuse_taken_name,
    require,
    unprocessable,
)
from simcloud.digitalocean.common import AUTONAME, DigitalOceanModel, same_but_for_case
from simcloud.digitalocean.tokens import DROPLET, PROJECT, PROJECT_RESOURCES, VOLUME
from simcloud.ledger import Record

ENVIRONMENTS = ("development", "staging", "production")
KINDS = {"droplet": DROPLET, "volume": VOLUME}
"""The types that can be in a project, by the word in their URN; the others that DigitalOcean has are not modelled."""

OWNER_ID = 1


def urns_in(call: Call, project_id: str) -> list[str]:
    """The URNs of what is in a project."""
    return [
        f"do:{word}:{record.id}"
        for word, kind in KINDS.items()
        for record in call.find(kind)
        if record.hidden.get("project") == project_id
    ]


def assign(call: Call, project_id: str | None, urns: list[str]) -> None:
    """Move resources into a project; None is the account's default one."""
    for urn in urns:
        record = _resource(call, urn)
        hidden = {name: value for name, value in record.hidden.items() if name != "project"}
        call.change(record, hidden={**hidden, "project": project_id} if project_id else hidden)


def release(call: Call, project_id: str, urns: list[str]) -> None:
    """Move resources back to the default project: those that are still there and still in the project."""
    assign(call, None, [urn for urn in urns_in(call, project_id) if urn in urns])


class Project(DigitalOceanModel):
    """A project. Another default project is not modelled: it would take in what other stacks make."""

    token = PROJECT
    regional = False
    autoname = AUTONAME
    not_empty = frozenset({"name"})
    unsupported = frozenset({"isDefault"})

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        environment = known(inputs, "environment")
        if environment is not None and environment.lower() not in ENVIRONMENTS:
            yield Failure("environment", f"{environment!r} is not one of {', '.join(ENVIRONMENTS)}: use one of them")

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored; the API writes the environment with a capital, which the provider keeps."""
        environment = known(inputs, "environment")
        return {**inputs, "environment": environment.capitalize()} if environment else inputs

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """The case of the environment does not matter."""
        return prop == "environment" and same_but_for_case(old, new)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        refuse_taken_name(call, PROJECT, inputs["name"], "project")
        moment = now(call)
        outputs = {"createdAt": moment, "ownerId": OWNER_ID, "ownerUuid": call.account, "updatedAt": moment}
        return Created(new_uuid(call), outputs)

    def created(self, call: Call, record: Record) -> None:
        """See Model.created."""
        assign(call, record.id, record.inputs.get("resources", []))

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; what a deletion will move away is what was read last, so that is kept."""
        outputs = {**record.outputs, "resources": urns_in(call, record.id)}
        call.change(record, outputs=outputs)
        return outputs

    def unknown_after(self, changed: set[str], olds: Mapping[str, Any]) -> set[str]:
        """See Model.unknown_after."""
        return {"updatedAt"}

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; what is left out moves to the default project."""
        refuse_taken_name(call, PROJECT, inputs["name"], "project", except_id=record.id)
        if "resources" in inputs:
            release(call, record.id, [urn for urn in record.outputs["resources"] if urn not in inputs["resources"]])
            assign(call, record.id, inputs["resources"])
        return {"updatedAt": now(call)}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; the listed resources are moved away first, what else is in the project keeps it."""
        release(call, record.id, record.outputs["resources"])
        left = urns_in(call, record.id)
        if left:
            raise CloudError(
                "412",
                f"cannot delete a project with resources: {record.id} has {', '.join(left[:5])}",
                "move them to another project first, or `pulumi refresh`, after which the deletion moves them itself",
                retry=True,
            )
        return True


class ProjectResources(DigitalOceanModel):
    """Some of what is in a project. A second one for the same project is refused: both would have the same id."""

    token = PROJECT_RESOURCES
    regional = False
    taken_over = True
    not_empty = frozenset({"project"})

    def imported(self, call: Call, id: str) -> str | None:  # noqa: A002
        """See Model.imported: never, its page says that importing is not supported."""
        raise not_importable(self.token)

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        project = require(call, PROJECT, inputs["project"], "project")
        if call.get(PROJECT_RESOURCES, project.id):
            raise conflict(
                f"project {project.id} has a ProjectResources already", "list all resources of a project in one"
            )
        assign(call, project.id, inputs["resources"])
        return Created(project.id)

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read; only the URNs given here are looked for."""
        there = urns_in(call, record.id)
        return {**record.outputs, "resources": [urn for urn in record.outputs["resources"] if urn in there]}

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update."""
        release(call, record.id, [urn for urn in record.outputs["resources"] if urn not in inputs["resources"]])
        assign(call, record.id, inputs["resources"])
        return {}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete."""
        release(call, record.id, record.outputs["resources"])
        return True


def _resource(call: Call, urn: str) -> Record:
    scheme, _, rest = urn.partition(":")
    word, _, id_ = rest.partition(":")
    if scheme != "do" or word not in KINDS:
        raise unprocessable(
            f"{urn!r} cannot be in a project", f"give URNs such as dropletUrn or volumeUrn: {', '.join(KINDS)}"
        )
    return require(call, KINDS[word], id_, word)
