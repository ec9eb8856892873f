"""The regions and zones of the clouds, with where they are.

Coordinates are those of the city or area that the provider names, to about half a degree: enough for a lower bound of
the delay between two regions, never for a measurement. General knowledge of the providers' region lists as of 2026;
a region that is missing here is added here.
"""

import re
from math import asin, cos, radians, sin, sqrt
from typing import Final, Literal

Provider = Literal["aws", "gcp", "digitalocean", "baremetal"]
Coordinates = tuple[float, float]
"""Latitude and longitude in degrees."""

AWS: Final[dict[str, Coordinates]] = {
    "af-south-1": (-33.9, 18.4),
    "ap-east-1": (22.3, 114.2),
    "ap-northeast-1": (35.7, 139.7),
    "ap-northeast-2": (37.6, 127.0),
    "ap-northeast-3": (34.7, 135.5),
    "ap-south-1": (19.1, 72.9),
    "ap-south-2": (17.4, 78.5),
    "ap-southeast-1": (1.3, 103.8),
    "ap-southeast-2": (-33.9, 151.2),
    "ap-southeast-3": (-6.2, 106.8),
    "ap-southeast-4": (-37.8, 145.0),
    "ca-central-1": (45.5, -73.6),
    "ca-west-1": (51.0, -114.1),
    "eu-central-1": (50.1, 8.7),
    "eu-central-2": (47.4, 8.5),
    "eu-north-1": (59.3, 18.1),
    "eu-south-1": (45.5, 9.2),
    "eu-south-2": (41.6, -0.9),
    "eu-west-1": (53.3, -6.3),
    "eu-west-2": (51.5, -0.1),
    "eu-west-3": (48.9, 2.4),
    "il-central-1": (32.1, 34.8),
    "me-central-1": (24.5, 54.4),
    "me-south-1": (26.1, 50.6),
    "sa-east-1": (-23.5, -46.6),
    "us-east-1": (39.0, -77.5),
    "us-east-2": (40.0, -83.0),
    "us-west-1": (37.4, -122.0),
    "us-west-2": (45.9, -119.3),
}

GCP: Final[dict[str, Coordinates]] = {
    "asia-east1": (24.1, 120.5),
    "asia-east2": (22.3, 114.2),
    "asia-northeast1": (35.7, 139.7),
    "asia-northeast2": (34.7, 135.5),
    "asia-northeast3": (37.6, 127.0),
    "asia-south1": (19.1, 72.9),
    "asia-south2": (28.6, 77.2),
    "asia-southeast1": (1.3, 103.8),
    "asia-southeast2": (-6.2, 106.8),
    "australia-southeast1": (-33.9, 151.2),
    "australia-southeast2": (-37.8, 145.0),
    "europe-central2": (52.2, 21.0),
    "europe-north1": (60.6, 27.2),
    "europe-southwest1": (40.4, -3.7),
    "europe-west1": (50.4, 3.8),
    "europe-west2": (51.5, -0.1),
    "europe-west3": (50.1, 8.7),
    "europe-west4": (53.4, 6.8),
    "europe-west6": (47.4, 8.5),
    "europe-west8": (45.5, 9.2),
    "europe-west9": (48.9, 2.4),
    "europe-west10": (52.5, 13.4),
    "europe-west12": (45.1, 7.7),
    "me-central1": (25.3, 51.5),
    "me-west1": (32.1, 34.8),
    "northamerica-northeast1": (45.5, -73.6),
    "northamerica-northeast2": (43.7, -79.4),
    "southamerica-east1": (-23.5, -46.6),
    "southamerica-west1": (-33.4, -70.7),
    "us-central1": (41.2, -95.9),
    "us-east1": (33.2, -80.0),
    "us-east4": (39.0, -77.5),
    "us-east5": (40.0, -83.0),
    "us-south1": (32.8, -96.8),
    "us-west1": (45.6, -121.2),
    "us-west2": (34.1, -118.2),
    "us-west3": (40.8, -111.9),
    "us-west4": (36.2, -115.1),
}

DIGITALOCEAN: Final[dict[str, Coordinates]] = {
    "ams3": (52.4, 4.9),
    "atl1": (33.7, -84.4),
    "blr1": (13.0, 77.6),
    "fra1": (50.1, 8.7),
    "lon1": (51.5, -0.1),
    "nyc1": (40.7, -74.0),
    "nyc2": (40.7, -74.0),
    "nyc3": (40.7, -74.0),
    "sfo2": (37.8, -122.4),
    "sfo3": (37.8, -122.4),
    "sgp1": (1.3, 103.8),
    "syd1": (-33.9, 151.2),
    "tor1": (43.7, -79.4),
}

REGIONS: Final[dict[Provider, dict[str, Coordinates]]] = {"aws": AWS, "gcp": GCP, "digitalocean": DIGITALOCEAN}

ZONE_FORM: Final[dict[Provider, str]] = {"aws": "{region}{letter}", "gcp": "{region}-{letter}"}
USUAL_ZONES: Final[dict[Provider, str]] = {"aws": "abc", "gcp": "abc"}
OTHER_ZONES: Final[dict[str, str]] = {
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
    "europe-west1": "bcd",
    "us-central1": "abcf",
    "us-east1": "bcd",
}
"""Letters of the zones where they are not a, b, c. AWS maps letters by account, and an old account may have another set:
then the config's author adds it here."""

OPT_IN: Final = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
    }
)
"""AWS regions that an account must switch on before it can use them (AWS account management guide)."""


def zone_letters(provider: Provider, region: str) -> str:
    """The letters of a region's zones."""
    return OTHER_ZONES.get(region, USUAL_ZONES[provider])


def zone_letter(provider: Provider, region: str, zone: str) -> str | None:
    """The letter of a zone of that region, or None when the zone is not one of it (a Local Zone, another region)."""
    form = ZONE_FORM[provider].format(region=re.escape(region), letter=f"([{zone_letters(provider, region)}])")
    found = re.fullmatch(form, zone)
    return found[1] if found else None


def default_zone(provider: Provider, region: str, ordinal: int) -> str:
    """The zone of an ordinal where the config lists none: two zones in turn, however many hosts there are."""
    letter = zone_letters(provider, region)[(ordinal - 1) % 2]
    return ZONE_FORM[provider].format(region=region, letter=letter)


EARTH_RADIUS_KM: Final = 6371.0
FIBRE_KM_PER_MS: Final = 200.0
"""Light in fibre, about two thirds of its speed in vacuum. Real paths are longer than the great circle."""


def least_round_trip_ms(a: Coordinates, b: Coordinates) -> float:
    """A lower bound in milliseconds: there and back along the great circle in fibre."""
    (lat_a, lon_a), (lat_b, lon_b) = ((radians(lat), radians(lon)) for lat, lon in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
    return round(2 * distance / FIBRE_KM_PER_MS, 1)
