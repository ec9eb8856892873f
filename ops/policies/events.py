"""What the engine's event stream says about policies.

A rule has three results. The engine tells violations as they are, and tells a rule that met an unknown value as an
advisory of its own words ("can't run policy ...", pulumi-policy 1.21.0), whatever the rule's level: that is `deferred`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

Result = Literal["violation", "advisory", "deferred"]
_DEFERRED: Final = re.compile(r"can't run policy '[^']+' from policy pack .* during preview: (?P<why>.*)", re.DOTALL)
_VALUE: Final = re.compile(r"value at \.(?P<path>\S+) can't be known")


@dataclass(frozen=True, kw_only=True)
class PolicyEvent:
    """One thing that the pack had to say.

    Attributes:
        result: What it is.
        rule: The rule's id.
        urn: The resource's URN; the stack's own where it is about the whole.
        text: In words.
        path: For a deferral, the property that is not known, with `N` for places in lists; empty where it is not said.
    """

    result: Result
    rule: str
    urn: str
    text: str
    path: str = ""

    @property
    def type(self) -> str:
        """The resource's type."""
        return self.urn.split("::")[2].rpartition("$")[2] if self.urn.count("::") >= 3 else ""


def read(lines: Iterable[str]) -> Iterator[PolicyEvent]:
    """The policy events of a stream, in its order. What is no JSON is the CLI's own chatter, and skipped."""
    for line in lines:
        if line.startswith("{") and '"policyEvent"' in line:
            yield _event(json.loads(line)["policyEvent"])


def _event(raw: dict[str, Any]) -> PolicyEvent:
    text = str(raw.get("message", "")).strip()
    urn, rule = str(raw.get("resourceUrn", "")), str(raw.get("policyName", ""))
    if match := _DEFERRED.fullmatch(text):
        place = _VALUE.search(match["why"])
        path = re.sub(r"\.\d+(?=\.|$)", ".N", place["path"]) if place else ""
        return PolicyEvent(result="deferred", rule=rule, urn=urn, text=match["why"], path=path)
    result: Result = "advisory" if raw.get("enforcementLevel") == "advisory" else "violation"
    return PolicyEvent(result=result, rule=rule, urn=urn, text=text)
