"""`python -m ops.policies.reference`: writes docs/reference/policies.md from the rules themselves."""

import sys
from collections.abc import Iterator
from typing import Final

from policies.catalogue import ALL, GROUPS
from policies.coverage.all import CHECKS, answered, frameworks
from policies.rule import Metadata, Rule
from toolchain.layout import REPOSITORY

PAGE: Final = REPOSITORY.root / "docs" / "reference" / "policies.md"
ALL_CHECKS: Final = [(provider, one) for provider, checks in CHECKS.items() for one in checks]


def page() -> str:
    """The whole page."""
    return "\n".join(
        [*_head(), *(line for group, title in GROUPS.items() for line in _group(group, title)), *_unanswered()]
    )


def _head() -> Iterator[str]:
    yield "# Policies"
    yield ""
    yield "Made by `python -m ops.policies.reference` from `policies/`; do not edit. How they are used: `docs/policies.md`."
    yield ""
    yield "| group | rules | mandatory | cannot be waived |"
    yield "|---|---|---|---|"
    for group, title in GROUPS.items():
        rules = [one for one in ALL if one.group == group]
        mandatory = sum(not one.advisory for one in rules)
        yield f"| {title} | {len(rules)} | {mandatory} | {sum(not one.waivable for one in rules)} |"
    yield f"| all | {len(ALL)} | {sum(not one.advisory for one in ALL)} | {sum(not one.waivable for one in ALL)} |"
    yield ""
    yield (
        f"{len(ALL_CHECKS)} checks of Checkov, Trivy and Prowler were looked at; "
        f"{sum(bool(answered(*one)) for one in ALL_CHECKS)} are answered by a rule, the others are listed at the end."
    )
    yield ""


def _group(group: str, title: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    for rule in sorted((one for one in ALL if one.group == group), key=lambda one: one.id):
        yield from _rule(rule)


def _rule(rule: Metadata) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield f"{rule.title} {rule.why}"
    yield ""
    yield f"- Remedy: {rule.remedy}."
    scope = "the whole stack"
    if isinstance(rule, Rule):
        scope = "every type" if rule.types is None else ", ".join(f"`{one}`" for one in sorted(rule.types))
    yield f"- Looks at: {scope}"
    level = f"advisory, since {rule.advisory}" if rule.advisory else "mandatory"
    yield f"- {rule.severity.value.capitalize()}, {level}{'' if rule.waivable else ', cannot be waived'}; {', '.join(rule.tags)}"
    if rule.answers:
        yield f"- Answers: {', '.join(f'`{one}`' for one in rule.answers)}"
    if under := frameworks(rule):
        yield f"- {'; '.join(under)}"
    for name, schema in rule.settings.items():
        yield f"- Setting `{name}`: {schema.get('description', schema.get('type'))} Default: `{schema.get('default')}`"
    yield ""


def _unanswered() -> Iterator[str]:
    yield "## Checks that no rule answers"
    yield ""
    yield "| check | wants | why not |"
    yield "|---|---|---|"
    for provider, one in ALL_CHECKS:
        if not answered(provider, one):
            yield f"| {one.tool} `{one.id}` | {one.about} | {one.reason or 'the program creates nothing that it looks at'} |"
    yield ""


def main() -> int:
    PAGE.write_text(page())
    print(f"written: {PAGE.relative_to(REPOSITORY.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
