"""What the program wants and the state lacks: the creations of a preview, with the inputs that it knows already.

A resource is among them because it was never made, or because it was made and the provider's answer was lost: then no
operation is pending and the state does not say that anything happened.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from ops.errors import OperationError
from ops.recover.lookups.base import Wanted
from ops.stacks import Stack

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for an unknown value in the engine's events (resource.UnknownStringValue begins with it)."""
SECRET: Final = "[secret]"  # noqa: S105 - how the events mask a secret
NO_PROVIDER: Final = ("", "pulumi:pulumi", "pulumi:providers:pulumi")


def creations(stack: Stack) -> dict[str, dict[str, Any]]:
    """The resources that an update would make, by URN, as the preview's `newState`.

    Raises:
        OperationError: When the program refuses, or the preview's stream does not end as it should.
    """
    done = stack.pulumi(
        *("preview", "--json", "--non-interactive", "--suppress-progress"),
        env={"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"},
        check=False,
    )
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not any("summaryEvent" in event for event in events):
        raise OperationError(
            f"what stack {stack.stack} lacks cannot be told, the preview failed:\n{_diagnostics(events) or done.stderr.strip()}\n"
            "  remedy: mend what it says, then run this again; what was found so far is in the state"
        )
    made: dict[str, dict[str, Any]] = {}
    for event in events:
        metadata = event.get("resourcePreEvent", {}).get("metadata") or {}
        if metadata.get("op") in ("create", "create-replacement") and metadata.get("new"):
            made[metadata["urn"]] = metadata["new"]
    return made


def _diagnostics(events: list[dict[str, Any]]) -> str:
    found = [one["diagnosticEvent"] for one in events if "diagnosticEvent" in one]
    return "\n".join(one.get("message", "").strip() for one in found if one.get("severity") == "error")


def providers(export: Mapping[str, Any], made: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The inputs of all explicit providers, by URN: of the state, and of those that are missing themselves."""
    resources = export.get("deployment", {}).get("resources") or []
    known = {one["urn"]: one.get("inputs", {}) for one in resources if one["type"].startswith("pulumi:providers:")}
    coming = {urn: one.get("inputs", {}) for urn, one in made.items() if one["type"].startswith("pulumi:providers:")}
    return {**coming, **known}


def wanted(
    urn: str,
    resource: Mapping[str, Any],
    provided: Mapping[str, Mapping[str, Any]],
    *,
    fleet: str,
    stack: str,
    known: frozenset[str],
) -> Wanted:
    """One resource to look up.

    Args:
        urn: Its URN.
        resource: The resource as a state or a preview describes it.
        provided: Inputs of the providers by URN.
        fleet: The fleet's name.
        stack: The stack's name.
        known: Ids that the state holds.
    """
    provider = str(resource.get("provider", "")).rpartition("::")[0]
    return Wanted(
        urn=urn,
        type=resource["type"],
        name=urn.rpartition("::")[2],
        inputs=dict(_known(resource.get("inputs") or {})),
        provider_inputs=provided.get(provider, {}),
        provider_type=provider.split("::")[2].rpartition("$")[2] if provider else "",
        fleet=fleet,
        stack=stack,
        known=known,
    )


def can_be_there(resource: Mapping[str, Any], state: Collection[str]) -> bool:
    """Whether an update of this state can have made a resource: only after all that it needs was in the state.

    Args:
        resource: As a preview describes it: it does not say what it depends on, but what of that is not known.
        state: The URNs in the state.
    """
    needs = (resource.get("parent"), str(resource.get("provider", "")).rpartition("::")[0])
    return all(one in state for one in needs if one) and UNKNOWN not in json.dumps(resource.get("inputs") or {})


def entry(resource: Mapping[str, Any], id_: str) -> dict[str, Any]:
    """A resource of a preview as a state holds it before it was ever read."""
    kept = ("urn", "type", "custom", "parent", "provider", "protect", "retainOnDelete")
    inputs = {key: value for key, value in (resource.get("inputs") or {}).items() if SECRET not in json.dumps(value)}
    return {**{key: resource[key] for key in kept if resource.get(key)}, "id": id_, "inputs": inputs, "outputs": {}}


def is_frame(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is a component or an explicit provider: a matter of the state alone, in no account."""
    type_ = resource["type"]
    return type_.startswith("pulumi:providers:") or not (resource.get("custom") or type_.startswith("pulumi:"))


def is_looked_up(resource: Mapping[str, Any]) -> bool:
    """Whether a resource stands for something in an account: components and providers do not."""
    return bool(resource.get("custom")) and not resource["type"].startswith("pulumi:")


def _known(inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in inputs.items():
        text = json.dumps(value)
        if UNKNOWN not in text and SECRET not in text and not key.startswith("__"):
            yield key, value
