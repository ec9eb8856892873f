"""What the pack says of resources, asked in this process: every rule, with the settings it has where nothing is set."""

from collections.abc import Iterator

from ops.scanners.model import Form
from policies.blocks import CannotJudge
from policies.catalogue import RULES
from policies.rule import Rule, Seen, Stack, StackRule


def violated(form: Form) -> frozenset[str]:
    """The ids of the rules that these resources violate, or cannot be judged by.

    A few resources are no fleet: rules on the whole stack miss the rest of it, in either form alike.
    """
    stack = Stack(tuple(_seen(form)))
    return frozenset(rule.id for rule in RULES if _speaks(rule, stack))


def on_single_resources(ids: frozenset[str]) -> frozenset[str]:
    """Those of the ids that are of a cloud's rules on single resources, which need nothing beside the resource."""
    single = {rule.id for rule in RULES if isinstance(rule, Rule) and rule.group not in ("fleet", "hosts")}
    return ids & single


def _speaks(rule: Rule | StackRule, stack: Stack) -> bool:
    try:
        if isinstance(rule, StackRule):
            return any(True for _ in rule.check(stack))
        return any(
            True for one in stack.resources if rule.types is None or one.type in rule.types for _ in rule.check(one)
        )
    except CannotJudge:
        return True


def _seen(form: Form) -> Iterator[Seen]:
    urns = {one.key: one.urn for one in form}
    for one in form:
        links: dict[str, tuple[str, ...]] = {}
        for path, key in one.links.items():
            top = path.partition(".")[0]
            links[top] = (*links.get(top, ()), urns[key])
        yield Seen(
            type=one.type,
            name=one.name,
            urn=one.urn,
            props=one.props,
            protect=one.protect,
            provider=f"urn:pulumi:testnet::redoubt::pulumi:providers:{one.type.partition(':')[0]}::site",
            dependencies=links,
        )
