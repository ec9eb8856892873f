"""How far apart two places are, as a lower bound of the delay between them."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

Coordinates = tuple[float, float]
"""Latitude and longitude in degrees."""

EARTH_RADIUS_KM: Final = 6371.0
FIBRE_KM_PER_MS: Final = 200.0
"""Light in fibre, about two thirds of its speed in vacuum. Real paths are longer than the great circle."""


def least_round_trip_ms(a: Coordinates, b: Coordinates) -> float:
    """A lower bound in milliseconds: there and back along the great circle in fibre."""
    (lat_a, lon_a), (lat_b, lon_b) = ((radians(lat), radians(lon)) for lat, lon in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
    return round(2 * distance / FIBRE_KM_PER_MS, 1)
