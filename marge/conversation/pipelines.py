"""Assist pipelines: which engines hear, understand and speak, and running them.

Not here: audio. What starts with sound needs an engine for it, and is refused without one.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.conversation.agent import AGENT_IDS, ENTITY_ID, LANGUAGES, Agent
from marge.conversation.speech import Speech
from marge.errors import HomeError, MargeError
from marge.storage.collection import Collection, Item, collections_of
from marge.util.dt import iso
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import Context

NAME = "assist_pipeline"
"""Of the collection, and the key of the `Pipelines` in `home.shared`."""
STAGES = ("wake_word", "stt", "intent", "tts")
DEFAULT_TIMEOUT_S = 300
KEPT_RUNS = 10
"""Of each pipeline, for debugging."""
_MAX_DEBUGGED = 50
_PREFERRED = "assist_pipeline/preferred"

_MAYBE = vol.Any(str, None)
FIELDS: dict[Any, Any] = {
    vol.Required("conversation_engine"): str,
    vol.Required("conversation_language"): str,
    vol.Required("language"): str,
    vol.Required("name"): vol.All(str, vol.Length(min=1)),
    vol.Required("stt_engine"): _MAYBE,
    vol.Required("stt_language"): _MAYBE,
    vol.Required("tts_engine"): _MAYBE,
    vol.Required("tts_language"): _MAYBE,
    vol.Required("tts_voice"): _MAYBE,
    vol.Required("wake_word_entity"): _MAYBE,
    vol.Required("wake_word_id"): _MAYBE,
    vol.Optional("prefer_local_intents", default=False): bool,
}

Emit = Callable[[dict[str, Any]], None]


class PipelineError(MargeError):
    """A pipeline cannot run like this. `code` as HA's clients know it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PipelineCollection(Collection):
    """The pipelines, by id."""

    def new_id(self, valid: Item) -> str:
        return ulid().lower()


