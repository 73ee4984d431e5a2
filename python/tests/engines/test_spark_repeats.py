"""Spark finds what an audit of the same collection finds on one machine."""

import pytest

from test_spark import session  # noqa: F401  (a fixture)

from collection import collection
from kanwu import repeats
from kanwu.engines.spark_repeats import find


def test_the_same_as_on_one_machine(session, tmp_path):  # noqa: F811
    rows = collection()
    frame = session.createDataFrame(rows, "id string, source string, text string").repartition(3)
    found = find(frame, profile=tmp_path / "spark.profile")
    ids, sources, texts = zip(*rows)
    told = repeats.survey(
        list(texts), ids=ids, sources=sources, profile=tmp_path / "survey.profile"
    )
    assert told["watermarks"] == []
    lines = [{k: v for k, v in line.items() if k != "first"} for line in told["lines"]]
    assert found.lines == lines and len(lines) >= 4
    assert (tmp_path / "spark.profile").read_text() == (tmp_path / "survey.profile").read_text()
    duplicates = [(*d["files"], pytest.approx(d["alike"]), d["exact"]) for d in told["duplicates"]]
    assert [tuple(row) for row in found.duplicates.orderBy("a", "b").collect()] == duplicates
    assert {exact for *_, exact in duplicates} == {True, False}
    passages = [
        (*p["files"], *p["spans"][0], *p["spans"][1], p["characters"]) for p in told["passages"]
    ]
    assert sorted(tuple(row) for row in found.passages.collect()) == sorted(passages)
    assert len(passages) >= 3
