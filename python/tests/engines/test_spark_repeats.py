"""Spark finds what an audit of the same collection finds on one machine."""

from test_spark import session  # noqa: F401  (a fixture)

from agreement import assert_the_same
from collection import collection
from kanwu.engines.spark_repeats import find


def test_the_same_as_on_one_machine(session):  # noqa: F811
    rows = collection()
    frame = session.createDataFrame(rows, "id string, source string, text string").repartition(3)
    found = find(frame)
    duplicates = [row.asDict() for row in found.duplicates.collect()]
    passages = [row.asDict() for row in found.passages.collect()]
    assert_the_same(found.profile, duplicates, passages)
