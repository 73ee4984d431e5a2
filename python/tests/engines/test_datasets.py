import pytest

datasets = pytest.importorskip("datasets")

from kanwu.engines.datasets import check


@pytest.mark.parametrize("processes", [None, 2])
def test_check(texts, expected, processes):
    dataset = datasets.Dataset.from_dict({"text": texts})
    found = check(dataset, num_proc=processes)
    told, scores = expected
    assert [e + w for e, w in zip(found["errors"], found["warnings"])] == told
    assert list(found["score"]) == pytest.approx(scores, abs=2e-3)
    assert found[2]["rules"] == [{"rule": "stray-latin", "count": 2}]
    assert found[2]["text"] == texts[2]
    sound = found.filter(lambda score: score >= 80, input_columns="score")
    assert set(sound["text"]) == {"一切都好。"}
