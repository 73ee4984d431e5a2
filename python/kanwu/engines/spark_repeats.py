"""What repeats across the documents of a Spark frame, as ``kanwu audit`` finds it on one machine.

Spark counts and groups; kanwu reads the texts and judges what met. Planted phrases and words
written wrong again and again are not looked for here.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Tuple

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kanwu.engines import _repeats
from kanwu.profile import Profile
from kanwu.repeats import Reader, learn, needed


class Repeats(NamedTuple):
    """What was found; the order of documents is that of their ids."""

    profile: Profile
    """The lines of sources."""
    duplicates: DataFrame
    """``a string, b string, alike float, exact boolean``."""
    passages: DataFrame
    """``a, b string, a_start, a_end, b_start, b_end, characters int``: places in characters."""


def find(
    frame: DataFrame, *, id: str = "id", text: str = "text", source: str = "source"
) -> Repeats:
    """Looks for lines of sources, copies and shared passages."""
    documents = frame.select(
        F.col(id).cast("string").alias("id"),
        F.col(text).cast("string").alias("text"),
        F.col(source).cast("string").alias("source"),
    ).persist(StorageLevel.MEMORY_AND_DISK)
    counts = {row["source"]: row["count"] for row in documents.groupBy("source").count().collect()}
    reader = _reader(documents, counts)
    profile = learn(_counted(documents, reader), counts)
    signed = _signed(documents, reader).persist(StorageLevel.MEMORY_AND_DISK)
    copies = _exact(signed)
    heads = signed.join(copies.select(F.col("b").alias("id")), "id", "left_anti")
    duplicates = copies.unionByName(_alike(heads, documents, reader))
    duplicates = duplicates.persist(StorageLevel.MEMORY_AND_DISK)
    passages = _passages(heads, duplicates, documents, reader)
    return Repeats(profile, duplicates, passages)


Batches = Iterable[pa.RecordBatch]


def _mapped(frame: DataFrame, schema: str, step: Callable[..., pa.Table], *more: Any) -> DataFrame:
    """The frame through a step."""

    def each(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from step(batch, *more).to_batches()

    return frame.mapInArrow(each, schema)


def _reader(documents: DataFrame, counts: Dict[str, int]) -> Reader:
    """Knows the lines that stand in many documents of a source."""
    keys = _mapped(documents, "source string, keys array<bigint>", _repeats.line_keys)
    counted = keys.select("source", F.explode("keys").alias("key")).groupBy("source", "key").count()
    least = documents.sparkSession.createDataFrame(
        [(name, needed(count)) for name, count in counts.items()], "source string, least int"
    )
    often = counted.join(F.broadcast(least), "source").filter("count >= least")
    return Reader((row["source"], row["key"]) for row in often.select("source", "key").collect())


def _counted(documents: DataFrame, reader: Reader) -> List[Tuple[Any, ...]]:
    """How often each recurring line stands in its source, and where."""
    schema = (
        "id string, source string, "
        "lines array<struct<key: bigint, is_label: boolean, label: bigint, at_edge: boolean, "
        "line: string>>"
    )
    lines = _mapped(documents, schema, _repeats.lines, reader)
    counted = (
        lines.select("id", "source", F.inline("lines"))
        .groupBy("source", "key", "is_label")
        .agg(
            F.min_by(F.struct("label", "line"), "id").alias("first"),
            F.count("*").alias("documents"),
            F.sum(F.col("at_edge").cast("int")).alias("edge"),
            (F.count_distinct("line") > 1).alias("varies"),
        )
    )
    order = ("source", "key", "is_label", "first.label", "documents", "edge", "varies")
    return [tuple(row) for row in counted.select(*order, "first.line").collect()]


def _signed(documents: DataFrame, reader: Reader) -> DataFrame:
    schema = (
        "id string, characters int, whole bigint, bands array<bigint>, "
        "prints array<bigint>, prints_at array<int>"
    )
    return _mapped(documents, schema, _repeats.signed, reader)


def _exact(signed: DataFrame) -> DataFrame:
    """Documents that are the same to the letter, each with the first one."""
    same = signed.filter("whole != 0").groupBy("whole", "characters")
    groups = same.agg(F.sort_array(F.collect_list("id")).alias("ids")).filter(F.size("ids") > 1)
    pairs = groups.select(
        F.col("ids")[0].alias("a"), F.explode(F.expr("slice(ids, 2, size(ids))")).alias("b")
    )
    return pairs.select(
        "a", "b", F.lit(1.0).cast("float").alias("alike"), F.lit(True).alias("exact")
    )


def _alike(heads: DataFrame, documents: DataFrame, reader: Reader) -> DataFrame:
    """Documents that met in a band and are copies."""
    bands = heads.select("id", F.posexplode("bands").alias("band", "hash"))
    groups = bands.groupBy("band", "hash").agg(F.collect_list("id").alias("ids"))
    groups = groups.filter(F.size("ids") > 1).select("ids")
    pairs = _mapped(groups, "a string, b string", _repeats.pairs).distinct()
    judged = _mapped(
        _with_texts(pairs, documents), "a string, b string, alike float", _repeats.alike, reader
    )
    return judged.withColumn("exact", F.lit(False))


def _passages(
    heads: DataFrame, duplicates: DataFrame, documents: DataFrame, reader: Reader
) -> DataFrame:
    """Passages of documents that share fingerprints and are no copies."""
    prints = heads.select("id", F.inline(F.arrays_zip("prints", "prints_at")))
    having = F.collect_list(F.struct("id", F.col("prints_at").alias("at"))).alias("met")
    groups = prints.groupBy("prints").agg(having).filter(F.size("met") > 1)
    groups = groups.select(F.col("met.id").alias("ids"), F.col("met.at").alias("places"))
    met = _mapped(groups, "a string, b string, a_at int, b_at int", _repeats.meetings)
    met = met.join(duplicates.select("a", "b"), ["a", "b"], "left_anti")
    places = F.collect_list(F.struct("a_at", "b_at")).alias("places")
    pairs = met.groupBy("a", "b").agg(places).select("a", "b", "places.a_at", "places.b_at")
    schema = "a string, b string, a_start int, a_end int, b_start int, b_end int, characters int"
    return _mapped(_with_texts(pairs, documents), schema, _repeats.passages, reader)


def _with_texts(pairs: DataFrame, documents: DataFrame) -> DataFrame:
    """Pairs of ids, each with its text and source."""
    for side in ("a", "b"):
        texts = documents.select(
            F.col("id").alias(side),
            F.col("text").alias(f"{side}_text"),
            F.col("source").alias(f"{side}_source"),
        )
        pairs = pairs.join(texts, side)
    return pairs
