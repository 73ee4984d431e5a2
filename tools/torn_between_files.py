#!/usr/bin/env python3
"""Makes a collection in which text is torn from one file into another, with labels, and scores what `kanwu audit` says of where it belongs.

usage: torn_between_files.py make ARTICLES.txt OUT [--files 2000] [--each 120] [--seed 1]
       torn_between_files.py score OUT AUDIT.json

ARTICLES    a paragraph a line, a blank line between articles
OUT         gets files/SOURCE/NUMBER.txt and gold.jsonl, a label a line

sentence, paragraph     stands in another article, its home lacks it
torn                    the rest of a paragraph, from inside a sentence, stands as a paragraph of another article
split                   an article is cut inside a sentence, the rest is another file: the next one, or any
stranger                a paragraph of an article that is not in the collection: it has no home
lost-end, lost-start    an article is cut inside a sentence, the rest is nowhere
Half of the articles of a collection that are damaged are so once; most are not damaged.
"""
import argparse, collections, json, os, random, re

ap = argparse.ArgumentParser()
ap.add_argument('what', choices=['make', 'score']); ap.add_argument('one'); ap.add_argument('two')
ap.add_argument('--files', type=int, default=2000); ap.add_argument('--each', type=int, default=120); ap.add_argument('--seed', type=int, default=1)
args = ap.parse_args()
SENTENCE = re.compile(r'[^。！？]*[。！？]+[”’」』）]*')

def make():
    R = random.Random(args.seed)
    text = open(args.one, encoding='utf8').read()
    articles = [a.strip('\n').split('\n') for a in text.split('\n\n') if 600 <= len(a) <= 8000]
    articles = [a for a in articles if len(a) >= 6 and sum(len(p) >= 60 for p in a) >= 4]
    R.shuffle(articles)
    out = articles[args.files:args.files + 400]
    articles = articles[:args.files]
    gold, order = [], list(range(len(articles)))
    R.shuffle(order)
    order = iter(order)
    running = lambda a, least=60: [i for i in range(1, len(a)) if len(a[i]) >= least and a[i][-1] in '。！？”']
    pieces = {}                                # the second half of a split article
    def inside(p):
        """A place inside a sentence: not beside a mark."""
        places = [i for i in range(12, len(p) - 12) if all(c.isalnum() for c in p[i - 3:i + 3])]
        return R.choice(places) if places else None
    def between(a): return R.randrange(2, len(a))
    made = collections.Counter()
    kinds = ['sentence', 'paragraph', 'torn', 'split', 'stranger', 'lost-end', 'lost-start']
    while any(made[k] < args.each for k in kinds):
        kind = min(kinds, key=lambda k: made[k])
        a = next(order, None)
        if a is None: break
        A = articles[a]
        where = running(A)
        if not where: continue
        at = R.choice(where)
        if kind == 'stranger':
            S = R.choice(out)
            w = running(S)
            if not w: continue
            p = S[R.choice(w)]
            A.insert(between(A), p); gold.append(dict(kind=kind, file=a, text=p, home=None))
        elif kind in ('lost-end', 'lost-start', 'split'):
            cut = inside(A[at])
            if cut is None: continue
            head, tail = A[:at] + [A[at][:cut]], [A[at][cut:]] + A[at + 1:]
            if kind == 'lost-end': articles[a] = head; gold.append(dict(kind=kind, file=a, text=head[-1], home=None))
            elif kind == 'lost-start': articles[a] = tail; gold.append(dict(kind=kind, file=a, text=tail[0], home=None))
            else:
                articles[a] = head; pieces[a] = tail
                gold.append(dict(kind='split', file=a, text=head[-1], home=('piece', a), rest=tail[0]))
        else:
            b = next(order, None)
            if b is None: break
            B = articles[b]
            if kind == 'sentence':
                s = [m.group() for m in SENTENCE.finditer(A[at])]
                s = [x for x in s if len(x) >= 20]
                hosts = [i for i in running(B) if len(SENTENCE.findall(B[i])) >= 3]
                if not s or len(SENTENCE.findall(A[at])) < 2 or not hosts: continue
                p = R.choice(s); h = R.choice(hosts)
                ends = [m.end() for m in SENTENCE.finditer(B[h])][:-1]
                cut = R.choice(ends)
                A[at] = A[at].replace(p, '', 1); B[h] = B[h][:cut] + p + B[h][cut:]
            elif kind == 'paragraph':
                p = A.pop(at); B.insert(between(B), p)
            else:
                cut = inside(A[at])
                if cut is None: continue
                p = A[at][cut:]; A[at] = A[at][:cut]; B.insert(between(B), p)
            gold.append(dict(kind=kind, file=b, text=p, home=a))
            if kind == 'torn': gold[-1]['end'] = A[at]
        made[kind] += 1
    files = [('whole', i) for i in range(len(articles))]
    R.shuffle(files)
    for n, a in enumerate(sorted(pieces)):      # every other one right behind its first half
        at = files.index(('whole', a)) + 1 if n % 2 else R.randrange(len(files))
        files.insert(at, ('piece', a))
    name = {f: f'{"abcd"[n * 4 // len(files)]}/{n:05d}.txt' for n, f in enumerate(files)}
    for f in files:
        lines = articles[f[1]] if f[0] == 'whole' else pieces[f[1]]
        path = f'{args.two}/files/{name[f]}'
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, 'w', encoding='utf8').write('\n'.join(lines) + '\n')
    with open(f'{args.two}/gold.jsonl', 'w', encoding='utf8') as f:
        for g in gold:
            h = g['home']
            g['home'] = None if h is None else name[tuple(h)] if isinstance(h, tuple) else name[('whole', h)]
            g['file'] = name[('whole', g['file'])]
            f.write(json.dumps(g, ensure_ascii=False) + '\n')
    print(len(files), 'files', dict(made))

def score():
    audit = json.load(open(args.two, encoding='utf8'))
    gold = [json.loads(l) for l in open(f'{args.one}/gold.jsonl', encoding='utf8')]
    short = lambda p: '/'.join(p.split('/')[-2:])
    said = collections.defaultdict(list)
    for h in audit['repeats'].get('homes', []): said[short(h['files'][0])].append((short(h['files'][1]), h))
    true = set()
    found, all_of = collections.Counter(), collections.Counter(g['kind'] for g in gold)
    for g in gold:
        if g['home'] is None: continue
        sides = [(g['file'], g['home'])]
        if g['kind'] in ('torn', 'split'): sides.append((g['home'], g['file']))
        for a, b in sides: true.add((a, b))
        found[g['kind']] += any(h[0] == b for a, b in sides for h in said[a])
    for k in all_of:
        if any(g['kind'] == k and g['home'] for g in gold): print(f'{k}: {found[k]} of {all_of[k]}')
    right = [(f, o, h) for f, l in said.items() for o, h in l if (f, o) in true]
    wrong = [(f, o, h) for f, l in said.items() for o, h in l if (f, o) not in true]
    by = lambda l: dict(collections.Counter(h['kind'] for _, _, h in l))
    print(f'told: {len(right)} right {by(right)}, {len(wrong)} wrong {by(wrong)}')
    damaged = {g['file']: g['kind'] for g in gold}
    for f, o, h in wrong[:40]: print('  wrong', f, o, damaged.get(f, 'undamaged'), json.dumps(h, ensure_ascii=False)[:400])

make() if args.what == 'make' else score()
