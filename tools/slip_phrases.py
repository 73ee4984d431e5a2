#!/usr/bin/env python3
"""Adds phrases to rules/spelling/known-wrong-words.tsv in which writers take a character for another that sounds like it and is as common: 在也没有 for 再也没有.

usage: slip_phrases.py --text FILE… --list rules/spelling/known-wrong-words.tsv

--text   clean text of many registers; only counts are taken from it

For each pair (written, meant) the phrases of three and four characters around the meant one are counted. One that is common, whose form with the written character no
text has, and that by the frequencies of its parts no text should have by chance either, is listed (class `unseen`); of two that hold each other the
shorter stands. Run it after wrong_words.py. The same input gives the same file.
"""
import argparse, collections, lzma, re

ap = argparse.ArgumentParser()
ap.add_argument('--text', nargs='+', required=True)
ap.add_argument('--list', required=True)
args = ap.parse_args()

# written, meant: what writers who type by sound exchange
PAIRS = ('在再 再在 那哪 以已 已以 因应 应因 门们 座坐 坐座 即既 既即 带戴 戴带 进近 近进 到道 道到 会回 回会 跟根 根跟 经竟 竟经 身生 声生 向像 像向 事是 是事 里理 必毕 毕必 后候 候后 个各 各个 '
         '机几 几机 很恨 有又 又有 己已 己以 拿那 那拿 哪那 心新 新心 气起 起气 情清 请情 清情 才在 时是 是时 只之 之只 知只 受收 收受 使始 始使 直值 值直 尽进 进尽 紧仅 仅紧 经劲 想像 '
         '想向 像想 望往 往望 忘往 变便 便变 从丛 或和 化话 话化 完玩 玩完 做坐 与于 由有 有由 块快 快块 原员 员原 听停 停听 没每 每没 为未 未为 副付 付副 费废 废费 决绝 绝决 度渡 渡度').split()
# a phrase that stands so often is common …
COMMON = 400
# … and one of which so many are expected by its parts may be right
EXPECTED = 0.5

meant_of = collections.defaultdict(set)
for written, meant in PAIRS:
    meant_of[meant].add(written)
characters = set(''.join(PAIRS))
counts = collections.Counter()
pairs = collections.Counter()
singles = collections.Counter()
total = 0
for file in args.text:
    opened = lzma.open if file.endswith('.xz') else open
    text = opened(file, 'rt', encoding='utf8').read()
    for run in re.findall('[\u4e00-\u9fff]{2,}', text):
        total += len(run)
        singles.update(run)
        pairs.update(run[i:i + 2] for i in range(len(run) - 1))
        for at, c in enumerate(run):
            if c in characters:
                for start in range(max(0, at - 3), at + 1):
                    for length in (3, 4):
                        if start + length > at and start + length <= len(run):
                            counts[run[start:start + length], at - start] += 1
    # what stands once so far says nothing of a common phrase
    if len(counts) > 12_000_000:
        counts = collections.Counter({k: n for k, n in counts.items() if n > 1})

def expected(form):
    """How many are expected by the pairs of the form."""
    n = pairs[form[:2]]
    for a, b in zip(form[1:], form[2:]):
        n *= pairs[a + b] / max(1, singles[a])
    return n

head, *lines = open(args.list, encoding='utf8').read().splitlines()
known = {line.split('\t')[0]: line for line in lines}
found = {}
for (phrase, at), n in counts.items():
    # at the edge of a short one the character may belong to the next word
    if n < COMMON or phrase[at] not in meant_of or len(phrase) == 3 and at != 1:
        continue
    for written in meant_of[phrase[at]]:
        form = phrase[:at] + written + phrase[at + 1:]
        if counts[form, at] == 0 and expected(form) < EXPECTED:
            found[form] = (phrase, n)
kept = {form: right for form, (right, _) in found.items()
        if not any(form[i:j] in found for i in range(len(form)) for j in range(i + 3, len(form) + 1) if j - i < len(form))}
held = lambda form: any(form[i:j] in known for i in range(len(form)) for j in range(i + 2, len(form) + 1))
rows = {form: f'{form}\t{right}\tsound\tunseen\t' for form, right in kept.items() if not held(form)}
print(len(found), len(kept), len(rows))
known.update(rows)
with open(args.list, 'w', encoding='utf8') as out:
    out.write('\n'.join([head, *(known[form] for form in sorted(known))]) + '\n')
