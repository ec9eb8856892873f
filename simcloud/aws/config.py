"""Configuration of the simulated AWS provider, and the refusal to run anywhere near real credentials."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simcloud.aws.account import REGIONS
from simcloud.core.check import Failure
from simcloud.core.errors import ConfigError
from simcloud.core.values import UNKNOWN
from simcloud.ledger import ENVIRONMENT

CREDENTIALS_IN_ENVIRONMENT = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)

CREDENTIALS_IN_CONFIG = {
    "accessKey",
    "assumeRoleWithWebIdentity",
    "assumeRoles",
    "profile",
    "secretKey",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "token",
}

WITHOUT_EFFECT = {
    "skipCredentialsValidation",
    "skipMetadataApiCheck",
    "skipRegionValidation",
    "skipRequestingAccountId",
    "version",
}
"""There are no credentials to validate and no metadata service to ask, the region is always validated, and `version`
is the engine's own note of the version it wants."""

USED = {"region", "allowedAccountIds", "defaultTags", "maxRetries"}

MAX_RETRIES = 25
"""The real provider's default (docs/index.html.markdown of terraform-provider-aws, max_retries)."""


@dataclass(frozen=True)
class Config:
    """The configuration of one provider process."""

    region: str = ""
    max_retries: int = MAX_RETRIES
    allowed_accounts: tuple[str, ...] = ()
    default_tags: Mapping[str, str] = field(default_factory=dict)


def refuse_real_credentials(environment: Mapping[str, str] = os.environ) -> None:
    """Raise unless the environment asks for the simulated cloud and holds nothing that opens a real one."""
    if not environment.get(ENVIRONMENT):
        raise ConfigError(
            f"this is the simulated AWS provider, and {ENVIRONMENT} is not set: set it to the path of a ledger file, "
            "or take simcloud/bin off PATH to use the real provider"
        )
    found = [name for name in CREDENTIALS_IN_ENVIRONMENT if environment.get(name)]
    if found:
        raise ConfigError(
            f"the simulated AWS provider does not start beside real credentials ({', '.join(found)} is set): "
            f"unset {'it' if len(found) == 1 else 'them'}, or unset {ENVIRONMENT} and use the real provider"
        )


def check(raw: Mapping[str, Any]) -> Iterator[Failure]:
    """What is wrong with the configuration."""
    for name in sorted(raw):
        if name in CREDENTIALS_IN_CONFIG:
            yield Failure(name, "is for real credentials, which the simulated provider refuses: remove it")
        elif name not in USED | WITHOUT_EFFECT:
            yield Failure(
                name, "is not known to the simulated provider: remove it, or add it to simcloud/aws/config.py"
            )
    region = raw.get("region")
    if region is None:
        yield Failure("region", "is required: set aws:region, or region on the provider resource")
    elif region is not UNKNOWN and region not in REGIONS:
        yield Failure("region", f"{region!r} is not a region of AWS: use one such as eu-central-1")
    for name, kind in (("allowedAccountIds", list), ("defaultTags", dict)):
        if not isinstance(_decoded(raw.get(name, kind())), kind):
            yield Failure(name, f"is not a JSON {kind.__name__}: write it as one")


def parse(raw: Mapping[str, Any], account: str) -> Config:
    """The configuration, or an error that names what is wrong with it and how to mend it."""
    failures = [f"{failure.property} {failure.reason}" for failure in check(raw)]
    if failures:
        raise ConfigError("; ".join(failures))
    config = Config(
        region=raw["region"],
        max_retries=int(raw.get("maxRetries", MAX_RETRIES)),
        allowed_accounts=tuple(_decoded(raw.get("allowedAccountIds", []))),
        default_tags=_decoded(raw.get("defaultTags", {})).get("tags", {}),
    )
    if config.allowed_accounts and account not in config.allowed_accounts:
        raise ConfigError(
            f"AWS account ID not allowed: {account}: add it to allowedAccountIds, or use a ledger of an allowed account"
        )
    return config


def _decoded(value: Any) -> Any:
    """The engine hands lists and objects of a provider's configuration over as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
