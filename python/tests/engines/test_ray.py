import pytest

ray = pytest.importorskip("ray")
pa = pytest.importorskip("pyarrow")

from kanwu.engines.ray import Check, check


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200_000_000)
    yield
    ray.shutdown()


def test_check(texts, expected):
    pages = pa.table({"id": range(len(texts)), "text": texts})
    rows = check(ray.data.from_arrow(pages), keep=["id"], batch_size=16).sort("id").take_all()
    told, scores = expected
    assert rows[0].keys() == {"id", "score", "errors", "warnings", "infos", "rules"}
    assert [row["errors"] + row["warnings"] for row in rows] == told
    assert [row["score"] for row in rows] == pytest.approx(scores, abs=2e-3)


def test_check_in_actors(texts):
    pages = pa.table({"id": range(len(texts)), "text": texts})
    dataset = ray.data.from_arrow(pages).map_batches(
        Check, batch_format="pyarrow", compute=ray.data.ActorPoolStrategy(size=1)
    )
    assert dataset.count() == len(texts)
