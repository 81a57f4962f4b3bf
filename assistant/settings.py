"""The settings: values only, from the command line or from ELIGIBILITY_… environment variables."""

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import UnusableSettings


def _user_data() -> Path:
    return platformdirs.user_data_path("eligibility-assistant", appauthor=False)


class Settings(BaseSettings):
    """What a user may choose; each field is also read from ELIGIBILITY_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="ELIGIBILITY_", frozen=True, protected_namespaces=())

    data_dir: Path = Field(default_factory=_user_data)
    """Where the index lives."""
    model: str | None = None
    """A chat model as LangChain names it ("provider:model"); None answers from the passages alone."""
    model_url: str | None = None
    """Where the chat model's server listens; an OpenAI-compatible one goes with "openai:…"."""
    model_timeout: float = Field(default=30.0, gt=0, le=600)
    """Seconds that the chat model has to begin an answer, and as many to write it; then the documents' own sentences answer."""
    nli_model: str | None = None
    """A cross-encoder for entailment by its sentence-transformers name; it must find a chat model's sentence to follow."""
    embedder: str | None = None
    """A sentence-transformers model by name; None is the packaged one."""
    country: str | None = None
    """Whose emergency numbers are given: ISO 3166 ("GB"); None names those of several countries."""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    """0 takes any free port."""


def load_settings(**chosen: Any) -> Settings:
    """The settings, what was chosen (and is not None) before the environment. Raises UnusableSettings."""
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as fault:
        reasons = "; ".join(f"{_label(error['loc'])}: {error['msg']}" for error in fault.errors())
        raise UnusableSettings(
            f"A setting can't be used. {reasons}. Set it with its option or environment variable."
        ) from fault


def _label(location: tuple[int | str, ...]) -> str:
    return "ELIGIBILITY_" + "_".join(str(part) for part in location).upper()
