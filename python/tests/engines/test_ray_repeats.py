"""Ray finds what an audit of the same collection finds on one machine."""

from test_ray import cluster, pa, ray  # noqa: F401  (a fixture)

from agreement import assert_the_same
from collection import collection
from kanwu.engines.ray_repeats import find


def test_the_same_as_on_one_machine():
    ids, sources, texts = (list(column) for column in zip(*collection()))
    table = pa.table({"id": ids, "source": sources, "text": texts})
    found = find(ray.data.from_arrow(table).repartition(3), parts=2)
    assert_the_same(found.profile, found.duplicates.take_all(), found.passages.take_all())


def test_nothing_is_found_where_nothing_repeats():
    table = pa.table({"id": ["a", "b"], "source": ["s", "s"], "text": ["一切都好。", "明天见。"]})
    found = find(ray.data.from_arrow(table), parts=2)
    assert found.profile.lines == []
    assert found.duplicates.take_all() == found.passages.take_all() == []
