"""What the GCP models share: names, places, links, labels, deletion policies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Call, Model, Properties
from simcloud.core.values import UNKNOWN, has_unknown, known
from simcloud.gcp.account import (
    base_name,
    link_of,
    now,
    path_of,
    refuse_taken,
    region_of_zone,
    require_region,
    require_zone,
)
from simcloud.ledger import Record

MAX_LABELS = 64
LABEL_KEY = re.compile(r"^[a-z][a-z0-9_-]{0,62}$")
LABEL_VALUE = re.compile(r"^[a-z0-9_-]{0,63}$")
NAME = re.compile(r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")
"""Of most of Compute Engine's resources, and of network tags."""

Scope = Literal["global", "regions", "zones"]
SINGULAR = {"regions": "region", "zones": "zone"}


def same_link(old: Any, new: Any) -> bool:
    """Whether two references are to one resource for the provider (tpgresource, CompareSelfLinkOrResourceName).

    The state holds a self link; a bare name equals any link that ends in it, a longer one is compared from
    `projects/` on.
    """
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    if "/" not in new:
        return base_name(old) == new
    return "projects/" in new and old.partition("projects/")[2] == new.partition("projects/")[2]


def same_links(old: Any, new: Any) -> bool:
    """See same_link; for lists, whose order does not matter."""
    if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new) or has_unknown(new):
        return False
    return all(any(same_link(before, after) for before in old) for after in new)


def check_labels(inputs: Properties, path: str = "labels") -> Iterator[Failure]:
    """Labels within GCP's limits (gcp.json, `common`)."""
    labels = inputs.get("labels", {})
    if labels is UNKNOWN:
        return
    if len(labels) > MAX_LABELS:
        yield Failure(path, f"has {len(labels)} labels, a resource takes {MAX_LABELS}: remove some")
    for key, value in labels.items():
        if not LABEL_KEY.match(key) or not (value is UNKNOWN or LABEL_VALUE.match(value)):
            yield Failure(
                f"{path}.{key}", "is no label: use lower-case letters, digits, - and _, at most 63, a letter first"
            )


class GcpModel(Model):
    """A type of the GCP provider. Labels are checked here, and the deletion policy is kept here, for all of them."""

    collection: ClassVar[str] = ""
    scope: ClassVar[Scope] = "global"
    links: ClassVar[Mapping[str, tuple[str, Scope]]] = {}
    """Properties that refer to a resource of Compute Engine, with its collection and scope; see same_link."""

    by_last_segment: ClassVar[frozenset[str]] = frozenset({"region", "zone"})
    """Properties of which only the last segment is compared."""

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check; subclasses add theirs with `yield from super().check(...)`."""
        place = SINGULAR.get(self.scope, "")
        if place and not region and place not in inputs:
            yield Failure(place, f"is required: set it, or gcp:{place}")
        yield from check_labels(inputs)

    def same(self, prop: str, old: Any, new: Any) -> bool:
        """See Model.same."""
        if prop in self.by_last_segment and isinstance(old, str) and isinstance(new, str):
            return base_name(old) == base_name(new)
        return prop in self.links and (same_link(old, new) or same_links(old, new))

    def location(self, inputs: Mapping[str, Any], default: Mapping[str, str]) -> str:
        """The region or zone a resource goes to; empty for a global one, or when nobody has said it yet."""
        place = SINGULAR.get(self.scope, "")
        given = inputs.get(place) if place else ""
        return base_name(given) if isinstance(given, str) and given else default.get(place, "")

    def completed(self, inputs: Properties, defaults: Mapping[str, str]) -> Properties:
        """What a preview knows of the outputs besides; `defaults` are the provider's project, region and zone."""
        return {}

    def path(self, inputs: Mapping[str, Any]) -> str:
        """The id of the resource that these inputs make."""
        return f"projects/{inputs['project']}/{self.place(inputs)}/{self.collection}/{inputs['name']}"

    def place(self, inputs: Mapping[str, Any], scope: Scope | None = None) -> str:
        """Where something of a scope is that belongs to these inputs: `global`, `regions/r` or `zones/z`."""
        scope = scope or self.scope
        if scope == "global":
            return scope
        zone = base_name(inputs.get("zone", ""))
        return (
            f"zones/{zone}"
            if scope == "zones"
            else f"regions/{base_name(inputs.get('region') or region_of_zone(zone))}"
        )

    def reference(self, inputs: Mapping[str, Any], link: str, prop: str) -> str:
        """The id that a reference in a property stands for."""
        collection, scope = self.links[prop]
        return path_of(link, inputs["project"], self.place(inputs, scope), collection)

    def claim(self, call: Call, inputs: Properties) -> str:
        """The id for a new resource, or the refusal of a place that does not exist or a name that is taken."""
        if self.scope == "regions":
            require_region(base_name(inputs["region"]))
        if self.scope == "zones":
            require_zone(base_name(inputs["zone"]), inputs["project"])
        path = self.path(inputs)
        refuse_taken(call, self.token, path)
        return path

    def described(self, call: Call, path: str) -> Properties:
        """The outputs that all resources of Compute Engine have."""
        return {"selfLink": link_of(path), "creationTimestamp": now(call)}

    def stored(self, inputs: Properties) -> Properties:
        """See Model.stored; references become self links and places names, as the provider reads them back."""
        outputs = {
            name: base_name(value) if name in ("region", "zone") and isinstance(value, str) else value
            for name, value in inputs.items()
        }
        if UNKNOWN in [inputs.get(name) for name in ("project", "region", "zone")]:
            return outputs
        for prop in self.links:
            outputs = self._linked(outputs, prop, prop.split("."), inputs)
        return outputs

    def delete(self, call: Call, record: Record) -> bool:
        """See Model.delete; first the deletion policy, which the provider keeps without asking GCP."""
        policy = record.outputs.get("deletionPolicy", "DELETE")
        if policy == "PREVENT":
            raise CloudError(
                "deletionPolicy",
                f"{record.id} may not be deleted: its deletionPolicy is PREVENT",
                "set deletionPolicy to DELETE and `pulumi up` before the deletion",
            )
        return policy != "ABANDON" and self.release(call, record)

    def release(self, call: Call, record: Record) -> bool:
        """Delete the resource in GCP, or raise its refusal; see Model.delete."""
        return True

    def _linked(self, value: Any, prop: str, names: list[str], inputs: Mapping[str, Any]) -> Any:
        """The value with self links in place of the references that the names lead to."""
        if isinstance(value, list):
            items: list[Any] = value
            return [self._linked(item, prop, names, inputs) for item in items]
        if not names:
            return link_of(self.reference(inputs, value, prop)) if isinstance(value, str) and value else value
        if isinstance(value, dict) and names[0] in value:
            return {**value, names[0]: self._linked(value[names[0]], prop, names[1:], inputs)}
        return value


def chosen(inputs: Mapping[str, Any], **defaults: Any) -> Properties:
    """What GCP or the provider sets where the program does not."""
    return {name: value for name, value in defaults.items() if inputs.get(name) is None}


def given(inputs: Properties, name: str, default: Any = None) -> Any:
    """A property for a check before the call: its value, the default when unset, None when it is not known yet."""
    return default if inputs.get(name) is None else known(inputs, name)
