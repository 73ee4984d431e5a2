#!/usr/bin/env python3
"""Adds phrases to rules/spelling/known-wrong-words.tsv in which a common character is taken for another one: by writers who type by sound (一件事请 for 一件事情), by recognisers
(的间题 for 的问题).

usage: slip_phrases.py --text FILE… --shapes FILE --list rules/spelling/known-wrong-words.tsv

--text    clean text of many registers; only counts are taken from it
--shapes  what recognisers take for what: the character read, the one printed, how often

For each pair (written, meant) the phrases of three and four characters around the meant one are counted. One that is common, whose form with the written character hardly any
text has, and that by the frequencies of its parts none should have by chance either, is listed (class `unseen`); of two that hold each other the
shorter stands. Run it after wrong_words.py. Needs numpy. The same input gives the same file.
"""
import argparse, collections, lzma

import numpy as np

ap = argparse.ArgumentParser()
ap.add_argument('--text', nargs='+', required=True)
ap.add_argument('--shapes', required=True)
ap.add_argument('--list', required=True)
args = ap.parse_args()

# written, meant: what writers who type by sound exchange
PAIRS = ('在再 再在 那哪 以已 已以 因应 应因 门们 座坐 坐座 即既 既即 带戴 戴带 进近 近进 到道 道到 会回 回会 跟根 根跟 经竟 竟经 身生 声生 向像 像向 事是 是事 里理 必毕 毕必 后候 候后 个各 各个 '
         '机几 几机 很恨 有又 又有 己已 己以 拿那 那拿 哪那 心新 新心 气起 起气 情清 请情 清情 才在 时是 是时 只之 之只 知只 受收 收受 使始 始使 直值 值直 尽进 进尽 紧仅 仅紧 经劲 想像 '
         '想向 像想 望往 往望 忘往 变便 便变 从丛 或和 化话 话化 完玩 玩完 做坐 与于 由有 有由 块快 快块 原员 员原 听停 停听 没每 每没 为未 未为 副付 付副 费废 废费 决绝 绝决 度渡 渡度').split()
# what is no slip: usage, and characters that either fit
USAGE = {frozenset(pair) for pair in '象像 份分 那哪 做作 的地 的得 地得 他她 他它 她它 账帐 大太 吧罢 么吗 着著 只支 座坐 须需 尔而 很狠 唯惟 您你 象相'.split()}
NUMERALS = set('一二三四五六七八九十百千万亿零〇两几年月日')
# pairs that recognisers were seen to exchange so often
SEEN = 4
# a phrase that stands so often is common …
COMMON = 400
# … a form that stands once for so many times the right one is a slip of the text …
FOR_EACH_SLIP = 5000
# … and one of which so many are expected by its parts may be right
EXPECTED = 0.5

kinds = {(written, meant): 'sound' for written, meant in PAIRS}
for line in open(args.shapes, encoding='utf8'):
    written, meant, times = line.rstrip('\n').split('\t')[:3]
    if int(times) >= SEEN and frozenset((written, meant)) not in USAGE and not NUMERALS & {written, meant}:
        kinds.setdefault((written, meant), 'shape')
meant_of = collections.defaultdict(set)
for written, meant in kinds:
    meant_of[meant].add(written)

# a phrase is a number: sixteen bits for each of its characters
number = lambda phrase: sum(ord(c) << 16 * i for i, c in enumerate(phrase))
phrase_of = lambda n: ''.join(chr(n >> 16 * i & 0xffff) for i in range(4) if n >> 16 * i & 0xffff)

def texts():
    """The code points of each text, 0 where no Chinese character stands."""
    for file in args.text:
        opened = lzma.open if file.endswith('.xz') else open
        codes = np.frombuffer(opened(file, 'rt', encoding='utf8').read().encode('utf-32-le'), np.uint32)
        yield np.where((codes >= 0x4e00) & (codes <= 0x9fff), codes, 0).astype(np.uint64)

