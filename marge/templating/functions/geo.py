"""Places: the distance between things and the closest of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from marge.model import valid_entity_id
from marge.templating.functions.book import Book, HomeView
from marge.templating.functions.entities import expand
from marge.templating.states import TemplateState
from marge.templating.units import metres_as

Point = tuple[float, float]

_AXIS_A = 6378137.0  # WGS 84, metres
_FLATTENING = 1 / 298.257223563
_AXIS_B = (1 - _FLATTENING) * _AXIS_A


def distance_m(first: Point, second: Point) -> float | None:
    """Length of the shortest way over the earth's ellipsoid in metres (Vincenty's inverse formula), to the millimetre.

    Args:
        first, second: latitude and longitude in degrees.

    Returns:
        None when the formula does not converge (nearly opposite points).
    """
    if first == second:
        return 0.0
    u1 = math.atan((1 - _FLATTENING) * math.tan(math.radians(first[0])))
    u2 = math.atan((1 - _FLATTENING) * math.tan(math.radians(second[0])))
    longitude = math.radians(second[1] - first[1])
    sin_u1, cos_u1, sin_u2, cos_u2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    lam = longitude
    for _ in range(200):
        sin_lam, cos_lam = math.sin(lam), math.cos(lam)
        sin_sigma = math.hypot(cos_u2 * sin_lam, cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_lam)
        if sin_sigma == 0:
            return 0.0
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_lam
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos_u1 * cos_u2 * sin_lam / sin_sigma
        cos_sq_alpha = 1 - sin_alpha**2
        cos_2sigma_m = cos_sigma - 2 * sin_u1 * sin_u2 / cos_sq_alpha if cos_sq_alpha else 0.0
        c = _FLATTENING / 16 * cos_sq_alpha * (4 + _FLATTENING * (4 - 3 * cos_sq_alpha))
        previous = lam
        lam = longitude + (1 - c) * _FLATTENING * sin_alpha * (
            sigma + c * sin_sigma * (cos_2sigma_m + c * cos_sigma * (2 * cos_2sigma_m**2 - 1))
        )
        if abs(lam - previous) < 1e-12:
            break
    else:
        return None
    u_sq = cos_sq_alpha * (_AXIS_A**2 - _AXIS_B**2) / _AXIS_B**2
    a = 1 + u_sq / 16384 * (4096 + u_sq * (-768 + u_sq * (320 - 175 * u_sq)))
    b = u_sq / 1024 * (256 + u_sq * (-128 + u_sq * (74 - 47 * u_sq)))
    correction = b * sin_sigma * (
        cos_2sigma_m
        + b / 4 * (
            cos_sigma * (2 * cos_2sigma_m**2 - 1)
            - b / 6 * cos_2sigma_m * (4 * sin_sigma**2 - 3) * (4 * cos_2sigma_m**2 - 3)
        )
    )
    return round(_AXIS_B * a * (sigma - correction) / 1000, 6) * 1000


def _location(attributes: Any) -> Point | None:
    latitude, longitude = attributes.get("latitude"), attributes.get("longitude")
    if isinstance(latitude, (int, float)) and isinstance(longitude, (int, float)):
        return float(latitude), float(longitude)
    return None


def install(book: Book, home: HomeView) -> None:
    def resolve(thing: Any) -> TemplateState | None:
        if isinstance(thing, TemplateState):
            return thing
        if not isinstance(thing, Iterable):
            thing = getattr(thing, "entity_id", thing)  # a state in a trigger's variables
        if isinstance(thing, str) and valid_entity_id(thing.lower()):
            return home.view.find(thing)
        return None

    def home_point() -> Point:
        facts = home.facts()
        return facts.latitude, facts.longitude

    def distance(*args: Any) -> float | None:
        points: list[Point] = []
        waiting = list(args)
        while waiting:
            value = waiting.pop(0)
            state = resolve(value)
            if state is not None:
                point = _location(state.attributes)
            elif isinstance(value, str) and valid_entity_id(value.lower()):
                point = None
            else:
                point = _numbers(value, waiting.pop(0)) if waiting else None
            if point is None:
                return None
            points.append(point)
        if len(points) == 1:
            points.append(home_point())
        metres = distance_m(points[0], points[1])
        return None if metres is None else metres_as(metres, home.facts().unit_system)

    def closest(*args: Any) -> TemplateState | None:
        if len(args) == 1:
            point: Point | None = home_point()
            entities = args[0]
        elif len(args) == 2:
            state = resolve(args[0])
            if state is None:
                return None
            point = _location(state.attributes)
            entities = args[1]
        else:
            point = _numbers(args[0], args[1])
            entities = args[2]
        if point is None:
            return None
        best: TemplateState | None = None
        shortest = math.inf
        for candidate in expand(home, entities):
            there = _location(candidate._state.attributes)
            metres = distance_m(point, there) if there is not None else None
            if metres is not None and metres < shortest:
                best, shortest = candidate, metres
        return best

    def closest_filter(*args: Any) -> TemplateState | None:
        return closest(*args[1:], args[0])

    book.add("distance", distance, "gf", home=True)
    book.add("closest", closest, "g", home=True)
    book.add("closest", closest_filter, "f", home=True)


def _numbers(latitude: Any, longitude: Any) -> Point | None:
    try:
        return float(latitude), float(longitude)
    except (ValueError, TypeError):
        return None