@dataclass(frozen=True, slots=True)
class Run:
    """A finished or running one, for debugging."""

    run_id: str
    timestamp: str
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run.

    Attributes:
        pipeline_id: None: the preferred one.
        text: what was said, or what is to be spoken when it starts with `tts`.
    """

    start_stage: str
    end_stage: str
    text: str
    pipeline_id: str | None = None
    conversation_id: str | None = None
    device_id: str | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S


class Pipelines:
    """The pipelines of one home. `run` waits, and so does `load`."""

    def __init__(self, home: Home, agent: Agent, speech: Speech) -> None:
        self.home = home
        self.agent = agent
        self.speech = speech
        self.items = PipelineCollection(home.storage, NAME, FIELDS, limit=100)
        self._preferred: str | None = None
        self._runs: OrderedDict[str, deque[Run]] = OrderedDict()

    def load(self) -> None:
        """Read what was saved; a home without a pipeline gets one."""
        self.items.load()
        self._preferred = self.home.storage.load(_PREFERRED)
        if not len(self.items):
            language = self.agent.supported(None) or "en"
            empty = dict.fromkeys(key.schema for key in FIELDS)
            item = self.items.create(
                {
                    **empty,
                    "conversation_engine": ENTITY_ID,
                    "conversation_language": language,
                    "language": language,
                    "name": "Home Assistant",
                    "prefer_local_intents": False,
                }
            )
            self.prefer(item["id"])
        collections_of(self.home.shared)[NAME] = self.items

    @property
    def preferred(self) -> str:
        """The id of the preferred pipeline."""
        if self._preferred in self.items:
            assert self._preferred is not None
            return self._preferred
        return str(self.items.all()[0]["id"])

    def prefer(self, pipeline_id: str) -> None:
        self._preferred = pipeline_id
        self.home.storage.save_soon({_PREFERRED: pipeline_id})

    def get(self, pipeline_id: str | None) -> Item | None:
        """A pipeline; the preferred one for None."""
        return self.items.get(self.preferred if pipeline_id is None else pipeline_id)

    def languages(self) -> list[str]:
        """Languages in which a whole pipeline can work."""
        return sorted(LANGUAGES)

    def runs(self, pipeline_id: str) -> list[Run] | None:
        """The latest runs, oldest first; None: it never ran."""
        found = self._runs.get(pipeline_id)
        return None if found is None else list(found)

    # -- running -----------------------------------------------------------------------------------------------------

    def check(self, request: Request) -> Item:
        """The pipeline, if it can do this.

        Raises:
            PipelineError: it cannot.
        """
        pipeline = self.get(request.pipeline_id)
        if pipeline is None:
            raise PipelineError("pipeline-not-found", f"Pipeline {request.pipeline_id} not found")
        first, last = STAGES.index(request.start_stage), STAGES.index(request.end_stage)
        if first == 0:
            raise PipelineError("wake-provider-missing", "No wake word detection provider available")
        if first <= STAGES.index("stt") <= last:
            raise PipelineError("validation-error", "the pipeline does not support speech-to-text")
        if last == STAGES.index("tts") and self.speech.get(pipeline["tts_engine"]) is None:
            raise PipelineError("validation-error", "the pipeline does not support text-to-speech")
        return pipeline

    def run(self, pipeline: Item, request: Request, context: Context, emit: Emit) -> None:
        """Run it; what happens is told to `emit` as it does."""
        run = Run(ulid(), self._now())
        self._remember(pipeline["id"], run)
        conversation_id = request.conversation_id or ulid()

        def tell(kind: str, data: Mapping[str, Any] | None) -> None:
            event = {"type": kind, "data": data, "timestamp": self._now()}
            run.events.append(event)
            emit(event)

        tell(
            "run-start",
            {
                "pipeline": pipeline["id"],
                "language": pipeline["language"],
                "conversation_id": conversation_id,
                "runner_data": {"stt_binary_handler_id": None, "timeout": request.timeout_s},
            },
        )
        try:
            text: str | None = request.text
            if request.start_stage == "intent":
                text = self._understand(pipeline, request, conversation_id, context, tell)
            if request.end_stage == "tts" and text:
                self._speak(pipeline, text, tell)
        except PipelineError as exc:
            tell("error", {"code": exc.code, "message": str(exc)})
        tell("run-end", None)

    def _understand(
        self,
        pipeline: Item,
        request: Request,
        conversation_id: str,
        context: Context,
        tell: Callable[[str, Mapping[str, Any] | None], None],
    ) -> str | None:
        engine, language = pipeline["conversation_engine"], pipeline["conversation_language"]
        tell(
            "intent-start",
            {
                "engine": engine,
                "language": language,
                "intent_input": request.text,
                "conversation_id": conversation_id,
                "device_id": request.device_id,
                "prefer_local_intents": pipeline.get("prefer_local_intents", False),
            },
        )
        if engine not in AGENT_IDS:
            raise PipelineError("intent-not-supported", f"Intent recognition engine {engine} is not found")
        answer = self.agent.process(
            request.text, context, language=None if language == "*" else language, conversation_id=conversation_id,
            device_id=request.device_id,
        )  # fmt: skip
        tell("intent-end", {"processed_locally": True, "intent_output": answer.as_dict()})
        spoken: str | None = answer.response["speech"].get("plain", {}).get("speech")
        return spoken

    def _speak(
        self, pipeline: Item, text: str, tell: Callable[[str, Mapping[str, Any] | None], None]
    ) -> None:
        engine, language, voice = (pipeline[key] for key in ("tts_engine", "tts_language", "tts_voice"))
        tell("tts-start", {"engine": engine, "language": language, "voice": voice, "tts_input": text})
        try:
            clip = self.speech.say(engine, text, language, {} if voice is None else {"voice": voice})
        except HomeError as exc:
            raise PipelineError("tts-failed", str(exc)) from exc
        output = {"media_id": clip.path, "url": clip.path, "mime_type": clip.mime_type}
        tell("tts-end", {"tts_output": output})

    def _remember(self, pipeline_id: str, run: Run) -> None:
        runs = self._runs.setdefault(pipeline_id, deque(maxlen=KEPT_RUNS))
        runs.append(run)
        self._runs.move_to_end(pipeline_id)
        while len(self._runs) > _MAX_DEBUGGED:
            self._runs.popitem(last=False)

    def _now(self) -> str:
        return iso(self.home.clock.now())
