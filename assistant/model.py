"""The chat model, when one is configured: the one module that knows LangChain. A prompt and a shape in, an object of that shape out.

Whatever goes wrong is one error with a plain reason that holds nothing of the prompt, of a key or of the provider's own words.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import cached_property
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import ModelFault, UnusableSettings
from assistant.prompting import Prompt
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

Shape = TypeVar("Shape", bound=BaseModel)

ATTEMPTS: Final = 2
"""An answer that is not of the shape asked for is asked for once more."""
EXTRAS: Final = {"openai": "openai", "azure_openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}
"""Extras of this distribution that bring a provider's package, by the provider's name."""
_REFUSED: Final = frozenset({"content_filter", "refusal", "safety"})
_CUT: Final = frozenset({"length", "max_tokens"})


class ChatModel(Protocol):
    """What is needed of a chat model."""

    @property
    def name(self) -> str:
        """The model as the settings name it."""

    def stream(self, prompt: Prompt, shape: type[Shape]) -> "Iterator[Mapping[str, Any] | Shape]":
        """The answer as far as it is written, again and again, and last the whole of it as an object. Raises ModelFault.

        What is written may begin anew where the answer had to be asked for again.
        """


def whole(model: ChatModel, prompt: Prompt, shape: type[Shape]) -> Shape:
    """The answer in one piece. Raises ModelFault."""
    for written in model.stream(prompt, shape):
        if isinstance(written, shape):
            return written
    raise ModelFault("it gave no answer")


class _Malformed(Exception):
    """An answer that is not of the shape asked for."""


@dataclass
class LangChainModel:
    """Any chat model that LangChain knows, by "provider:name"."""

    name: str
    timeout: float
    """Seconds in which an answer must begin, and as many in which it must be written. What is loaded first does not count."""
    url: str | None = None
    """Where an OpenAI-compatible server, or the provider's own kind, listens."""

    @cached_property
    def _model(self) -> Any:
        from langchain.chat_models import init_chat_model

        provider = self.name.partition(":")[0]
        try:
            return init_chat_model(self.name, **_options(provider, self.timeout, self.url))
        except ImportError as fault:
            raise UnusableSettings(
                f"The model {self.name} needs a package that is not installed. {_install(provider)}"
            ) from fault
        except Exception as fault:  # a provider's own complaint, which may repeat a key
            raise UnusableSettings(
                f"The model {self.name} can't be set up ({type(fault).__name__}). Name it as provider:model (openai:…, ollama:…), "
                "and set the provider's key in its own environment variable."
            ) from None

    def prepare(self) -> None:
        """Load what the model needs, so that a wrong setting is said at the start. Raises UnusableSettings."""
        _ = self._model

    def stream(self, prompt: Prompt, shape: type[Shape]) -> "Iterator[Mapping[str, Any] | Shape]":
        """The answer as far as it is written, and last the whole of it. Raises ModelFault."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                yield from self._written(prompt, shape)
            except _Malformed:
                if attempt == ATTEMPTS:
                    raise ModelFault("what it wrote was not of the form asked for") from None
            else:
                return

    def _written(self, prompt: Prompt, shape: type[Shape]) -> "Iterator[Mapping[str, Any] | Shape]":
        message, until = None, inf
        for chunk in self._chunks(prompt, shape):
            if monotonic() > until:
                raise ModelFault(self._slow, out_of_reach=True)
            until = min(until, monotonic() + self.timeout)
            message = chunk if message is None else message + chunk
            if partial := _partial(message):
                yield partial
        if message is None:
            raise ModelFault("it gave no answer")
        yield _checked(message, shape)

    def _chunks(self, prompt: Prompt, shape: type[BaseModel]) -> "Iterator[AIMessageChunk]":
        """The pieces of the provider's answer. Nothing of it goes to a tracing service, whatever the environment says."""
        messages = [("system", prompt.rules), ("human", prompt.data)]
        quiet = copy_context()
        try:
            chunks = self._structured(shape).stream(messages)
            quiet.run(_untraced)
            while (chunk := quiet.run(next, chunks, None)) is not None:
                yield chunk
        except ModelFault:
            raise
        except Exception as fault:  # whatever a provider's client raises
            raise self._fault(fault) from None

    def _structured(self, shape: type[BaseModel]) -> Any:
        """The model bound to the shape, without the parser: what is written is read here, while it is written and as a whole."""
        return self._model.with_structured_output(shape.model_json_schema()).steps[0]

    def _fault(self, fault: Exception) -> ModelFault:
        from langchain_core import exceptions as known

        of_this: Sequence[tuple[type[BaseException], str]] = (
            (known.ContextOverflowError, "what it was given is longer than it can read"),
            (known.ModelInvalidRequestError, "it did not take the request"),
        )
        of_all: Sequence[tuple[type[BaseException], str]] = (
            (known.ModelTimeoutError, self._slow),
            (TimeoutError, self._slow),
            (known.ModelRateLimitError, "too many requests were made of it"),
            (known.ModelAuthenticationError, "its key is missing or was not accepted"),
            (known.ModelPermissionDeniedError, "its key may not use it"),
            (known.ModelNotFoundError, "its provider does not know it"),
            (known.ModelConnectionError, "it could not be reached"),
            (ConnectionError, "it could not be reached"),
            (known.ModelAPIError, "its provider failed"),
        )
        for kind, reason in (*of_this, *of_all):
            if isinstance(fault, kind):
                return ModelFault(reason, out_of_reach=(kind, reason) in of_all)
        name = type(fault).__name__
        reason = next((reason for part, reason in _NAMED.items() if part in name), f"it failed ({name})")
        return ModelFault(reason, out_of_reach=reason not in _OF_THIS)

    @property
    def _slow(self) -> str:
        return f"it did not answer within {self.timeout:g} seconds"


