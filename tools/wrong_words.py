#!/usr/bin/env python3
"""Writes rules/spelling/known-wrong-words.tsv and rules/script/wrong-conversions-*.tsv from public lists, from frequent words and from counts in clean text.

usage: wrong_words.py --lists DIR --text DIR --pairs DIR --characters model/lists --reviewed tools/wrong_words_reviewed.tsv --counts DIR --out rules

Needs numpy. The same input gives the same files.

--lists     known/wrong_words.tsv and known/wrong_conversions.tsv (wrong, right, kind, class …), other lists of pairs, lists of words
--text      clean text, a file a domain (GROUPS below); from it only counts are taken, kept in --counts
--pairs     aligned damaged and right text (JSON lines with src and tgt), which say what kinds of made forms occur

A form of a public list is kept if clean text hardly has it: where some register uses it, it was read in context (--reviewed). Made forms are frequent words
with one character replaced by one that sounds or looks like it, where no text has the form; of those the kinds that damaged text shows most often for the
places where one half of the text has a form that the other half has not.
"""
import argparse, collections, json, math, os
import numpy as np

ap = argparse.ArgumentParser()
for name in ('lists', 'text', 'pairs', 'characters', 'reviewed', 'counts', 'out'):
    ap.add_argument('--' + name, required=True)
ap.add_argument('--made', type=int, default=32000, help='how many made forms')
args = ap.parse_args()

GROUPS = {
    'news': ['qqnews', 'xwlb', 'news2000s', 'finance'],
    'law': ['laws'],
    'prose': ['essay', 'education', 'qa', 'dialogue', 'tech', 'encyclopedia', 'medicine'],
    'fiction': ['fiction'],
    'classic': ['classic_novel', 'classical', 'classical_translated', 'tcm'],
    'trad': ['hk_news_trad', 'tw_law_trad', 'tech_trad', 'fiction_trad'],
}
NAMES = list(GROUPS)
BLOCK = 200_000  # characters of a block; even blocks are one half of the text, odd ones the other
han = lambda s: s != '' and all('\u4e00' <= c <= '\u9fff' for c in s)
parts = lambda w: (w[i:i + n] for n in (2, 3, 4, 5) for i in range(len(w) - n + 1))

# ---- counts of n-grams, by group and half

