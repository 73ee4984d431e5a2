"""How fast each engine is without kanwu, and with it.

    python throughput.py pages.parquet [--rounds 3] [engine …]

The file has columns `id` and `text`. In each round kanwu alone, the engine by itself with the same
columns (identity), the engine with one rule of kanwu, and the engine with all of kanwu run one
after the other, so that whatever else the machine does meets all of them; the median of the rounds
is told, as a Markdown table.

Seconds are those of processors, summed over all processes of the job: on a machine that has other
work they say more than those of the clock, which are told beside them.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from importlib import metadata

import pyarrow as pa
from pyarrow import compute, parquet

import kanwu

CORES = os.cpu_count() or 1
TICK = os.sysconf("SC_CLK_TCK")
RULE = kanwu.Linter(rules="mojibake", skim=True)


def processor_seconds():
    """Those of this process and of all below it, of those that have ended too."""
    parents, seconds = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(name)] = int(fields[1])
        seconds[int(name)] = sum(map(int, fields[11:15])) / TICK
    below = {os.getpid()}
    while more := {p for p, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(seconds[process] for process in below)


def timed(job):
    """Seconds of the clock and of processors."""
    begin, before = time.perf_counter(), processor_seconds()
    job()
    return time.perf_counter() - begin, processor_seconds() - before


def polars(file):
    """Nothing but expressions: what they cost beside a length."""
    import polars as pl

    import kanwu.engines.polars  # noqa: F401

    frame = pl.scan_parquet(file)

    def with_kanwu(linter):
        frame.select("id", pl.col("text").kanwu.counts(linter=linter)).collect()

    return lambda: frame.select("id", pl.col("text").str.len_bytes()).collect(), with_kanwu


def duckdb(file):
    """A function of Arrow vectors in SQL."""
    import duckdb as engine

    from kanwu.engines.duckdb import register

    def connected():
        connection = engine.connect()
        lengths = lambda texts: compute.binary_length(texts)  # noqa: E731
        connection.create_function("kanwu", lengths, ["VARCHAR"], "INTEGER", type="arrow")
        return connection

    def run(connection):
        connection.sql(f"select id, kanwu(text) from '{file}'").fetchall()

    def with_kanwu(linter):
        connection = engine.connect()
        register(connection, linter=linter, threads=CORES)
        run(connection)

    return lambda: run(connected()), with_kanwu


def local_spark(**settings):
    """A session of Spark on this machine; `driver_memory` is `spark.driver.memory`."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.master(f"local[{CORES}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
    )
    for name, value in settings.items():
        builder = builder.config("spark." + name.replace("_", "."), value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def spark(file):
    """`mapInArrow` in Python workers."""
    from kanwu.engines.spark import check

    frame = local_spark().read.parquet(file).repartition(4 * CORES).persist()
    frame.count()

    def identity(batches):
        for batch in batches:
            yield batch.select(["id"])

    def write(made):
        made.write.format("noop").mode("overwrite").save()

    return (
        lambda: write(frame.mapInArrow(identity, "id string")),
        lambda linter: write(check(frame, linter=linter)),
    )


def ray(file):
    """`map_batches` on Arrow blocks, in tasks."""
    # workers of Ray give way to whatever else a machine does, which the rest here does not
    os.environ.setdefault("RAY_worker_niceness", "0")
    import ray as engine

    from kanwu.engines.ray import check

    engine.init(
        num_cpus=CORES,
        include_dashboard=False,
        object_store_memory=500_000_000,
        logging_level="error",
        log_to_driver=False,
    )
    engine.data.DataContext.get_current().enable_progress_bars = False
    table = parquet.read_table(file)
    data = engine.data.from_arrow(table).repartition(4 * CORES).materialize()
    identity = lambda batch: batch.select(["id"])  # noqa: E731

    return (
        lambda: data.map_batches(
            identity, batch_format="pyarrow", batch_size=None, zero_copy_batch=True
        ).materialize(),
        lambda linter: check(data, keep=["id"], batch_size=None, linter=linter).materialize(),
    )


def datasets(file):
    """`map` with batches, in processes."""
    import datasets as engine

    from kanwu.engines.datasets import check

    engine.disable_progress_bars()
    engine.disable_caching()
    data = engine.Dataset(parquet.read_table(file))

    def identity(batch):
        return pa.table({"bytes": compute.binary_length(batch["text"])})

    arrow = data.with_format("arrow")
    return (
        lambda: arrow.map(identity, batched=True, num_proc=CORES),
        lambda linter: check(data, num_proc=CORES, linter=linter),
    )


def datatrove(file):
    """A pipeline with one task."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.utils.logging import logger

    from kanwu.engines.datatrove import KanwuAnnotate

    logger.remove()
    folder, name = os.path.split(os.path.abspath(file))
    reader = ParquetReader(folder, glob_pattern=name)

    def run(*steps):
        with tempfile.TemporaryDirectory() as logs:
            LocalPipelineExecutor([reader, *steps], logging_dir=logs).run()

    return run, lambda linter: run(KanwuAnnotate(linter))


def data_juicer(file):
    """The statistics of an operator, in one process."""
    from data_juicer.core.data import NestedDataset
    from data_juicer.utils.constant import Fields
    from datasets import Dataset, disable_caching, disable_progress_bars

    from kanwu.engines.data_juicer import KanwuFilter

    disable_progress_bars()
    disable_caching()
    data = NestedDataset(Dataset(parquet.read_table(file)))
    data = data.add_column(Fields.stats, [{}] * len(data))

    def with_kanwu(linter):
        operator = KanwuFilter()
        operator.linter = linter
        data.map(operator.compute_stats, batched=True, batch_size=256)

    def identity(samples):
        for stats, text in zip(samples[Fields.stats], samples["text"]):
            stats["length"] = len(text)
        return samples

    return lambda: data.map(identity, batched=True, batch_size=256), with_kanwu


ENGINES = {
    "polars": (polars, "polars"),
    "duckdb": (duckdb, "duckdb"),
    "spark": (spark, "pyspark"),
    "ray": (ray, "ray"),
    "datasets": (datasets, "datasets"),
    "datatrove": (datatrove, "datatrove"),
    "data-juicer": (data_juicer, "py-data-juicer"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file")
    parser.add_argument("engines", nargs="*", metavar="engine", help=", ".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    texts = parquet.read_table(arguments.file).column("text")
    size = compute.sum(compute.binary_length(texts)).as_py() / 1e6
    linter = kanwu.Linter()
    linter.check("先把模型读好。")
    print(f"{size:.1f} MB in {len(texts)} texts, {CORES} processors, kanwu {kanwu.__version__}")
    print("| engine | identity | one rule | kanwu | kanwu alone | of it | by the clock | load |")
    print("|---|---|---|---|---|---|---|---|")
    for name in arguments.engines or ENGINES:
        engine, package = ENGINES[name]
        identity, with_kanwu = engine(arguments.file)
        jobs = {
            "alone": lambda: linter.check_batch(texts, threads=CORES),
            "identity": identity,
            "rule": lambda: with_kanwu(RULE),
            "kanwu": lambda: with_kanwu(linter),
        }
        # whatever is made once is made before
        for job in ("identity", "rule"):
            jobs[job]()
        rounds = [{job: timed(jobs[job]) for job in jobs} for _ in range(arguments.rounds)]

        def median(of):
            return statistics.median(map(of, rounds))

        def speed(job):
            return f"{median(lambda r: size / max(r[job][1], 1 / TICK)):.1f}"

        cells = [
            f"{name} {metadata.version(package)}",
            *(speed(job) for job in ("identity", "rule", "kanwu", "alone")),
            f"{median(lambda r: r['alone'][1] / r['kanwu'][1]):.2f}",
            f"{median(lambda r: r['alone'][0] / r['kanwu'][0]):.2f}",
            f"{os.getloadavg()[0]:.1f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
