"""Records of ClinicalTrials.gov's API v2: JSON with a `protocolSection`."""

import json
import re
from collections.abc import Mapping

from index.errors import UnreadableDocument
from index.loaders.fields import Fields
from index.loaders.raw import Raw
from index.loaders.registry import read_record
from index.trial import Trial

FORMAT = "api-v2"
_BEGINS = re.compile(r"""\s*(?:\[\s*)?\{\s*"[^"\n]*(?:"\s*(?::|$)|$)""")
_CURE = "Save the record again: on ClinicalTrials.gov choose Download, one study, JSON."


def recognises(raw: Raw) -> bool:
    """Whether the text is JSON: by its first characters (then it may be broken off), or whole."""
    return _BEGINS.match(raw.text) is not None or (raw.text.lstrip().startswith(("{", "[")) and _parses(raw.text))


def read(raw: Raw) -> Trial:
    """The trial of the one record in the file. Raises UnreadableDocument for broken JSON and for none or several records."""
    try:
        value = json.loads(raw.text)
    except json.JSONDecodeError as error:
        reason = f"the JSON breaks off or is wrong at line {error.lineno}, column {error.colno} ({error.msg})."
        raise UnreadableDocument(raw.document, reason, _CURE) from error
    except RecursionError as error:
        raise UnreadableDocument(raw.document, "the JSON nests its parts too deep to be read.", _CURE) from error
    except ValueError as error:
        raise UnreadableDocument(raw.document, "the JSON has a number of thousands of digits.", _CURE) from error
    return read_record(raw, FORMAT, Fields(_only_record(raw, value)))


def _only_record(raw: Raw, value: object) -> Mapping[str, object]:
    records = _records(value)
    if not records:
        reason = "it is JSON, but not a record of ClinicalTrials.gov's API v2 (no protocolSection)."
        raise UnreadableDocument(raw.document, reason, _CURE)
    if len(records) > 1:
        reason = f"it holds {len(records)} studies, and a document is one trial."
        raise UnreadableDocument(raw.document, reason, "Save each element of the list as a file of its own.")
    return records[0]


def _records(value: object) -> list[Mapping[str, object]]:
    """The records in a JSON value: itself, the list that it is, or the list under `studies`."""
    if isinstance(value, list):
        return [record for item in value if isinstance(item, Mapping) for record in _records(item)]
    if not isinstance(value, Mapping):
        return []
    if "protocolSection" in value:
        return [value]
    if "identificationModule" in value:
        return [{"protocolSection": value}]
    return _records(value["studies"]) if isinstance(value.get("studies"), list) else []


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True
