"""Which actions the simulated speakers offer, with their arguments, and how UPnP describes that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Action(NamedTuple):
    """`takes`, `tells`: the arguments' names, with spaces between."""

    takes: str = ""
    tells: str = ""


_SET_URI = "InstanceID CurrentURI CurrentURIMetaData"
_ADD = "InstanceID EnqueuedURI EnqueuedURIMetaData DesiredFirstTrackNumberEnqueued EnqueueAsNext"
_PLACE = "Track TrackDuration TrackMetaData TrackURI RelTime AbsTime RelCount AbsCount"
_MEDIA = (
    "NrTracks MediaDuration CurrentURI CurrentURIMetaData NextURI NextURIMetaData PlayMedium RecordMedium WriteStatus"
)
_BROWSE = "ObjectID BrowseFlag Filter StartingIndex RequestedCount SortCriteria"

SERVICES: Mapping[str, Mapping[str, Action]] = {
    "AVTransport": {
        "GetTransportInfo": Action("InstanceID", "CurrentTransportState CurrentTransportStatus CurrentSpeed"),
        "GetPositionInfo": Action("InstanceID", _PLACE),
        "GetMediaInfo": Action("InstanceID", _MEDIA),
        "GetTransportSettings": Action("InstanceID", "PlayMode RecQualityMode"),
        "SetPlayMode": Action("InstanceID NewPlayMode"),
        "SetAVTransportURI": Action(_SET_URI),
        "AddURIToQueue": Action(_ADD, "FirstTrackNumberEnqueued NumTracksAdded NewQueueLength"),
        "RemoveAllTracksFromQueue": Action("InstanceID"),
        "BecomeCoordinatorOfStandaloneGroup": Action("InstanceID", "DelegatedGroupCoordinatorID NewGroupID"),
        "Play": Action("InstanceID Speed"),
        "Pause": Action("InstanceID"),
        "Stop": Action("InstanceID"),
        "Next": Action("InstanceID"),
        "Previous": Action("InstanceID"),
        "Seek": Action("InstanceID Unit Target"),
    },
    "RenderingControl": {
        "GetVolume": Action("InstanceID Channel", "CurrentVolume"),
        "SetVolume": Action("InstanceID Channel DesiredVolume"),
        "GetMute": Action("InstanceID Channel", "CurrentMute"),
        "SetMute": Action("InstanceID Channel DesiredMute"),
    },
    "ZoneGroupTopology": {"GetZoneGroupState": Action("", "ZoneGroupState")},
    "ContentDirectory": {"Browse": Action(_BROWSE, "Result NumberReturned TotalMatches UpdateID")},
    "DeviceProperties": {
        "GetZoneAttributes": Action("", "CurrentZoneName CurrentIcon CurrentConfiguration"),
        "GetHouseholdID": Action("", "CurrentHouseholdID"),
    },
}


def described(service: str) -> str:
    """`/xml/<service>1.xml`: the service's actions."""
    actions = "".join(
        f"<action><name>{name}</name><argumentList>{_arguments(action.takes, 'in')}{_arguments(action.tells, 'out')}"
        "</argumentList></action>"
        for name, action in SERVICES[service].items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8" ?><scpd xmlns="urn:schemas-upnp-org:service-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion><serviceStateTable>"
        '<stateVariable sendEvents="no"><name>A_ARG_TYPE_Text</name><dataType>string</dataType></stateVariable>'
        f"</serviceStateTable><actionList>{actions}</actionList></scpd>"
    )


def _arguments(names: str, direction: str) -> str:
    return "".join(
        f"<argument><name>{name}</name><direction>{direction}</direction>"
        "<relatedStateVariable>A_ARG_TYPE_Text</relatedStateVariable></argument>"
        for name in names.split()
    )
