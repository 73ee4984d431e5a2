import pytest

pl = pytest.importorskip("polars")

import kanwu
import kanwu.engines.polars  # noqa: F401  (registers the namespace)


def test_counts_and_score(texts, expected):
    frame = pl.DataFrame({"text": texts})
    told, scores = expected
    counted = frame.select(pl.col("text").kanwu.counts()).unnest("text")
    assert (counted["errors"] + counted["warnings"]).to_list() == told
    lazy = frame.lazy().with_columns(score=pl.col("text").kanwu.score(threads=1)).collect()
    assert [round(s, 3) for s in lazy["score"].to_list()] == pytest.approx(scores, abs=2e-3)


def test_findings_can_be_exploded(texts):
    frame = pl.DataFrame({"id": range(len(texts)), "text": texts})
    found = (
        frame.lazy()
        .select("id", found=pl.col("text").kanwu.findings())
        .explode("found")
        .drop_nulls("found")
        .unnest("found")
        .collect()
    )
    assert found["rule"].to_list() == [f.rule for text in texts for f in kanwu.check(text)]


def test_fix():
    frame = pl.DataFrame({"text": ["统筹发展\u200b和安全。", None]})
    assert frame.select(pl.col("text").kanwu.fix())["text"].to_list() == ["统筹发展和安全。", None]