def count():
    """Sorted keys (13 bits a character) and counts of the n-grams of each group and half."""
    def load(group):
        arrays = []
        for name in GROUPS[group]:
            text = open(os.path.join(args.text, name + '.txt'), 'rb').read().decode('utf8', 'ignore')
            codes = np.frombuffer(text.encode('utf-32-le', 'ignore'), np.uint32)
            arrays += [np.where((codes >= 0x4e00) & (codes <= 0x9fff), codes, 0).astype(np.uint16), np.zeros(4, np.uint16)]
        return np.concatenate(arrays)
    texts = {group: load(group) for group in GROUPS}
    total = sum(np.bincount(text, minlength=0x10000) for text in texts.values())
    total[0] = 0
    order = np.argsort(-total, kind='stable')
    order = order[total[order] > 0][:8190]
    numbers = np.zeros(0x10000, np.uint16)
    numbers[order] = np.arange(1, len(order) + 1)
    np.save(os.path.join(args.counts, 'ids.npy'), numbers)
    for group, text in texts.items():
        x = numbers[text].astype(np.uint64)
        half = (np.arange(len(x)) // BLOCK) % 2
        for h in (0, 1):
            y = np.where(half == h, x, np.uint64(0))
            for n in (1, 2, 3, 4):
                key, ok = np.zeros(len(x) - n + 1, np.uint64), np.ones(len(x) - n + 1, bool)
                for j in range(n):
                    s = y[j:len(x) - n + 1 + j]
                    key, ok = (key << np.uint64(13)) | s, ok & (s > 0)
                keys, counts = np.unique(key[ok], return_counts=True)
                np.save(os.path.join(args.counts, f'{group}_{h}_{n}_k.npy'), keys)
                np.save(os.path.join(args.counts, f'{group}_{h}_{n}_c.npy'), counts.astype(np.uint32))

os.makedirs(args.counts, exist_ok=True)
if not os.path.exists(os.path.join(args.counts, 'ids.npy')):
    count()
ids = np.load(os.path.join(args.counts, 'ids.npy')).astype(np.uint64)
tables = {}

def table(group, half, n):
    key = (group, half, n)
    if key not in tables:
        tables[key] = tuple(np.load(os.path.join(args.counts, f'{group}_{half}_{n}_{x}.npy')) for x in 'kc')
    return tables[key]

def counts_of(forms, halves=(0, 1)):
    """Counts of forms, a column a group; of a form longer than four characters the least of its 4-grams."""
    forms = list(forms)
    out = np.zeros((len(forms), len(NAMES)), np.int64)
    by_length = collections.defaultdict(list)
    for i, form in enumerate(forms):
        by_length[len(form)].append(i)
    def look_up(texts, n, group):
        codes = np.frombuffer(''.join(texts).encode('utf-32-le'), np.uint32).reshape(-1, n)
        x = ids[np.where(codes < 0x10000, codes, 0)]
        key = np.zeros(len(texts), np.uint64)
        for j in range(n):
            key = (key << np.uint64(13)) | x[:, j]
        key[(x == 0).any(1)] = 0
        found = np.zeros(len(texts), np.int64)
        for half in halves:
            keys, counts = table(group, half, n)
            at = np.searchsorted(keys, key)
            at[at == len(keys)] = 0
            found += np.where((keys[at] == key) & (key > 0), counts[at], 0)
        return found
    for n, at in by_length.items():
        for column, group in enumerate(NAMES):
            windows = range(max(n - 3, 1))
            found = [look_up([forms[i][s:s + min(n, 4)] for i in at], min(n, 4), group) for s in windows]
            out[at, column] = np.min(found, axis=0)
    return out

# ---- lists

read = lambda *path: open(os.path.join(*path), encoding='utf8')
columns = lambda line: line.rstrip('\n').split('\t')
verdicts, own, converted, excepted = collections.defaultdict(set), [], [], {}
for line in read(args.reviewed):
    if line.startswith('#') or line.startswith('form\t'):
        continue
    form, verdict, *more = columns(line)
    if verdict == 'own':
        own.append((form, more[0], more[1]))
    elif verdict == 'except':
        excepted[form] = more[0].split()
    elif verdict in ('traditional', 'simplified'):
        converted.append((verdict, form, *more))
    else:
        verdicts[verdict].add(form)

class Pair:
    def __init__(self, kind):
        self.kind, self.rights, self.classes, self.contexts = kind, collections.Counter(), set(), set()

pairs = {}

def add(wrong, right, kind, cls, context=''):
    if han(wrong) and han(right.replace('/', '')) and wrong != right and len(wrong) > 1:
        pair = pairs.setdefault(wrong, Pair(kind))
        pair.rights[right] += 1
        pair.classes.add(cls)
        pair.contexts.add(context)

for line in list(read(args.lists, 'known/wrong_words.tsv'))[1:]:
    cells = columns(line)
    add(cells[0], cells[1], cells[2], cells[7], cells[9])
    if cells[7] != 'C' and len(cells) > 10:
        for right in cells[10].replace('/', ' ').split():
            add(cells[0], right, cells[2], cells[7])
for line in read(args.lists, 'houbb_word_checker_zh.txt'):
    if len(line.split()) == 2:
        add(*line.split(), 'sound', 'list')
for wrong, right in json.load(read(args.lists, 'macro_correct_word_confusion.json')).items():
    if isinstance(right, str):
        add(wrong, right, 'sound', 'list')
for wrong, right, kind in own:
    pairs.pop(wrong, None)
    add(wrong, right, kind, 'A')

lexicon = set()
for name in ('jieba_dict_small.txt', 'THUOCL_chengyu.txt', 'THUOCL_lishimingren.txt', 'ecspell_gongwen.txt', 'THUOCL_diming.txt'):
    lexicon.update(line.split()[0] for line in read(args.lists, name) if line.split() and han(line.split()[0]))
lexicon -= {form for form, pair in pairs.items() if pair.classes & {'A', 'B'}}
longer = collections.defaultdict(list)  # right words by the pieces in them
for word in sorted(lexicon):
    for piece in set(parts(word)):
        longer[piece].append(word)

out = {}

def listed():
    every = sorted({right for pair in pairs.values() for right in pair.rights})
    common = dict(zip(every, counts_of(every).sum(1)))
    best = [max(pair.rights, key=pair.rights.get) for pair in pairs.values()]
    for form, x, y in zip(pairs, counts_of(pairs), counts_of(best)):
        pair, total = pairs[form], int(x.sum())
        cls = next((c for c in 'ABC' if c in pair.classes), 'list')
        if form in lexicon and cls != 'C' or form in verdicts['right']:
            continue
        variant = any('variant' in context for context in pair.contexts)
        if form in verdicts['usage']:
            verdict = 'usage'
        elif form in verdicts['modern']:
            verdict = 'modern'
        elif cls == 'A':
            verdict = 'never' if len(form) > 3 or total <= (2 if len(form) == 3 else 0) else 'border'
        elif cls == 'B':
            verdict = 'border' if total <= .1 * y.sum() else None
        elif variant:
            verdict = 'usage' if y[:4].sum() >= 20 and 0 < x[:4].sum() <= .1 * y[:4].sum() else None
        elif cls == 'C':
            verdict = 'border' if total == 0 and y.sum() >= 3 else None
        elif len(form) < 4:
            verdict = 'border' if total == 0 and y[:4].sum() >= 5 else None
        else:
            verdict = 'never' if total == 0 and y[:4].sum() >= 3 else None
        inside = [word for word in longer.get(form, ()) if word != form and word not in pairs]
        if verdict and len(inside) <= 6:
            rights = sorted(pair.rights, key=lambda r: -pair.rights[r])[:3]
            rights = rights[:1] + [r for r in rights[1:] if common[r] >= max(3, .05 * common[rights[0]])]
            out[form] = ('/'.join(rights), pair.kind, verdict, ' '.join(inside + excepted.get(form, [])))

# ---- made forms

def made():
    sounds = {cells[0]: cells[1].split() for cells in map(columns, read(args.characters, 'sounds.tsv'))}
    likeness = collections.defaultdict(dict)  # right, wrong
    for wrong, rights, values in map(columns, read(args.characters, 'likeness.tsv')):
        for right, value in zip(rights, map(int, values.split())):
            likeness[right][wrong] = max(likeness[right].get(wrong, 0), value)
    seen = collections.Counter()  # (wrong, right) in aligned texts
    for name in ('ocr_books_sents', 'ocr_subtitles', 'sighan15_train', 'git_typos_highconf'):
        for line in read(args.pairs, name + '.jsonl'):
            for edit in json.loads(line).get('edits') or []:
                if len(edit) > 2 and all(isinstance(c, str) and len(c) == 1 and han(c) for c in edit[1:3]):
                    seen[edit[1], edit[2]] += 1
    words = {w for w in lexicon if 2 <= len(w) <= 4}
    words |= {line.split()[0] for line in read(args.lists, 'THUOCL_chengyu.txt') if line.split() and len(line.split()[0]) == 4}
    words = sorted(words)
    frequency = [(word, int(c)) for word, c in zip(words, counts_of(words)[:, :4].sum(1)) if c >= 40]
    single = dict(zip(sounds, counts_of(sounds).sum(1)))
    everything = sum(single.values())
    homophones = collections.defaultdict(list)
    for character, syllables in sounds.items():
        if single[character] >= 2000:
            homophones[syllables[0]].append(character)

    def alike(right):
        """What may be written for a character: how, and how readily."""
        found = {x: ('sound', math.log(single[x] + 1) / 4) for x in homophones[sounds.get(right, ['?'])[0]] if x != right}
        for wrong, value in likeness[right].items():
            if value >= 45 and single.get(wrong, 0) >= 300:
                found[wrong] = ('sound', found[wrong][1] + value / 20) if wrong in found else ('shape', value / 20)
        for wrong in list(found):
            if seen[wrong, right]:
                found[wrong] = (found[wrong][0], found[wrong][1] + 1 + math.log(seen[wrong, right]))
        return found

    rows, alikes, known = [], {}, set(words)
    for word, count in frequency:
        for place, right in enumerate(word):
            if right not in alikes:
                alikes[right] = alike(right)
            for wrong, (kind, strength) in alikes[right].items():
                form = word[:place] + wrong + word[place + 1:]
                if form not in known:
                    rows.append((form, word, place, kind, strength, count))
    forms = [row[0] for row in rows]
    first, second = counts_of(forms, (0,)), counts_of(forms, (1,))
    total = (first + second).sum(1)

    def stratum(row):
        form, _, _, kind, strength, count = row
        chance = single.get(form[0], 0) * single.get(form[1], 0) / everything if len(form) == 2 else 0
        return (len(form), kind, min(int(strength * 2) / 2, 6), sum(chance >= x for x in (3, 10, 30)), sum(count >= x for x in (150, 500, 2000)))

    strata = [stratum(row) for row in rows]
    size, alarms, found = collections.Counter(), collections.Counter(), collections.Counter()
    index = collections.defaultdict(list)
    for k, row in enumerate(rows):
        if first[k].sum() == 0:
            alarms[strata[k]] += int(second[k][:4].sum())
        if total[k] == 0:
            size[strata[k]] += 1
            index[row[0], row[2]].append(k)
    for wrong, right in aligned():
        for i in (i for i in range(len(wrong)) if wrong[i] != right[i]):
            spans = ((n, j) for n in (4, 3, 2) for j in range(max(0, i - n + 1), min(i, len(wrong) - n) + 1))
            k = next((k for n, j in spans for k in index.get((wrong[j:j + n], i - j), ()) if rows[k][1] == right[j:j + n]), None)
            if k is not None:
                found[strata[k]] += 1
    score = {s: (found[s] + .5) / (size[s] + 5 * alarms[s] + 20) for s in size}
    numerals = set('〇零一二三四五六七八九十百千万亿两几廿卅')
    best = {}
    for k, (form, word, place, kind, strength, count) in enumerate(rows):
        if total[k] or form in out or form in pairs or form in longer or form in verdicts['right'] or {form[place], word[place]} & numerals:
            continue
        value = (score[strata[k]], strength, count)
        if form not in best or value > best[form][0]:
            best[form] = (value, k)
    room, taken = {'shape': args.made * 6 // 10, 'sound': args.made * 4 // 10}, set(out)
    for form in sorted(best, key=lambda f: best[f][0], reverse=True):
        _, word, _, kind, _, _ = rows[best[form][1]]
        # a longer form is not needed where a shorter one inside it speaks
        if room[kind] and not any(piece in taken for piece in parts(form) if piece != form):
            room[kind] -= 1
            taken.add(form)
            out[form] = (word, kind, 'unseen', '')

def aligned():
    for name in ('ocr_books_sents', 'ocr_subtitles', 'sighan15_train', 'git_typos_highconf', 'press_paddle', 'press_tess'):
        for line in read(args.pairs, name + '.jsonl'):
            row = json.loads(line)
            src, tgt = ([row[x]] if isinstance(row[x], str) else row[x] for x in ('src', 'tgt'))
            for wrong, right in zip(src, tgt):
                different = sum(a != b for a, b in zip(wrong, right))
                if wrong != right and len(wrong) == len(right) and different <= .2 * len(wrong):
                    yield wrong, right

# ---- wrong conversions

# characters that one simplified character stands for, and that a word has only one of
SHARED = ('後后 發髮 幹乾 干乾 幹干 里裡 云雲 面麵 只隻 斗鬥 谷穀 丑醜 系係 制製 鐘鍾 歷曆 復複 準准 幾几 沖衝 捲卷 錶表 鬆松 盡儘 劃划 匯彙 捨舍 術朮 鬱郁 餘余 禦御 '
          '徵征 誌志 緻致 嚮向 折摺 鬍胡 傢家 瞭了 纍累 蔑衊 闢辟 簽籤 葉叶 鹹咸 須鬚 屍尸 僕仆 樸朴 范範 獲穫 曲麯 採采 傭佣').split()
KEPT_APART = ('著>着', '着>著', '干>乾', '乾>干', '借>藉')  # in simplified text
# what stands before a measure, and before hair, makes it the right word (一隻好馬, 白髮生)
BEFORE = {'隻': '一二三四五六七八九十百千萬兩幾數這那每半多', '髮': '白銀頭毛長短金黑鬢華理剪染假秀束'}

def bigrams(groups, wanted):
    character = np.zeros(8192, np.uint32)
    for code in np.flatnonzero(ids):
        character[int(ids[code])] = code
    found, codes = collections.Counter(), np.array(sorted(map(ord, wanted)), np.uint32)
    for group in groups:
        for half in (0, 1):
            keys, counts = table(group, half, 2)
            a, b = (character[(keys >> np.uint64(13)).astype(int)], character[(keys & np.uint64(8191)).astype(int)])
            for x, y, n in zip(*(z[np.isin(a, codes) | np.isin(b, codes)] for z in (a, b, counts))):
                found[chr(x) + chr(y)] += int(n)
    return found

def conversions():
    """Wrong conversions of traditional and of simplified text."""
    traditional, simplified = {}, {}
    measure = lambda w: ' '.join(before + w for before in BEFORE.get(w[0], ''))
    rows = [columns(line) for line in list(read(args.lists, 'known/wrong_conversions.tsv'))[1:]]
    rights = [row[2].split('/')[0] for row in rows]
    for row, right, x, y in zip(rows, rights, counts_of(row[1] for row in rows), counts_of(rights)):
        direction, wrong, _, cls, characters = row[:5]
        if not han(wrong) or not han(right):
            continue
        if direction == 's2t' and cls == 'A' and wrong not in verdicts['conversion']:
            seen, usual = int(x[5]), int(y[5])
            if seen <= min(3, .01 * usual) and (usual or len(wrong) > 2):
                traditional[wrong] = (right, 'conversion', 'never', measure(wrong))
        if direction == 't2s' and cls != 'C' and characters.split()[0] in KEPT_APART:
            seen, usual = int(x[:5].sum()), int(y[:5].sum())
            if seen <= (0 if characters.startswith('借') else .03 * usual):
                sure = seen == 0 and cls == 'A' and (usual >= 10 or len(wrong) > 2)
                simplified[wrong] = (right, 'conversion', 'never' if sure else 'border', '')
    found = bigrams(['trad'], set(''.join(SHARED)))
    made = {}
    for pair in SHARED:
        for right, wrong in (pair, pair[::-1]):
            for word, n in sorted(found.items()):
                for place in (0, 1):
                    form = word[:place] + wrong + word[place + 1:]
                    if n >= 50 and word[place] == right != word[1 - place] and form not in found and n > made.get(form, ('', 0))[1]:
                        made[form] = (word, n)
    for form, (word, _) in made.items():
        if form not in verdicts['conversion']:
            traditional.setdefault(form, (word, 'conversion', 'never', measure(form)))
    found = bigrams(NAMES[:4], {'着', '著'})
    for word, n in sorted(found.items()):
        wrong = word[0] + '著'
        if word[1] == '着' and n >= 50 and found[wrong] <= .03 * n and word[0] not in '名原巨专遗拙编译论显昭卓土合新旧所':
            simplified.setdefault(wrong, (word, 'conversion', 'border', ''))
    for script, form, right, cls, *more in converted:
        {'traditional': traditional, 'simplified': simplified}[script][form] = (right, 'conversion', cls, more[0] if more else measure(form))
    return traditional, simplified

def write(path, rows):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf8') as file:
        file.write('wrong\tright\tkind\tclass\texcept\n')
        for form in sorted(rows):
            file.write('\t'.join((form,) + rows[form]).rstrip('\t') + '\n')

listed()
made()
write(os.path.join(args.out, 'spelling/known-wrong-words.tsv'), out)
traditional, simplified = conversions()
write(os.path.join(args.out, 'script/wrong-conversions-traditional.tsv'), traditional)
write(os.path.join(args.out, 'script/wrong-conversions-simplified.tsv'), simplified)
