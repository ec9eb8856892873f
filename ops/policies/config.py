"""The pack's config of one stack, checked before the engine is started with it.

The engine (3.259.0) hands settings on without a look at their names, and ignores rules that there are not; a misspelt
setting would leave a rule as it was. And a rule is not switched off here: that takes a waiver, with an owner and a day.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from ops.errors import OperationError
from policies.catalogue import ALL
from policies.rule import Metadata
from policies.waivers import known
from toolchain.layout import REPOSITORY

PACK: Final = REPOSITORY.root / "policies"
LEVEL: Final = "enforcementLevel"


def arguments(stack: str, pack: Path = PACK) -> tuple[str, ...]:
    """What makes `pulumi` judge a stack: the pack, and its config where the stack has one.

    Raises:
        OperationError: When the config is not what it should be.
    """
    path = pack / "config" / f"{stack}.json"
    if not path.is_file():
        return "--policy-pack", str(pack)
    check(path)
    return "--policy-pack", str(pack), "--policy-pack-config", str(path)


def check(path: Path) -> None:
    """Checks a pack's config.

    Raises:
        OperationError: With all that is wrong with it.
    """
    try:
        content: object = json.loads(path.read_text())
    except ValueError as error:
        raise OperationError(f"{path.name} is no JSON: {error}\n  remedy: mend it, or take the file away") from None
    if not isinstance(content, dict):
        raise OperationError(f"{path.name} is no object\n  remedy: write settings by rule, see docs/policies.md")
    if found := list(_problems(cast("Mapping[str, Any]", content), known(ALL))):
        raise OperationError("\n".join(f"{path.name}: {text}\n  remedy: {remedy}" for text, remedy in found))


def _problems(content: Mapping[str, Any], rules: Mapping[str, Metadata]) -> Iterator[tuple[str, str]]:
    for name, settings in content.items():
        rule = rules.get(name)
        if rule is None:
            yield f"{name}: there is no such rule", "see docs/reference/policies.md for their names"
        elif not isinstance(settings, dict):
            yield f"{name}: is no object", f'write {{"{LEVEL}": "{rule.level.value}", ...}}'
        else:
            yield from _of_rule(rule, cast("Mapping[str, Any]", settings))


def _of_rule(rule: Metadata, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if settings.get(LEVEL) != rule.level.value:
        what = f"{rule.id}.{LEVEL}: is {settings.get(LEVEL)!r}, and the rule is {rule.level.value}"
        yield what, f"write {rule.level.value!r} (the engine wants it said); to let one resource pass, waive it"
    for key in settings.keys() - {LEVEL} - rule.settings.keys():
        allowed = ", ".join(sorted(rule.settings)) or "none"
        yield f"{rule.id}.{key}: there is no such setting", f"its settings are: {allowed}"
