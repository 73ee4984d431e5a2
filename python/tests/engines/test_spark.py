import os
import shutil
import sys

import pytest

pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("Spark needs Java", allow_module_level=True)

# the workers are to have what this process has
os.environ["PYSPARK_PYTHON"] = sys.executable

import pyarrow as pa
from pyspark.sql import SparkSession

import kanwu
from kanwu.engines import spark as step


@pytest.fixture(scope="module")
def session():
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def frame(session, texts):
    return session.createDataFrame(list(enumerate(texts)), "id int, text string").repartition(2)


def test_check(frame, expected):
    told, scores = expected
    rows = step.check(frame).orderBy("id").collect()
    assert rows[0].asDict().keys() == {"id", "score", "errors", "warnings", "infos", "rules"}
    assert [row.errors + row.warnings for row in rows] == told
    assert [row.score for row in rows] == pytest.approx(scores, abs=2e-3)
    assert rows[2].rules == {"stray-latin": 2}


def test_findings(frame, texts):
    rows = step.findings(frame).orderBy("id", "start").collect()
    assert [row.rule for row in rows] == [f.rule for text in texts for f in kanwu.check(text)]


def test_score_is_an_expression(frame, expected):
    rows = frame.select("id", step.score("text").alias("score")).orderBy("id").collect()
    assert [row.score for row in rows] == pytest.approx(expected[1], abs=2e-3)


def test_a_report_of_findings(frame, texts):
    linter = kanwu.Linter(level="info")
    documents = pa.table({"id": range(len(texts)), "text": texts})
    found = step.findings(frame, linter=linter).toArrow()
    report = kanwu.report(found, documents)
    assert report == kanwu.report(linter.check_arrow(texts), documents)
    assert report["collection"]["errors"] >= 60
