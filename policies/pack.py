"""Makes CrossGuard policies of our rules, and is where all that goes beyond a single rule happens.

Waivers are applied here. An unknown value defers a rule: the SDK's error passes through, and the engine reports it. What
a rule cannot digest is a violation of that rule, never the end of the run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import (
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policies import waivers
from policies.blocks import CannotJudge
from policies.rule import Finding, Metadata, Rule, Seen, Stack, StackRule

DOCS: Final = "docs/reference/policies.md"
LONGEST: Final = 1000
"""Characters of a finding that are shown."""


class Pack:
    """The rules of one run.

    Args:
        rules: The rules, in the order of reports.
        waiver_file: The waivers, as YAML.
        today: The day by which waivers expire, in UTC.
    """

    def __init__(self, rules: Sequence[Rule | StackRule], waiver_file: str, today: date) -> None:
        self._rules = rules
        self._waivers = waivers.load(waiver_file, waivers.known(rules), today)
        # A stack rule is shown states, with all that a provider computed; a rule's own view of a resource is its inputs.
        self._inputs: dict[str, Mapping[str, Any]] = {}

    def policies(self) -> list[Policy]:
        """The CrossGuard policies. Those about waivers come last: only then is it known which were needed."""
        made = [self._resource(one) if isinstance(one, Rule) else self._stack(one) for one in self._rules]
        return [*made, *self._waiver_policies()]

    def _resource(self, rule: Rule) -> Policy:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            self._inputs[args.urn] = args.props
            if rule.types is not None and args.resource_type not in rule.types:
                args.not_applicable("it is about other types")

            def found() -> Iterator[Finding]:
                for text in rule.check(_seen(args)):
                    yield Finding(args.urn, text)

            self._report_all(rule, _survived(rule, args.get_config(), args.urn, found), args.urn, report)

        return ResourceValidationPolicy(validate=validate, **_metadata(rule))

    def _stack(self, rule: StackRule) -> Policy:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            stack = Stack(tuple(self._seen_in_stack(one) for one in args.resources), args.get_config())
            found = _survived(rule, args.get_config(), "", lambda: rule.check(stack))
            self._report_all(rule, found, "", report)

        return StackValidationPolicy(validate=validate, **_metadata(rule))

    def _report_all(self, rule: Metadata, found: Iterator[Finding], urn: str, report: ReportViolation) -> None:
        try:
            for finding in found:
                self._report(rule, finding, report)
        except UnknownValueError:
            self._waivers.defer(rule, urn)
            raise

    def _report(self, rule: Metadata, finding: Finding, report: ReportViolation) -> None:
        if not self._waivers.covers(rule, finding.urn):
            name = finding.urn.rpartition("::")[2]
            subject = f"{name}: " if name else ""
            said = _printable(f"{subject}{finding.text}")
            report(f"{said}\n  remedy: {rule.remedy} ({DOCS}#{rule.id})", finding.urn or None)

    def _seen_in_stack(self, one: PolicyResource) -> Seen:
        return Seen(
            type=one.resource_type,
            name=one.name,
            urn=one.urn,
            props=self._inputs.get(one.urn, one.props),
            protect=one.opts.protect,
            ignore_changes=tuple(one.opts.ignore_changes),
            delete_before_replace=bool(one.opts.delete_before_replace),
            parent=one.parent.urn if one.parent else None,
            provider=one.provider.urn if one.provider else None,
            outputs=one.props,
            dependencies={key: tuple(each.urn for each in all_) for key, all_ in one.property_dependencies.items()},
        )

    def _waiver_policies(self) -> Iterator[Policy]:
        def judged(args: StackValidationArgs, report: ReportViolation) -> None:
            stack = Stack(tuple(self._seen_in_stack(one) for one in args.resources))
            for text in (*self._waivers.problems, *(one.text for one in self._waivers.unused(stack))):
                report(text, None)

        def shown(args: StackValidationArgs, report: ReportViolation) -> None:
            del args
            for one in sorted(self._waivers.used, key=lambda one: (one.rule, one.resource)):
                report(
                    f"{one.rule} is waived until {one.expires} by {one.owner}: {one.reason}",
                    one.resource,
                )

        yield StackValidationPolicy(validate=judged, **_metadata(WAIVERS))
        yield StackValidationPolicy(validate=shown, **_metadata(WAIVED))


def _seen(args: ResourceValidationArgs) -> Seen:
    return Seen(
        type=args.resource_type,
        name=args.name,
        urn=args.urn,
        props=args.props,
        protect=args.opts.protect,
        ignore_changes=tuple(args.opts.ignore_changes),
        delete_before_replace=bool(args.opts.delete_before_replace),
        parent=args.opts.parent,
        provider=args.provider.urn if args.provider else None,
        settings=args.get_config(),
    )


def _survived(
    rule: Metadata, settings: Mapping[str, Any], urn: str, found: Callable[[], Iterator[Finding]]
) -> Iterator[Finding]:
    """What a rule finds; what it cannot digest is a finding too."""
    for key in sorted(settings.keys() - rule.settings.keys()):
        yield Finding(urn, f"the pack's config has {key!r} for this rule, which it does not know: take it out")
    try:
        yield from found()
    except UnknownValueError:
        raise
    except CannotJudge as error:
        yield Finding(urn, f"{error}; it cannot be judged so")
    except Exception as error:  # noqa: BLE001 - whatever a hostile resource does to a rule, the run goes on and fails
        yield Finding(urn, f"the rule failed on it ({type(error).__name__}), so it cannot be judged: report this")


def _printable(text: str) -> str:
    """A finding as one short line. What it quotes may be a megabyte, forge lines of a report, or be no Unicode at all, on
    which the SDK would end the run."""
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in cut)


def _metadata(rule: Metadata) -> dict[str, Any]:
    schema = PolicyConfigSchema(properties=dict(rule.settings)) if rule.settings else None
    return {
        "name": rule.id,
        "description": rule.title,
        "enforcement_level": rule.level,
        "config_schema": schema,
        "severity": rule.severity,
        "tags": list(rule.tags),
        "remediation_steps": rule.remedy,
        "url": f"{DOCS}#{rule.id}",
    }


def _no_findings(stack: Stack) -> Iterator[Finding]:
    del stack
    return iter(())


WAIVERS: Final = StackRule(
    id="fleet-waivers",
    title="A waiver names a rule, one resource, a reason, an owner and a day, and is needed.",
    why="A waiver that outlives its reason lets the next violation through unseen.",
    remedy="mend the entry in policies/waivers.yaml, or take it out",
    severity=Severity.HIGH,
    tags=("hygiene",),
    waivable=False,
    check=_no_findings,
)
WAIVED: Final = StackRule(
    id="fleet-waived",
    title="What is waived is said in every report.",
    why="A reviewer has to see what the rules were told not to see.",
    remedy="nothing to do; a waiver ends by its day",
    severity=Severity.LOW,
    tags=("hygiene",),
    advisory="it is information: the waiver itself was decided by its owner",
    check=_no_findings,
)
"""Both are judged by the pack itself, which knows the waivers; they are rules for the sake of their metadata."""
