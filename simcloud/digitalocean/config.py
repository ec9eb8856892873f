"""Configuration of the simulated DigitalOcean provider, and the refusal to run anywhere near real credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simcloud.core.check import Failure
from simcloud.core.errors import ConfigError
from simcloud.core.values import UNKNOWN
from simcloud.ledger import ENVIRONMENT

CREDENTIALS_IN_ENVIRONMENT = (
    "DIGITALOCEAN_TOKEN",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "SPACES_ACCESS_KEY_ID",
    "SPACES_SECRET_ACCESS_KEY",
)
"""What the real provider reads (digitalocean/provider.go of the Terraform provider)."""

CREDENTIALS_IN_CONFIG = {"token", "spacesAccessId", "spacesSecretKey"}

WITHOUT_EFFECT = {"httpRetryWaitMax", "httpRetryWaitMin", "requestsPerSecond", "version"}
"""There is no network to wait for; `version` is the engine's own note of the version it wants."""

USED = {"apiEndpoint", "httpRetryMax"}

API_ENDPOINT = "https://api.digitalocean.com"
"""What the SDK fills in by itself when the program makes a provider resource."""

HTTP_RETRY_MAX = 4
"""The real provider's default (docs/index.md of the Terraform provider, http_retry_max)."""


@dataclass(frozen=True)
class Config:
    """The configuration of one provider process."""

    http_retry_max: int = HTTP_RETRY_MAX


def refuse_real_credentials(environment: Mapping[str, str] = os.environ) -> None:
    """Raise unless the environment asks for the simulated cloud and holds nothing that opens a real one."""
    if not environment.get(ENVIRONMENT):
        raise ConfigError(
            f"this is the simulated DigitalOcean provider, and {ENVIRONMENT} is not set: set it to the path of a "
            "ledger file, or take simcloud/bin off PATH to use the real provider"
        )
    found = [name for name in CREDENTIALS_IN_ENVIRONMENT if environment.get(name)]
    if found:
        raise ConfigError(
            f"the simulated DigitalOcean provider does not start beside real credentials ({', '.join(found)} is set): "
            f"unset {'it' if len(found) == 1 else 'them'}, or unset {ENVIRONMENT} and use the real provider"
        )


def check(raw: Mapping[str, Any]) -> Iterator[Failure]:
    """What is wrong with the configuration."""
    for name in sorted(raw):
        if name in CREDENTIALS_IN_CONFIG:
            yield Failure(name, "is for real credentials, which the simulated provider refuses: remove it")
        elif name not in USED | WITHOUT_EFFECT:
            yield Failure(
                name, "is not known to the simulated provider: remove it, or add it to simcloud/digitalocean/config.py"
            )
    if raw.get("apiEndpoint", API_ENDPOINT) not in (API_ENDPOINT, UNKNOWN):
        yield Failure("apiEndpoint", "is another API, which the simulated provider does not ask: remove it")
    retries = raw.get("httpRetryMax", HTTP_RETRY_MAX)
    if retries is not UNKNOWN and not str(retries).isdigit():
        yield Failure("httpRetryMax", f"{retries!r} is not a number of retries: write one such as {HTTP_RETRY_MAX}")


def parse(raw: Mapping[str, Any]) -> Config:
    """The configuration, or an error that names what is wrong with it and how to mend it."""
    failures = [f"{failure.property} {failure.reason}" for failure in check(raw)]
    if failures:
        raise ConfigError("; ".join(failures))
    return Config(http_retry_max=int(raw.get("httpRetryMax", HTTP_RETRY_MAX)))
