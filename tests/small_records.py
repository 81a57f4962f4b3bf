"""Registry records and pages of a few lines, and an embedder that needs no model: texts that share words lie close."""

import json
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SUMMARY = (
    "This study asks whether a walk of half an hour before breakfast eases stiff knees better than a walk of the same length "
    'after supper, in adults whose "bad" knee has ached for at least three months and who have no plan to have it replaced. '
    "Pain on stairs is counted first."
)
CRITERIA = """Inclusion Criteria:

* Age 40 years or older
* Knee pain on most days of the last month

Exclusion Criteria:

* Knee surgery within 6 months
* Unable to walk without a stick
"""


class WordEmbedder:
    """Counts of hashed words, as rows of length 1. Remembers every text it was asked for."""

    dimensions = 64

    def __init__(self, name: str = "hashed-words") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        rows[:, 0] = 0.1
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def record(
    nct_id: str,
    title: str = "Morning walks for stiff knees",
    *,
    criteria: str = CRITERIA,
    summary: str = SUMMARY,
    status: str = "RECRUITING",
    enrollment: int = 120,
) -> str:
    """An API v2 record."""
    return json.dumps(
        {
            "protocolSection": {
                "identificationModule": {
                    "nctId": nct_id,
                    "orgStudyIdInfo": {"id": f"WALK-{nct_id[-3:]}"},
                    "briefTitle": title,
                    "officialTitle": f"A randomised comparison: {title}",
                },
                "statusModule": {"overallStatus": status, "lastUpdatePostDateStruct": {"date": "2026-03-04"}},
                "descriptionModule": {"briefSummary": summary},
                "designModule": {"studyType": "INTERVENTIONAL", "enrollmentInfo": {"count": enrollment}},
                "eligibilityModule": {"eligibilityCriteria": criteria, "sex": "ALL", "minimumAge": "40 Years"},
            }
        }
    )


def put(folder: Path, name: str, text: str) -> Path:
    """A file of that text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
