"""A recorded program as rules see it, with ids known or, as in a first preview, unknown."""

from typing import Any

from pulumi.output import Unknown
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from ops.recording.clouds import Clouds
from ops.recording.monitor import Recording
from ops.recording.run import run_program, stack_config
from policies.blocks import CannotJudge
from policies.rule import Rule, Seen, Stack, StackRule

__all__ = ["judged", "raw", "recorded", "seen"]


def recorded(fleet: Any, stack: str, *, preview: bool = False) -> Stack:
    """The stack that a config makes."""
    recording = run_program(stack_config(fleet), stack, Clouds(preview=preview, previous_outputs={}))
    return Stack(tuple(seen(recording, stack)))


def seen(recording: Recording, stack: str) -> list[Seen]:
    """Every resource of a recording, the stack itself first."""
    root = Seen(
        type="pulumi:pulumi:Stack",
        name=f"redoubt-{stack}",
        urn=f"urn:pulumi:{stack}::redoubt::pulumi:pulumi:Stack::redoubt-{stack}",
        props={},
        outputs=unknown_checking_proxy(_plain(recording.stack_outputs)),
    )
    return [root] + [
        Seen(
            type=one.type,
            name=one.name,
            urn=one.urn,
            props=unknown_checking_proxy(_plain(one.inputs)),
            protect=one.protect,
            ignore_changes=one.ignore_changes,
            delete_before_replace=one.delete_before_replace,
            parent=one.parent or None,
            provider=one.provider.rpartition("::")[0] or None,
            outputs=unknown_checking_proxy(_plain({**one.inputs, **recording.outputs[one.urn]})),
            dependencies=one.property_dependencies,
        )
        for one in recording.resources
    ]


def judged(rules: tuple[Rule | StackRule, ...], stack: Stack) -> tuple[list[str], list[str]]:
    """Violations and deferrals of all rules."""
    violations: list[str] = []
    deferrals: list[str] = []
    for rule in rules:
        targets = (
            [stack]
            if isinstance(rule, StackRule)
            else [one for one in stack.resources if rule.types is None or one.type in rule.types]
        )
        for target in targets:
            where = target.urn if isinstance(target, Seen) else "stack"
            try:
                for found in rule.check(target):  # pyright: ignore[reportArgumentType]
                    text = found if isinstance(found, str) else f"{found.urn.rpartition('::')[2]}: {found.text}"
                    violations.append(f"{rule.id} {where.rpartition('::')[2]}: {text}")
            except UnknownValueError as error:
                deferrals.append(f"{rule.id} {where.rpartition('::')[2]}: {error.message}")
            except CannotJudge as error:
                violations.append(f"{rule.id} {where.rpartition('::')[2]}: {error}")
    return violations, deferrals


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN_STRING_VALUE
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def raw(value: Any) -> Any:
    """A plain copy of what the SDK's proxies hold, unknown values as the SDK's marks."""
    target = value["__target"] if type(value).__name__ in ("_DictProxy", "_ListProxy") else value
    if isinstance(target, dict):
        return {key: raw(each) for key, each in target.items()}
    if isinstance(target, list):
        return [raw(each) for each in target]
    return target
