import pytest

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")

import kanwu
from kanwu.engines.duckdb import register


@pytest.fixture
def connection(texts):
    connection = duckdb.connect()
    register(connection, threads=2)
    pages = pa.table({"id": range(len(texts)), "text": texts})
    connection.register("pages", pages)
    return connection


def test_counts_and_score(connection, expected):
    told, scores = expected
    rows = connection.sql(
        "select k.errors + k.warnings, k.score, kanwu_score(text), k.rules['stray-latin'] "
        "from (select id, text, kanwu(text) as k from pages) order by id"
    ).fetchall()
    assert [row[0] for row in rows] == told
    assert [row[1] for row in rows] == pytest.approx(scores, abs=2e-3)
    assert [row[2] for row in rows] == [row[1] for row in rows]
    assert rows[2][3] == 2


def test_findings_and_fix(connection, texts):
    rules = connection.sql(
        "select f.rule, f.start, id from "
        "(select id, unnest(kanwu_findings(text)) as f from pages) order by id, f.start"
    ).fetchall()
    assert [rule for rule, _, _ in rules] == [f.rule for t in texts for f in kanwu.check(t)]
    fixed = connection.sql("select kanwu_fix('统筹发展\u200b和安全。')").fetchall()
    assert fixed == [("统筹发展和安全。",)]
