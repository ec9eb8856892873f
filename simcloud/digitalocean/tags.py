"""Tags, which belong to the account and not to a region (digitalocean/tag/resource_tag.go, tags.go)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simcloud.core.model import Call, Created, Properties
from simcloud.digitalocean.account import unprocessable
from simcloud.digitalocean.common import AUTONAME, DigitalOceanModel, same_but_for_case
from simcloud.digitalocean.tokens import DROPLET, FIREWALL, TAG, VOLUME
from simcloud.ledger import Record

NOT_COUNTED = ("databasesCount", "imagesCount", "volumeSnapshotsCount")
"""What the account cannot have here."""

RULE_TAGS = {"inboundRules": "sourceTags", "outboundRules": "destinationTags"}


def tagged(call: Call, kind: str, tag: str) -> list[Record]:
    """The records of a kind that carry a tag."""
    return [record for record in call.find(kind) if carries(record.outputs, tag)]


def carries(outputs: Mapping[str, Any], tag: str) -> bool:
    """Whether a tag is among those of a resource; upper and lower case do not matter."""
    return any(same_but_for_case(other, tag) for other in outputs.get("tags", []))


def ensure_tags(call: Call, inputs: Properties) -> None:
    """Make the tags that a droplet or a volume names and the account does not have."""
    for tag in inputs.get("tags", []):
        if _find(call, tag) is None:
            call.transaction.add(provider=call.provider, region="", type=TAG, id=tag, outputs={"id": tag, "name": tag})


def refuse_missing_tags(call: Call, tags: Iterable[str]) -> None:
    """Raise unless the account has all of the tags: a firewall does not make them."""
    missing = [tag for tag in tags if _find(call, tag) is None]
    if missing:
        raise unprocessable(
            f"tags {', '.join(missing)} do not exist",
            "make each with a Tag resource and use its name as an output, so that it is there first",
        )


class Tag(DigitalOceanModel):
    """A tag. One that exists already is taken as it is, and deleting it takes it from everything in the account."""

    token = TAG
    regional = False
    autoname = AUTONAME

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        existing = _find(call, inputs["name"])
        if existing:
            call.remove(existing)
        return Created(inputs["name"], self._counts(call, inputs["name"]))

    def read(self, call: Call, record: Record) -> Properties:
        """See Model.read."""
        return {**record.outputs, **self._counts(call, record.id)}

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete."""
        for kind in (DROPLET, VOLUME, FIREWALL):
            for holder in call.find(kind):
                call.change(holder, outputs=_without(holder.outputs, record.id))
        return True

    def _counts(self, call: Call, name: str) -> Properties:
        droplets, volumes = len(tagged(call, DROPLET, name)), len(tagged(call, VOLUME, name))
        return {
            **dict.fromkeys(NOT_COUNTED, 0),
            "dropletsCount": droplets,
            "volumesCount": volumes,
            "totalResourceCount": droplets + volumes,
        }


def _find(call: Call, name: str) -> Record | None:
    return next((tag for tag in call.find(TAG) if same_but_for_case(tag.id, name)), None)


def _without(outputs: Mapping[str, Any], tag: str) -> Properties:
    """The outputs of something without the tag, in rules of a firewall too."""

    def strip(tags: list[str]) -> list[str]:
        return [other for other in tags if not same_but_for_case(other, tag)]

    changed = dict(outputs)
    if "tags" in outputs:
        changed["tags"] = strip(outputs["tags"])
    for rules, names in RULE_TAGS.items():
        if rules in outputs:
            changed[rules] = [{**rule, names: strip(rule[names])} if names in rule else rule for rule in outputs[rules]]
    return changed
