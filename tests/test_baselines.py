from pathlib import Path

import pytest
from small_records import put

pytest.importorskip("langchain_chroma", reason="the extra `baselines` is not installed")

from evals.baselines.quickstart import Quickstart
from evals.baselines.speed import Timed, compare


def test_the_quickstart_s_chunks_are_stretches_of_their_documents(tmp_path: Path) -> None:
    texts = {"knees.txt": "The knee is looked at. " * 120 + "Knee surgery excludes.", "swims.txt": "Swims at night. " * 90}
    with Quickstart(tmp_path) as quickstart:
        assert quickstart.index(texts.items()) > 4
        found = quickstart.retrieve("knee surgery", document="knees.txt")
        assert len(quickstart.retrieve("swims")) == 4
    assert {chunk.document for chunk in found} == {"knees.txt"}
    for chunk in found:
        assert texts[chunk.document][chunk.start : chunk.start + len(chunk.text)] == chunk.text


def test_both_sides_take_the_same_files_in(tmp_path: Path) -> None:
    files = [put(tmp_path, f"{n}.md", f"Walk {n}\n\nInclusion Criteria:\n\n- Age {n} years\n") for n in (40, 50)]
    ours, theirs = compare(files, rounds=2)
    assert ours.documents == theirs.documents == 2
    assert len(ours.indexing) == len(theirs.indexing) == 2
    assert len(ours.asking) == len(theirs.asking) > 0


def test_rate_by_hand() -> None:
    assert Timed("ours", documents=6, indexing=[1.0, 2.0]).rate == 2.0
