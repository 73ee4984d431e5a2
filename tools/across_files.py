#!/usr/bin/env python3
"""Scores what `kanwu audit` says across files against labels, with three other tools for near duplicates beside it in the same run.

usage: across_files.py COLLECTION GOLD.jsonl [--kanwu PROGRAM] [--only kanwu,rensa,datasketch,datatrove]

Needs rensa, datasketch and datatrove (pip; with jieba, regex, spacy, tokenizers), which are compared with.

COLLECTION  a folder of folders of texts; a folder is a source
GOLD        a label a line: {"kind": "duplicate-exact" | "duplicate-near", "docs": [A, B]}, {"kind": "shared-passage", "docs": [A, B], "spans": [[start, end], …]} in bytes,
            {"kind": "site-boilerplate", "site": S, "lines": [L, …]} with {…} for what varies, {"kind": "watermark", "text": T, "docs": [A, …]}.
            A document is SOURCE/NAME without its ending.

A pair of documents is true where it was planted or where half of the runs of five characters are common (Jaccard), the planted lines left out; recall is over
all true pairs that any of the tools names; a wrong pair has less than .45 in common. Seconds are of the processor, of the whole process with reading; rensa and datasketch are given their shingles by Python, datatrove cuts the texts into words (jieba).
"""
import argparse, glob, json, os, re, resource, subprocess, sys, tempfile, time

ap = argparse.ArgumentParser()
ap.add_argument('collection'); ap.add_argument('gold')
ap.add_argument('--kanwu', default='kanwu'); ap.add_argument('--only', default='kanwu,rensa,datasketch,datatrove')
args = ap.parse_args()
GOLD = [json.loads(l) for l in open(args.gold, encoding='utf8')]
key = lambda docs: tuple(sorted(docs))
of = lambda *kinds: [g for g in GOLD if g['kind'] in kinds]
exact, near = ({key(g['docs']) for g in of(k)} for k in ('duplicate-exact', 'duplicate-near'))
# a label with a name that varies, or a line with numbers that vary, is written as kanwu writes it
shape = lambda l: re.sub(r'\d+', '#', re.sub(r'\{name\}$', '*', re.sub(r'\{n\d\}', '0', l)).replace('{', '').replace('}', ''))
planted_lines = {(g['site'], shape(re.sub(r'(\{n\d\})+', '0', l))) for g in of('site-boilerplate') for l in g['lines']}
PATTERNS = [re.compile('^' + '.*'.join(map(re.escape, re.split(r'\{[^}]*\}', l))) + '$', re.M) for g in of('site-boilerplate') for l in g['lines']]
paths = {f'{os.path.basename(os.path.dirname(p))}/{os.path.basename(p)[:-4]}': p for p in sorted(glob.glob(f'{args.collection}/*/*.txt'))}

def body(text):
    for p in PATTERNS: text = p.sub('', text)
    return ''.join(c for c in text if c.isalnum())
def shingles(text):
    text = ''.join(c for c in text if c.isalnum())
    return {text[i:i + 5] for i in range(max(1, len(text) - 4))}
def jaccard(a, b):
    a, b = (shingles(body(open(paths[d], encoding='utf8').read())) for d in (a, b))
    return len(a & b) / max(1, len(a | b))

def documents():
    for name, path in paths.items():
        yield name, shingles(open(path, encoding='utf8').read())
def by_rensa():
    from rensa import RMinHash, RMinHashLSH
    lsh, hashes, names, found = RMinHashLSH(threshold=.6, num_perm=128, num_bands=32), [], [], []
    for i, (name, s) in enumerate(documents()):
        m = RMinHash(num_perm=128, seed=1); m.update(list(s))
        found += [(names[j], name) for j in lsh.query(m) if hashes[j].jaccard(m) >= .5]
        lsh.insert(i, m); hashes.append(m); names.append(name)
    return found
def by_datasketch():
    from datasketch import MinHash, MinHashLSH
    lsh, found = MinHashLSH(threshold=.6, num_perm=128), []
    for name, s in documents():
        m = MinHash(num_perm=128); m.update_batch([x.encode() for x in s])
        found += [(other, name) for other in lsh.query(m)]
        lsh.insert(name, m)
    return found
def by_datatrove():
    """Its minhash stages one after the other in one process, as its example sets them up, with its words of Chinese; documents that meet in a bucket are pairs."""
    import struct
    from loguru import logger
    from datatrove.data import Document
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets, MinhashDedupSignature
    logger.disable('datatrove')
    config, names, found = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8), list(paths), set()
    with tempfile.TemporaryDirectory() as folder:
        texts = (Document(text=open(paths[name], encoding='utf8').read(), id=name) for name in names)
        MinhashDedupSignature(output_folder=f'{folder}/signatures', config=config, language='cmn_Hani').run(texts, 0, 1)
        for bucket in range(config.num_buckets):
            MinhashDedupBuckets(input_folder=f'{folder}/signatures', output_folder=f'{folder}/buckets', config=config).run(None, bucket, config.num_buckets)
        for path in glob.glob(f'{folder}/buckets/**/*.dups', recursive=True):
            with open(path, 'rb') as file: found |= {(names[a], names[b]) for _, a, _, b in struct.iter_unpack('<4I', file.read())}
    return sorted(found)
