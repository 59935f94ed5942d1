"""One Sonos speaker: its actor. Its media player is in `player.py`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from marge.bridges.lan.address import Address, parse_address
from marge.bridges.lan.client import LanClient
from marge.bridges.lan.device import LanDevice, Poll
from marge.bridges.lan.entity import Part
from marge.bridges.lan.playback import Progress, address_to_play
from marge.bridges.sonos import mapping
from marge.bridges.sonos.mapping import Description, Favourite, Group, Told
from marge.bridges.sonos.player import SonosPlayer
from marge.bridges.sonos.soap import DIRECTORY, PORT, TOPOLOGY, Refused, SoapClient
from marge.errors import HomeError, Unreachable
from marge.integrations.lan import HOST, Found
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN = "sonos"
PLAYER = "player"
DESCRIPTION = "/xml/device_description.xml"
ASK_ABOUT_ITSELF_S = 60.0
"""Names, versions and favourites change rarely; that another speaker has got the address, too."""
_SIMPLE = {"play": "Play", "pause": "Pause", "stop": "Stop", "next": "Next", "previous": "Previous"}


class SonosDevice(LanDevice):
    """Asks the speaker, and the one that leads its group, how they are.

    A speaker that only describes itself is shown without anything that it could be told.
    """

    domain: ClassVar[str] = DOMAIN
    poll_s: ClassVar[float] = 5.0

    def __init__(self, home: Home, entry_id: str) -> None:
        super().__init__(home, entry_id)
        self._own: SoapClient | None = None
        self._leader: SoapClient | None = None
        self._about: Description | None = None
        self._asked_at = 0.0
        self._favourites: list[Favourite] = []
        self._group: Group | None = None
        self._progress = Progress()
        self._is_controlled = False

    # -- asking ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        own = self._client()
        about = self._described(own)
        try:
            self._group = self._find_group(own, about.uid)
            told = self._ask(own, self._lead())
        except Unreachable as exc:
            if self._is_controlled:
                raise
            self._about = None
            self._described(own)  # is it there at all, and the right one?
            self.log.info("a Sonos speaker cannot be controlled", address=str(own.address), reason=str(exc))
            self.show(PLAYER, self._part, group_members=None, place=own.address, **mapping.UNCONTROLLED)
            return
        self._is_controlled = True
        shown = mapping.fields(told, self._favourites, about.sources, self.home.clock.now(), self._progress)
        place = own.address if self._leader is None else self._leader.address
        self.show(PLAYER, self._part, group_members=self._group_members(), place=place, **shown)

    def _client(self) -> SoapClient:
        if self._own is None:
            self._own = SoapClient(self.address)
        return self._own

    def _described(self, own: SoapClient) -> Description:
        now = self.system.clock.monotonic()
        if self._about is None or now - self._asked_at > ASK_ABOUT_ITSELF_S:
            about = read_description(own.http)
            entry = self.entry
            if about.uid != entry.unique_id:
                raise Unreachable(f"Another Sonos speaker answers at {own.address}")
            self.register(
                identifiers=[(DOMAIN, str(entry.unique_id))], name=entry.title, manufacturer="Sonos",
                model=about.model, sw_version=about.version,
                connections=[("mac", about.mac.lower())] if about.mac else [],
            )  # fmt: skip
            with suppress(Refused, Unreachable):  # a speaker without favourites is a speaker all the same
                self._favourites = self._read_favourites(own)
            self._about, self._asked_at = about, now
        return self._about

    @staticmethod
    def _read_favourites(own: SoapClient) -> list[Favourite]:
        found = own.call(
            DIRECTORY, "Browse", ObjectID="FV:2", BrowseFlag="BrowseDirectChildren", Filter="*", StartingIndex=0,
            RequestedCount=mapping.MAX_FAVOURITES, SortCriteria="",
        )  # fmt: skip
        return mapping.favourites(found.get("Result", ""))

    def _find_group(self, own: SoapClient, uid: str) -> Group | None:
        try:
            state = own.call(TOPOLOGY, "GetZoneGroupState").get("ZoneGroupState", "")
            found = mapping.groups(state) if state else []
        except Refused:  # households of many rooms do not always answer this
            return self._group
        group = next((each for each in found if each.member(uid) is not None), None)
        leader = None if group is None or group.coordinator == uid else group.member(group.coordinator)
        place = None if leader is None else self._place_of(leader)
        if self._leader is not None and self._leader.address != place:
            self._leader.close()
            self._leader = None
        if place is not None and self._leader is None:
            self._leader = SoapClient(place)
        return group

    def _place_of(self, member: mapping.Member) -> Address | None:
        """Where another speaker is: as we know it, else as this one says."""
        entry = self.home.registries.config_entries.by_unique_id(DOMAIN, member.uid)
        return member.address if entry is None else parse_address(str(entry.data.get(HOST, "")))

    def _lead(self) -> SoapClient:
        """Who takes commands about what plays."""
        return self._leader or self._client()

    def _ask(self, own: SoapClient, lead: SoapClient) -> Told:
        try:
            transport, position = lead.transport("GetTransportInfo"), lead.transport("GetPositionInfo")
            settings, media = _if_it_wants(lead, "GetTransportSettings"), _if_it_wants(lead, "GetMediaInfo")
        except Unreachable:
            if lead is own:
                raise
            return self._ask(own, own)  # the leading one has just gone
        return Told(transport, position, settings, media, own.rendering("GetVolume"), own.rendering("GetMute"))

    def _group_members(self) -> list[str]:
        """The entities of those that play together, the leading one first."""
        found = []
        for member in () if self._group is None else self._group.members:
            entity = self.home.registries.entities.by_unique_id("media_player", DOMAIN, f"{member.uid}-{PLAYER}")
            if entity is not None:
                found.append(entity.entity_id)
        return found

    # -- commanding --------------------------------------------------------------------------------------------------

    def command(self, key: str, verb: str, params: Mapping[str, Any]) -> None:
        lead, own = self._lead(), self._client()
        if verb in _SIMPLE:
            lead.transport(_SIMPLE[verb], **({"Speed": 1} if verb == "play" else {}))
        elif verb == "seek":
            lead.transport("Seek", Unit="REL_TIME", Target=mapping.clock_text(params["position"]))
        elif verb == "volume":
            own.rendering("SetVolume", DesiredVolume=round(params["level"] * 100))
        elif verb == "mute":
            own.rendering("SetMute", DesiredMute=int(params["muted"]))
        elif verb == "mode":
            lead.transport("SetPlayMode", NewPlayMode=mapping.mode(params["shuffle"], params["repeat"]))
        elif verb == "clear":
            lead.transport("RemoveAllTracksFromQueue")
        elif verb == "source":
            self._select(own, lead, params["source"])
        elif verb == "load":
            self._load(lead, params["media_type"], params["media_id"], params["enqueue"])
        elif verb == "join":
            self._join(params["group_members"])
        elif verb == "unjoin":
            own.transport("BecomeCoordinatorOfStandaloneGroup")
        else:
            raise HomeError(f"A Sonos speaker does not know {verb}")
        self._tell_others()

    def _select(self, own: SoapClient, lead: SoapClient, source: str) -> None:
        about = self._described(own)
        if source in about.sources:
            uri = mapping.source_uri(source, about.uid)
            own.transport("SetAVTransportURI", CurrentURI=str(uri), CurrentURIMetaData="")
            own.transport("Play", Speed=1)
            return
        favourite = next((each for each in self._favourites if each.title == source), None)
        if favourite is None:
            raise HomeError(f"The Sonos speaker has no source {source[:100]}")
        self._play(lead, favourite.uri, favourite.about)

    def _load(self, lead: SoapClient, media_type: str, media_id: str, enqueue: Any) -> None:
        favourite = next((each for each in self._favourites if each.title == media_id), None)
        uri = mapping.playable(address_to_play(self.home, media_id)[0]) if favourite is None else favourite.uri
        about = "" if favourite is None else favourite.about
        if enqueue in ("add", "next", "play"):
            self._enqueue(lead, uri, about, enqueue)
        else:
            self._play(lead, uri, about)

    @staticmethod
    def _play(lead: SoapClient, uri: str, about: str) -> None:
        lead.transport("SetAVTransportURI", CurrentURI=uri, CurrentURIMetaData=about)
        lead.transport("Play", Speed=1)

    def _enqueue(self, lead: SoapClient, uri: str, about: str, how: str) -> None:
        position = lead.transport("GetPositionInfo").get("Track", "0")
        place = 0 if how == "add" else (int(position) if position.isdecimal() else 0) + 1
        added = lead.transport(
            "AddURIToQueue", EnqueuedURI=uri, EnqueuedURIMetaData=about,
            DesiredFirstTrackNumberEnqueued=place, EnqueueAsNext=int(how != "add"),
        )  # fmt: skip
        if how == "play" and self._group is not None:
            queue = f"x-rincon-queue:{self._group.coordinator}#0"
            lead.transport("SetAVTransportURI", CurrentURI=queue, CurrentURIMetaData="")
            lead.transport("Seek", Unit="TRACK_NR", Target=added.get("FirstTrackNumberEnqueued", "1"))
            lead.transport("Play", Speed=1)

    def _join(self, entity_ids: list[str]) -> None:
        if self._group is None:
            raise HomeError("The Sonos speaker does not say which group it is in; try again in a moment")
        for entry in [self._speaker(entity_id) for entity_id in entity_ids]:
            if entry is None or self._group.member(str(entry.unique_id)) is not None:
                continue
            other = SoapClient(parse_address(str(entry.data.get(HOST, ""))))
            try:
                uri = f"x-rincon:{self._group.coordinator}"
                other.transport("SetAVTransportURI", CurrentURI=uri, CurrentURIMetaData="")
            finally:
                other.close()

    def _speaker(self, entity_id: str) -> ConfigEntry | None:
        """The entry of a player that can join; None: this one itself.

        Raises:
            HomeError: it is no Sonos speaker.
        """
        entity = self.home.registries.entities.get(self.home.states.current_id(entity_id))
        if entity is None or entity.platform != DOMAIN or entity.config_entry_id is None:
            raise HomeError(f"{entity_id} is no Sonos speaker, and cannot play together with one")
        if entity.config_entry_id == self.entry_id:
            return None
        return self.home.registries.config_entries.get(entity.config_entry_id)

    def _tell_others(self) -> None:
        """What one speaker does, those in its group do, too: they look at once."""
        household = self.path.rpartition("/")[0]
        for entry in self.home.registries.config_entries.for_domain(DOMAIN):
            path = f"{household}/{slugify(entry.unique_id or entry.entry_id)}"
            if path != self.path and self.system.ref(path) is not None:
                self.system.tell(path, Poll())

    # -- what it is --------------------------------------------------------------------------------------------------

    def shown(self) -> dict[str, Any]:
        about = self._about
        return {
            "ip_address": str(self.address),
            "zone": self.entry.title,
            "model": self.entry.data.get("model") if about is None else about.model,
            "uid": self.entry.unique_id,
            "software_version": None if about is None else about.version,
            "entity_id": next(iter(self.entity_ids()), None),
            "group_members": self._group_members(),
        }

    def disconnect(self) -> None:
        for client in (self._own, self._leader):
            if client is not None:
                client.close()
        self._own = self._leader = self._about = None

    def _part(self) -> Part:
        entry, model = self.entry, None if self._about is None else self._about.model
        speaker = SonosPlayer(self.home)
        speaker.device_class = "speaker"
        more = {} if model is None else {"device_type": model}
        speaker.extra_attributes = {"integration": DOMAIN, "ip_address": str(self.address), **more}
        return Part(speaker, f"sonos_{slugify(entry.title)}")


def _if_it_wants(speaker: SoapClient, action: str) -> Mapping[str, str]:
    """What the action tells; nothing where the speaker does not want to: not all inputs have all of it."""
    try:
        return speaker.transport(action)
    except Refused:
        return {}


def read_description(http: LanClient) -> Description:
    """What a speaker says of itself.

    Raises:
        Unreachable: nobody is there, or somebody else.
    """
    answer = http.request("GET", DESCRIPTION)
    if answer.status != 200:
        raise Unreachable(f"The device at {http.address} answered with the status {answer.status}")
    return mapping.description(answer.body)


def probe(address: Address, _secrets: Mapping[str, str]) -> Found:
    """Who is at the address.

    Raises:
        Unreachable: nobody, or somebody else.
    """
    http = LanClient(address, PORT)
    try:
        about = read_description(http)
    finally:
        http.close()
    data = {HOST: str(address), **({"model": about.model} if about.model else {})}
    shown = {
        "name": about.room, "zone": about.room, "ip_address": str(address), "model": about.model, "uid": about.uid,
        "software_version": about.version,
    }  # fmt: skip
    return Found(about.uid, about.room, data, shown)
