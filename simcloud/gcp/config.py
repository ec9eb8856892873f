"""Configuration of the simulated GCP provider, and the refusal to run anywhere near real credentials."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simcloud.core.check import Failure
from simcloud.core.errors import ConfigError
from simcloud.core.values import UNKNOWN
from simcloud.gcp.account import PROJECT_ID, REGIONS, ZONES
from simcloud.ledger import ENVIRONMENT

CREDENTIALS_IN_ENVIRONMENT = (
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_CLOUD_KEYFILE_JSON",
    "GCLOUD_KEYFILE_JSON",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",
    "GOOGLE_EXTERNAL_CREDENTIALS_IDENTITY_TOKEN",
)
"""General knowledge of the Google provider's own variables and of Application Default Credentials."""

PREFIX_IN_ENVIRONMENT = "CLOUDSDK_"
"""Of gcloud's settings: which account, which files, which token, which project."""

HARMLESS_IN_ENVIRONMENT = (
    "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
    "CLOUDSDK_CORE_DISABLE_PROMPTS",
    "CLOUDSDK_PROXY_",
    "CLOUDSDK_PYTHON",
)
"""Beginnings of those that say how gcloud runs and open nothing."""

PROJECT_IN_ENVIRONMENT = (
    "GOOGLE_PROJECT",
    "GOOGLE_CLOUD_PROJECT",
    "GCLOUD_PROJECT",
    "GOOGLE_REGION",
    "GCLOUD_REGION",
    "GOOGLE_ZONE",
    "GCLOUD_ZONE",
)
"""The SDK takes a project, region or zone from them when the program names none (pulumi_gcp/provider.py)."""

CREDENTIALS_IN_CONFIG = {
    "accessToken",
    "credentials",
    "externalCredentials",
    "impersonateServiceAccount",
    "impersonateServiceAccountDelegates",
}

WITHOUT_EFFECT = {
    "batching",
    "billingProject",
    "disableGlobalProjectWarning",
    "disableGooglePartnerName",
    "googlePartnerName",
    "pollInterval",
    "preferGlobalEndpoints",
    "preferRegionalEndpoints",
    "requestReason",
    "requestTimeout",
    "scopes",
    "skipRegionValidation",
    "userProjectOverride",
    "version",
}
"""Of calls that are not made; `version` is the engine's own note of the version it wants."""

USED = {
    "addPulumiAttributionLabel",
    "defaultLabels",
    "deletionPolicy",
    "project",
    "pulumiAttributionLabelAdditionStrategy",
    "region",
    "zone",
}
PROACTIVE = "PROACTIVE"
STRATEGIES = ("CREATION_ONLY", PROACTIVE)
DELETION_POLICIES = ("DELETE", "PREVENT", "ABANDON")

ATTEMPTS = 25
"""Calls for one operation that is throttled; the real provider calls again until the operation's time is over."""


@dataclass(frozen=True)
class Config:
    """The configuration of one provider process."""

    project: str = ""
    region: str = ""
    zone: str = ""
    default_labels: Mapping[str, str] = field(default_factory=dict)
    attribution: bool = True
    proactive: bool = False
    deletion_policy: str = "DELETE"

    @property
    def defaults(self) -> dict[str, str]:
        """The project, region and zone of resources that do not name theirs."""
        return {"project": self.project, "region": self.region, "zone": self.zone}


def refuse_real_credentials(environment: Mapping[str, str] = os.environ) -> None:
    """Raise unless the environment asks for the simulated cloud and holds nothing that opens or names a real one."""
    if not environment.get(ENVIRONMENT):
        raise ConfigError(
            f"this is the simulated GCP provider, and {ENVIRONMENT} is not set: set it to the path of a ledger file, "
            "or take simcloud/bin off PATH to use the real provider"
        )
    found = [name for name in sorted(environment) if environment[name] and _opens_or_names_a_cloud(name)]
    if found:
        raise ConfigError(
            f"the simulated GCP provider does not start beside real credentials ({', '.join(found)} is set): "
            f"unset {'it' if len(found) == 1 else 'them'}, or unset {ENVIRONMENT} and use the real provider"
        )


def _opens_or_names_a_cloud(name: str) -> bool:
    if name in CREDENTIALS_IN_ENVIRONMENT or name in PROJECT_IN_ENVIRONMENT:
        return True
    return name.startswith(PREFIX_IN_ENVIRONMENT) and not name.startswith(HARMLESS_IN_ENVIRONMENT)


def check(raw: Mapping[str, Any]) -> Iterator[Failure]:
    """What is wrong with the configuration."""
    for name in sorted(raw):
        if name in CREDENTIALS_IN_CONFIG:
            yield Failure(name, "is for real credentials, which the simulated provider refuses: remove it")
        elif name not in USED | WITHOUT_EFFECT:
            yield Failure(
                name, "is not known to the simulated provider: remove it, or add it to simcloud/gcp/config.py"
            )
    yield from _check_places(raw)
    yield from _check_values(raw)


def _check_places(raw: Mapping[str, Any]) -> Iterator[Failure]:
    project = raw.get("project")
    if project is None:
        yield Failure("project", "is required: set gcp:project, or project on the provider resource")
    elif project is not UNKNOWN and not PROJECT_ID.match(project):
        yield Failure("project", f"{project!r} is no project id: use 6 to 30 lower-case letters, digits and hyphens")
    for name, offered, example in (("region", REGIONS, "europe-west3"), ("zone", ZONES, "europe-west3-a")):
        if raw.get(name) not in (None, UNKNOWN, *offered):
            yield Failure(name, f"{raw[name]!r} is not a {name} of GCP: use one such as {example}")


def _check_values(raw: Mapping[str, Any]) -> Iterator[Failure]:
    for name, values in (
        ("pulumiAttributionLabelAdditionStrategy", STRATEGIES),
        ("deletionPolicy", DELETION_POLICIES),
    ):
        if raw.get(name) not in (None, UNKNOWN, *values):
            yield Failure(name, f"{raw[name]!r} is not one of {', '.join(values)}: use one of them")
    for name, kind in (("defaultLabels", dict), ("addPulumiAttributionLabel", bool)):
        if raw.get(name) not in (None, UNKNOWN) and not isinstance(_decoded(raw[name]), kind):
            yield Failure(name, f"is not a JSON {kind.__name__}: write it as one")


def parse(raw: Mapping[str, Any]) -> Config:
    """The configuration, or an error that names what is wrong with it and how to mend it."""
    failures = [f"{failure.property} {failure.reason}" for failure in check(raw)]
    if failures:
        raise ConfigError("; ".join(failures))
    return Config(
        project=raw["project"],
        region=raw.get("region", ""),
        zone=raw.get("zone", ""),
        default_labels=_decoded(raw.get("defaultLabels", {})),
        attribution=_decoded(raw.get("addPulumiAttributionLabel", True)),
        proactive=raw.get("pulumiAttributionLabelAdditionStrategy") == PROACTIVE,
        deletion_policy=raw.get("deletionPolicy", "DELETE"),
    )


def _decoded(value: Any) -> Any:
    """The engine hands maps and booleans of a provider's configuration over as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
