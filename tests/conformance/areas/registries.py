"""The registries: entities, devices, areas, floors, labels, categories; what is related to what; voice assistants."""

from __future__ import annotations

from tests.conformance.area import Area
from tests.support.home import HomeServer


def _rooms(server: HomeServer) -> None:
    """The onboarding had made them."""
    for name in ("Living Room", "Kitchen", "Bedroom"):
        server.home.registries.areas.get_or_create(name)


def _groups(server: HomeServer) -> None:
    """A group and an automation that the recording of REST left."""
    server.rest("POST", "/api/services/group/set", {"object_id": "g2", "entities": ["light.bed_light"]})


def _temporary(server: HomeServer) -> None:
    """A floor, an area, a label and a category that were made to be deleted."""
    registries = server.home.registries
    if "tmp_floor" in registries.floors:
        return
    registries.floors.create("Tmp floor")
    registries.areas.create("Tmp area", floor_id="tmp_floor")
    registries.labels.create("Tmp label")
    category = registries.categories.create("script", "Tmp", category_id="01M7WZYJVMKK02ZH92ABXTRDRZ")
    registries.entities.update(
        "light.ceiling_lights", area_id="tmp_area", labels=["tmp_label"],
        categories={"script": category.category_id},
    )


AREA = Area(
    ws_otherwise={
        "search/related integration": ("ok", "HA fails with an unknown error; Marge answers as for its config entries"),
    },
    before={
        "config/area_registry/list": _rooms,
        "search/related entity": _groups,
        "config/floor_registry/delete (areas lose floor_id)": _temporary,
    },
)
