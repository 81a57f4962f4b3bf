"""Arrows point down only, siblings do not know one another, and each third-party library has one owner."""

from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
GRAPH = grimp.build_graph("index", "assistant", "evals", include_external_packages=True)

OWNERS = {
    "chromadb": {"index.vectors"},
    "tantivy": {"index.lexical"},
    "sentence_transformers": {"index.embed", "index.entail"},
    "langchain": {"assistant.model"},
    "langchain_core": {"assistant.model"},
    "langsmith": {"assistant.model"},
    "torch": {"index.embed"},
    "transformers": {"index.embed"},
    "sqlalchemy": {"index.catalog"},
    "snowballstemmer": {"index.words"},
    "defusedxml": {"index.loaders.registry_xml", "index.loaders.docx"},
    "bs4": {"index.loaders.html"},
    "pypdf": {"index.loaders.pdf"},
    "charset_normalizer": {"index.loaders.raw"},
    "gradio": {"assistant.interfaces.web"},
    "fastapi": {"assistant.interfaces.http", "assistant.interfaces.web"},
    "starlette": {"assistant.interfaces.http"},
    "uvicorn": {"assistant.interfaces.http"},
    "platformdirs": {"assistant.settings"},
    "lark": {"assistant.eligibility.numbers.measures"},
    "spellchecker": {"assistant.understanding.spelling", "assistant.audit.rewording"},
    "rapidfuzz": {"index.merge", "assistant.understanding.spelling", "assistant.audit.rewording", "evals.tasks.checks"},
    "pint": {"assistant.eligibility.numbers.units"},
    "simple_icd_10_cm": {"assistant.eligibility.vocabulary.icd"},
    "sklearn": {"assistant.counting"},
    "fhir": {"assistant.eligibility.intake.fhir"},
    "typer": {"assistant.interfaces.cli"},
    "fpdf": {"assistant.interfaces.sheets"},
    "pyphen": {"evals.readability"},
    "pydantic_settings": {"assistant.settings"},
}


def below(package: str) -> set[str]:
    """The package and all modules under it."""
    return {module for module in GRAPH.modules if module == package or module.startswith(f"{package}.")}


def arrows(source: str, target: str) -> list[str]:
    return sorted(
        f"{importer} → {imported}"
        for importer in below(source)
        for imported in GRAPH.find_modules_directly_imported_by(importer)
        if imported == target or imported.startswith(f"{target}.")
    )


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        pytest.param("index", "assistant", id="the index has never heard of chat"),
        pytest.param("index", "evals", id="the index does not know how it is measured"),
        pytest.param("assistant", "evals.tasks", id="the assistant does not know how it is measured"),
        pytest.param("assistant.chat", "assistant.interfaces", id="chat does not know who shows it"),
        pytest.param("assistant.chat", "assistant.dialogue", id="chat does not know the conversation"),
        pytest.param("assistant.chat", "assistant.wiring", id="chat does not wire itself"),
        pytest.param("assistant.generative", "assistant.dialogue", id="the model's voice does not know the conversation"),
        pytest.param("assistant.generative", "assistant.interfaces", id="the model's voice does not know who shows it"),
        pytest.param("assistant.chat", "assistant.generative", id="chat needs no model"),
        pytest.param("assistant.eligibility", "assistant.generative", id="what decides needs no model"),
        pytest.param("assistant.chat", "index.library", id="chat asks a shelf, not a store"),
        pytest.param("assistant.chat", "assistant.eligibility", id="chat does not decide"),
        pytest.param("assistant.eligibility", "assistant.chat", id="what decides does not talk"),
        pytest.param("assistant.eligibility", "assistant.audit", id="what decides does not audit"),
        pytest.param("assistant.chat", "assistant.audit", id="chat does not audit"),
        pytest.param("assistant.audit", "assistant.chat", id="an audit does not talk"),
        pytest.param("assistant.statements", "assistant.dialogue", id="a reader of statements does not know the conversation"),
        pytest.param("assistant.statements", "assistant.interfaces", id="a reader of statements does not know who shows it"),
        pytest.param("assistant.statements", "index.library", id="a reader of statements is given lines, not a store"),
        pytest.param("assistant.eligibility", "assistant.statements", id="what decides reads no statements"),
        pytest.param("assistant.audit", "assistant.dialogue", id="an audit does not know the conversation"),
        pytest.param("assistant.audit", "assistant.interfaces", id="an audit does not know who shows it"),
        pytest.param("assistant.audit", "index.library", id="an audit is given trials, not a store"),
        pytest.param("assistant.audit", "assistant.asked_of_records", id="an audit does not answer questions"),
        pytest.param(
            "assistant.asked_of_records", "assistant.dialogue", id="questions about records do not know the conversation"
        ),
        pytest.param(
            "assistant.asked_of_records", "assistant.interfaces", id="questions about records do not know who shows them"
        ),
        *(
            pytest.param(f"assistant.audit.{room}", f"assistant.audit.{other}", id=f"{room} does not know {other}")
            for room in ("amendments", "documents", "extraction", "lint", "trials")
            for other in ("amendments", "documents", "lint", "trials")
            if room != other
        ),
        pytest.param("assistant.eligibility", "assistant.interfaces", id="what decides does not know who shows it"),
        pytest.param("assistant.eligibility", "assistant.dialogue", id="what decides does not know the conversation"),
        pytest.param("assistant.eligibility", "index.library", id="what decides is given trials, not a store"),
    ],
)
def test_arrows_point_down(lower: str, upper: str) -> None:
    assert arrows(lower, upper) == []


@pytest.mark.parametrize(("library", "owners"), OWNERS.items(), ids=OWNERS)
def test_each_library_has_its_owners(library: str, owners: set[str]) -> None:
    importers = {module for module in GRAPH.modules if library in GRAPH.find_modules_directly_imported_by(module)}
    ours = {module for module in importers if module.startswith(("index", "assistant", "evals"))}
    assert {module for module in ours if not module.startswith("evals.baselines")} <= owners


def test_the_leaves_import_nothing_of_ours() -> None:
    ours = ("index", "assistant", "evals")
    for leaf in ("index.trial", "index.errors", "assistant.reply"):
        assert [module for module in GRAPH.find_modules_directly_imported_by(leaf) if module.startswith(ours)] == []


def test_there_is_no_import_cycle() -> None:
    for module in sorted(GRAPH.modules):
        if module.startswith(("index", "assistant", "evals")):
            onward = GRAPH.find_upstream_modules(module)
            assert module not in onward, f"{module} imports itself through others"


def test_no_module_is_named_for_nothing() -> None:
    empty = {"utils", "helpers", "manager", "base", "common", "misc"}
    assert [path for path in ROOT.rglob("*.py") if path.stem in empty and ".venv" not in path.parts] == []