_NAMED: Final = {
    "Refusal": "it refused to answer",
    "ContentFilter": "it refused to answer",
    "LengthFinish": "its answer was cut off",
    "Timeout": "it did not answer in time",
    "Connect": "it could not be reached",
    "RateLimit": "too many requests were made of it",
}
"""Faults of clients that do not say what they are but by their name."""


_OF_THIS: Final = frozenset({"it refused to answer", "its answer was cut off"})
"""Reasons that lie in what was asked."""


def _untraced() -> None:
    """From here on nothing in this context is sent to LangSmith."""
    from langsmith import tracing_context

    tracing_context(enabled=False).__enter__()


def _partial(message: "AIMessageChunk") -> Mapping[str, Any] | None:
    """What of an object is written so far; None where there is nothing yet."""
    from langchain_core.utils.json import parse_json_markdown

    if message.tool_calls:
        return message.tool_calls[0]["args"]
    try:
        read = parse_json_markdown(str(message.text)) if "{" in str(message.text) else None
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _checked(message: "AIMessageChunk", shape: type[Shape]) -> Shape:
    """The whole answer as an object. Raises ModelFault where there can be none, _Malformed where another attempt may do."""
    from langchain_core.utils.json import parse_json_markdown

    ended = str(message.response_metadata.get("finish_reason") or message.response_metadata.get("stop_reason") or "").lower()
    if message.additional_kwargs.get("refusal") or ended in _REFUSED:
        raise ModelFault("it refused to answer")
    if ended in _CUT:
        raise ModelFault("its answer was cut off")
    try:
        read = (
            message.tool_calls[0]["args"] if message.tool_calls else parse_json_markdown(str(message.text), parser=json.loads)
        )
        return shape.model_validate(read)
    except (ValueError, ValidationError):
        raise _Malformed from None


def _install(provider: str) -> str:
    extra = EXTRAS.get(provider)
    package = f"eligibility-assistant[{extra}]" if extra else f"langchain-{provider.replace('_', '-')}"
    return f"Run `pip install '{package}'`."


def _options(provider: str, timeout: float, url: str | None) -> dict[str, Any]:
    """What a provider's client is made with: its time limit, no retries of its own, and the address."""
    where: dict[str, Any] = {"base_url": url} if url else {}
    if provider == "ollama":
        return {"client_kwargs": {"timeout": timeout}, **where}
    if provider == "openai" and url:  # another's server speaks chat completions, and often wants no key
        where |= {"use_responses_api": False} | ({} if os.environ.get("OPENAI_API_KEY") else {"api_key": "none"})
    return {"timeout": timeout, "max_retries": 0, **where}


def open_model(settings: Settings) -> LangChainModel | None:
    """The model that the settings name, or None where they name none. Raises UnusableSettings for one that can't be had."""
    if not settings.model:
        return None
    model = LangChainModel(settings.model, settings.model_timeout, settings.model_url)
    model.prepare()
    return model
