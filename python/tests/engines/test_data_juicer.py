import pytest

pytest.importorskip("data_juicer")

from data_juicer.core.data import NestedDataset
from data_juicer.ops.base_op import OPERATORS
from data_juicer.utils.constant import Fields

from kanwu.engines.data_juicer import KanwuFilter, KanwuMapper


def test_filter(texts, expected):
    dataset = NestedDataset.from_dict({"text": texts, Fields.stats: [{}] * len(texts)})
    operator = OPERATORS.modules["kanwu_filter"](min_score=80)
    assert isinstance(operator, KanwuFilter)
    dataset = dataset.map(operator.compute_stats, batched=True, batch_size=16)
    stats = dataset[Fields.stats]
    told, scores = expected
    assert [s["kanwu_errors"] + s["kanwu_warnings"] for s in stats] == told
    assert [s["kanwu_score"] for s in stats] == pytest.approx(scores, abs=2e-3)
    kept = dataset.filter(operator.process, batched=True, batch_size=16)
    assert set(kept["text"]) == {"一切都好。"}


def test_mapper():
    dataset = NestedDataset.from_dict({"text": ["统筹发展\u200b和安全。", "一切都好。"]})
    mapped = dataset.map(KanwuMapper().process, batched=True)
    assert list(mapped["text"]) == ["统筹发展和安全。", "一切都好。"]
