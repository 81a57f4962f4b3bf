"""The speed of checks: the figures come out for any folder of records; how high they are is no test."""

from pathlib import Path

import pytest
from small_records import put

from evals.baselines.check_speed import main


def test_the_figures_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for years in (40, 50, 60):
        put(tmp_path, f"{years}.md", f"Walk {years}\n\nInclusion Criteria:\n\n- Age {years} years or more\n- ECOG 0-1\n")
    (tmp_path / "odd.pdf").write_bytes(b"%PDF-1.4 \x00\x01")
    main([str(tmp_path)])
    said = capsys.readouterr().out
    assert "2 trials, 4 criteria" in said
    assert "criteria judged" in said
    assert "1 files could not be read" in said


def test_too_little_to_measure_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "none")])
    assert "two records" in capsys.readouterr().err