def child(tool):
    """Runs a tool in a process of its own: its pairs, seconds of the processor, megabytes."""
    begun = time.time()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        with os.fdopen(write, 'w') as out: json.dump(tool(), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe: found = json.load(pipe)
    _, status, used = os.wait4(pid, 0)
    if status: sys.exit(f'{tool.__name__} failed')
    return found, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, time.time() - begun

audit = None
def by_kanwu():
    name = lambda file: '/'.join(file.split('/')[-2:])[:-4]
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([args.kanwu, 'audit', args.collection, '--only-repeats', '--no-config', '--quiet', '--json', out.name], check=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        repeats = json.load(open(out.name, encoding='utf8'))['repeats']
    pairs = [[name(f) for f in d['files']] for d in repeats['duplicates']]
    return dict(pairs=pairs, repeats=repeats, seconds=used.ru_utime + used.ru_stime, memory=used.ru_maxrss / 1024)

size = sum(os.path.getsize(p) for p in paths.values())
rows = {}
for tool in args.only.split(','):
    found, seconds, memory, wall = child(globals()[f'by_{tool}'])
    if tool == 'kanwu':
        audit = found['repeats']; seconds, memory, found = found['seconds'], found['memory'], found['pairs']
    rows[tool] = ({key(p) for p in found}, seconds, memory, wall)
every = set().union(exact, near, *(r[0] for r in rows.values()))
alike = {p: jaccard(*p) for p in every}
true = {p for p in every if p in exact | near or alike[p] >= .5}
print(f'{len(paths)} documents, {size / 1e6:.1f} MB; {len(true)} true pairs, {len(true - exact - near)} of them not planted\n')
print('| tool | exact | near | all true | Jaccard ≥ .7 | wrong | seconds of the processor | MB/s | memory |\n|---|---|---|---|---|---|---|---|---|')
for tool, (pairs, seconds, memory, wall) in rows.items():
    most = {p for p in true if alike[p] >= .7}
    print(f'| {tool} | {len(pairs & exact)} of {len(exact)} | {len(pairs & near)} of {len(near)} | {len(pairs & true) / len(true):.3f} | {len(pairs & most) / len(most):.3f} '
          f'| {sum(alike[p] < .45 for p in pairs - true)} | {seconds:.1f} | {size / 1e6 / seconds:.1f} | {memory:.0f} MB |')
if audit is None: sys.exit()
name = lambda file: '/'.join(file.split('/')[-2:])[:-4]
spans = {}
for p in audit['passages']:
    spans.setdefault(key(map(name, p['files'])), []).append({name(f): s for f, s in zip(p['files'], p['spans'])})
overlap = lambda a, b: max(0, min(a[1], b[1]) - max(a[0], b[0])) / max(1, max(a[1], b[1]) - min(a[0], b[0]))
gold = [g for g in of('shared-passage') if None not in g['spans']]
best = [max((min(overlap(f[d], s) for d, s in zip(g['docs'], g['spans'])) for f in spans.get(key(g['docs']), [])), default=0) for g in gold]
print(f'\npassages: {sum(b > .5 for b in best)} of {len(gold)}, overlap {sum(best) / max(1, len(best)):.3f}; {len(audit["passages"])} told of in all')
masked = [(l['source'].split('/')[-1], l['text'], l['documents'], l['at_edge'], l['of']) for l in audit['lines'] if l['masked']]
hit = {(s, shape(t)) for s, t, *_ in masked} & planted_lines
print(f'lines: {len(hit)} of {len(planted_lines)} planted; {len(masked) - len(hit)} others masked, {sum(not l["masked"] for l in audit["lines"])} told of and left')
for s, t, n, e, of_ in masked:
    if (s, shape(t)) not in planted_lines: print(f'    {s}: {t} ({n} of {of_}, {e} at the edge)')
for line in planted_lines - hit: print('    missed:', *line)
for g in of('watermark'):
    w = [w for w in audit['watermarks'] if w['text'] == g['text']]
    print(f'watermark: {w[0]["documents"] if w else 0} of {len(g["docs"])} documents; others: {[x["text"] for x in audit["watermarks"] if x["text"] != g["text"]]}')
print(f'wrong words again and again: {[(c["wrong"], c["right"], c["times"], c["right_times"]) for c in audit.get("confusions", [])]}')
