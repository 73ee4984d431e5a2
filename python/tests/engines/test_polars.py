import io

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


def test_streamed_and_sent(texts, expected):
    """The expression is a plugin's: it can be streamed, and sent without a Python function."""
    frame = pl.DataFrame({"text": texts})
    counts = pl.col("text").kanwu.counts(threads=1)
    sent = pl.Expr.deserialize(io.BytesIO(counts.meta.serialize(format="binary")))
    for expression in (counts, sent):
        rows = frame.lazy().select(expression).collect(engine="streaming").unnest("text")
        assert (rows["errors"] + rows["warnings"]).to_list() == expected[0]
    assert (
        frame.lazy().select(counts).collect_schema()["text"] == frame.select(counts)["text"].dtype
    )


def test_settings_and_rows_without_text():
    frame = pl.DataFrame({"text": [None, "由县县政府组织实施，统筹发展 and 安全。"]})
    linter = kanwu.Linter(rules=["stray-latin"], lang="zh")
    counted = frame.select(pl.col("text").kanwu.counts(linter=linter)).unnest("text")
    assert counted["errors"].to_list() == [0, 1]
    assert counted["score"].is_null().to_list() == [True, False]
    [none, [found]] = frame.select(pl.col("text").kanwu.findings(linter=linter))["text"].to_list()
    assert none == []
    assert found["message"] == linter.check(frame["text"][1])[0].message
    empty = pl.DataFrame({"text": []}, schema={"text": pl.String})
    assert empty.select(pl.col("text").kanwu.score()).height == 0


def test_what_cannot_be_checked_is_told():
    with pytest.raises(pl.exceptions.ComputeError, match="Int64 holds no text"):
        pl.DataFrame({"text": [1]}).select(pl.col("text").kanwu.score())
    # settings that hold here may not where the query is run
    expression = pl.col("text").kanwu.score(linter=kanwu.Linter(lang="zh"))
    sent = expression.meta.serialize(format="binary").replace(b'"lang": "zh"', b'"lang": "xx"')
    with pytest.raises(pl.exceptions.ComputeError, match='not "xx"'):
        pl.DataFrame({"text": ["一"]}).select(pl.Expr.deserialize(io.BytesIO(sent)))
