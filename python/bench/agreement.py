"""Whether an engine finds across documents what `kanwu audit` finds on one machine, and how fast.

    python agreement.py pages.parquet spark|ray

The file has columns `id`, `text` and `site`. Prints how many lines, copies and passages either
finds, how many both do, and seconds of the clock and of processors.
"""

import json
import os
import subprocess
import sys
import tempfile

import pyarrow as pa
from pyarrow import parquet
from throughput import CORES, local_spark, timed


def audited(file):
    """Lines, copies and passages of an audit, places in characters."""
    with tempfile.TemporaryDirectory() as folder:
        told = os.path.join(folder, "audit.json")
        columns = ["--id-column", "name", "--source-column", "source"]
        command = [sys.executable, "-m", "kanwu", "audit", file, *columns, "--only-repeats"]
        subprocess.run([*command, "--quiet", "--json", told], check=True)
        with open(told, encoding="utf-8") as audit:
            repeats = json.load(audit)["repeats"]
    table = parquet.read_table(file)
    texts = dict(zip(table["id"].to_pylist(), table["text"].to_pylist()))

    def places(passage):
        for name, span in zip(passage["files"], passage["spans"]):
            text = texts[name].encode()
            yield name
            yield from (len(text[:byte].decode()) for byte in span)

    lines = {(x["source"], x["text"], x["documents"], x["at_edge"]) for x in repeats["lines"]}
    copies = {(*x["files"], single(x["alike"]), x["exact"]) for x in repeats["duplicates"]}
    return lines, copies, {(*places(x), x["characters"]) for x in repeats["passages"]}


def single(number):
    """A number of single precision, whichever way it was written."""
    return pa.scalar(number, pa.float32()).as_py()


def named(file, made):
    """Writes the documents in the order of the names that an audit gives them: SITE/NAME."""
    table = parquet.read_table(file)
    sites = table["site"].to_pylist()
    ids = [str(id) for id in table["id"].to_pylist()]
    names = [
        id[len(site) + 1 :] if id.startswith(f"{site}/") else id for id, site in zip(ids, sites)
    ]
    ids = [f"{site}/{name}" for site, name in zip(sites, names)]
    table = pa.table({"id": ids, "name": names, "text": table["text"], "source": sites})
    parquet.write_table(table.sort_by("id"), made)


def by_spark(file):
    """The same, found with Spark."""
    from kanwu.engines.spark_repeats import find

    session = local_spark(driver_memory="3g", sql_shuffle_partitions=str(4 * CORES))
    found = find(session.read.parquet(file).repartition(4 * CORES))
    return gathered(
        found,
        (row.asDict() for row in found.duplicates.collect()),
        (row.asDict() for row in found.passages.collect()),
    )


def by_ray(file):
    """The same, found with Ray."""
    import ray

    from kanwu.engines.ray_repeats import find

    ray.init(
        num_cpus=CORES,
        include_dashboard=False,
        object_store_memory=2_000_000_000,
        logging_level="error",
        log_to_driver=False,
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    found = find(ray.data.from_arrow(parquet.read_table(file)).repartition(4 * CORES))
    return gathered(found, found.duplicates.iter_rows(), found.passages.iter_rows())


def gathered(found, duplicates, passages):
    """Lines, copies and passages as those of an audit."""
    lines = {(x["source"], x["text"], x["documents"], x["at_edge"]) for x in found.profile.lines}
    copies = {(x["a"], x["b"], single(x["alike"]), x["exact"]) for x in duplicates}
    names = ("a", "a_start", "a_end", "b", "b_start", "b_end", "characters")
    return lines, copies, {tuple(x[name] for name in names) for x in passages}


def main():
    file, engine = sys.argv[1:]
    by_engine = {"spark": by_spark, "ray": by_ray}[engine]
    outcomes, seconds = [], []
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "pages.parquet")
        named(file, made)
        for job in (audited, by_engine):
            seconds.append(timed(lambda: outcomes.append(job(made))))
    for name, of_audit, of_engine in zip(("lines", "copies", "passages"), *outcomes):
        common = len(of_audit & of_engine)
        print(f"{name}: audit {len(of_audit)}, {engine} {len(of_engine)}, the same {common}")
        for side, other in ((of_audit, of_engine), (of_engine, of_audit)):
            print(*sorted(side - other)[:3], sep="\n", end="\n" if side - other else "")
    for name, (clock, processors) in zip(("audit", engine), seconds):
        print(f"{name}: {clock:.1f} s by the clock, {processors:.1f} s of processors")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
