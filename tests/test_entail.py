"""Entailment by a cross-encoder: a real one, tiny and untrained, made here; and what is said of one that is not there."""

from pathlib import Path

import pytest

from index.entail import Entailment
from index.errors import ModelUnavailable


def tiny(folder: Path, labels: tuple[str, ...]) -> str:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = {word: at for at, word in enumerate("[PAD] [UNK] [CLS] [SEP] the limit is ninety".split())}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))  # noqa: S106  a token of the vocabulary
    tokenizer.pre_tokenizer = Whitespace()
    special = {f"{name}_token": f"[{name[:3].upper()}]" for name in ("pad", "unk", "cls", "sep")}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
    fast.save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


def test_the_share_of_entailment_among_its_classes(tmp_path: Path) -> None:
    judge = Entailment(tiny(tmp_path, ("contradiction", "entailment", "neutral")))
    assert 0 < judge.probability("the limit is ninety", "ninety is the limit") < 1
    with_more = Entailment(tiny(tmp_path, ("contradiction", "neutral")))
    with pytest.raises(ModelUnavailable, match="no class for entailment"):
        with_more.probability("the limit", "the limit")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nowhere"):
        Entailment(str(tmp_path / "nowhere")).probability("a", "b")