def phrases(codes, length):
    """The phrases of a length at all places, with the places where one stands whole."""
    count = max(0, len(codes) - length + 1)
    keys, whole = np.zeros(count, np.uint64), np.ones(count, bool)
    for i in range(length):
        part = codes[i:i + count]
        keys |= part << np.uint64(16 * i)
        whole &= part > 0
    return keys, whole

def merged(one, other):
    keys, counts = (np.concatenate(both) for both in zip(one, other))
    keys, where = np.unique(keys, return_inverse=True)
    return keys, np.bincount(where, counts).astype(np.int64)

# the common phrases that hold a meant character, and all pairs
is_meant = np.zeros(0x10000, bool)
is_meant[[ord(c) for c in meant_of]] = True
empty = (np.zeros(0, np.uint64), np.zeros(0, np.int64))
common = {3: empty, 4: empty}
pairs = empty
singles = np.zeros(0x10000, np.int64)
for codes in texts():
    singles += np.bincount(codes.astype(np.int64), minlength=0x10000)
    keys, whole = phrases(codes, 2)
    pairs = merged(pairs, np.unique(keys[whole], return_counts=True))
    for length in common:
        keys, whole = phrases(codes, length)
        holds = np.zeros(len(keys), bool)
        for i in range(length):
            holds |= is_meant[codes[i:i + len(keys)].astype(np.int64)]
        keys, counts = np.unique(keys[whole & holds], return_counts=True)
        common[length] = merged(common[length], (keys[counts > 1], counts[counts > 1]))

pairs = dict(zip(pairs[0].tolist(), pairs[1].tolist()))

def expected(form):
    """How many of a form are expected by its pairs."""
    n = pairs.get(number(form[:2]), 0)
    for a, b in zip(form[1:], form[2:]):
        n *= pairs.get(number(a + b), 0) / max(1, singles[ord(a)])
    return n

forms = {}
for length, (keys, counts) in common.items():
    usual = counts >= COMMON
    for phrase, n in zip(map(phrase_of, keys[usual].tolist()), counts[usual].tolist()):
        for at, meant in enumerate(phrase):
            # at the edge of a short one the character may belong to the next word
            if meant not in meant_of or length == 3 and at != 1:
                continue
            for written in sorted(meant_of[meant]):
                form = phrase[:at] + written + phrase[at + 1:]
                if expected(form) < EXPECTED:
                    forms[form] = (phrase, kinds[written, meant], n)

# of these, what text hardly ever has: it holds slips of its own
times = collections.Counter()
for length in common:
    asked = np.array(sorted(number(form) for form in forms if len(form) == length), np.uint64)
    for codes in texts():
        keys, whole = phrases(codes, length)
        keys = keys[whole]
        keys, counts = np.unique(keys[np.isin(keys, asked)], return_counts=True)
        times.update(dict(zip(keys.tolist(), counts.tolist())))
found = {form: right for form, right in forms.items() if times[number(form)] * FOR_EACH_SLIP <= right[2]}

head, *lines = open(args.list, encoding='utf8').read().splitlines()
known = {line.split('\t')[0]: line for line in lines}
kept = {form: right for form, right in found.items()
        if not any(form[i:j] in found for i in range(len(form)) for j in range(i + 3, len(form) + 1) if j - i < len(form))}
# what the list has, and what overlaps with a form that it surely knows, is left to that
sure = [form for form, line in known.items() if line.split('\t')[3] == 'never']
heads = {form[:i] for form in sure for i in range(2, len(form))}
tails = {form[i:] for form in sure for i in range(1, len(form) - 1)}
overlaps = lambda form: any(form[i:] in heads for i in range(1, len(form) - 1)) or any(form[:i] in tails for i in range(2, len(form)))
held = lambda form: overlaps(form) or any(form[i:j] in known for i in range(len(form)) for j in range(i + 2, len(form) + 1))
rows = {form: f'{form}\t{right}\t{kind}\tunseen\t' for form, (right, kind, _) in kept.items() if not held(form)}
print(len(found), len(kept), len(rows))
known.update(rows)
with open(args.list, 'w', encoding='utf8') as out:
    out.write('\n'.join([head, *(known[form] for form in sorted(known))]) + '\n')
