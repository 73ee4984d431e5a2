#!/usr/bin/env python3
"""Adds rows of class `word` to rules/script/wrong-conversions-traditional.tsv: how words of traditional text look after a conversion that took the wrong one of the characters that one
simplified character stands for (標准 for 標準, 頭發 for 頭髮).

usage: word_forms.py --text FILE… --words FILE --characters model/lists --list rules/script/wrong-conversions-traditional.tsv

--text   clean traditional text; only counts are taken from it
--words  a list of simplified words with their frequencies, as jieba reads them

The text is cut into the words of the list, character by character simplified. A word that is nearly always written in one way is listed with each form that
the text hardly ever has, though its characters all simplify to the same. The rule tells a form where the text is cut into words so. Forms that the list
has for another reason stay as they are; `word` rows of an earlier run, which wrong_words.py does not write, are replaced. Left out are pairs of characters that careful text writes either way. Needs jieba. The same input gives the same file.
"""
import argparse, collections, lzma, os, re

import jieba

ap = argparse.ArgumentParser()
ap.add_argument('--text', nargs='+', required=True)
for name in ('words', 'characters', 'list'):
    ap.add_argument('--' + name, required=True)
args = ap.parse_args()

# characters that one simplified character stands for
SHARED = ('后後 里裡 发發髮 面麵 斗鬥 云雲 只隻 干幹乾 松鬆 谷穀 系係繫 征徵 制製 复復複 丑醜 几幾 出齣 余餘 御禦 范範 台颱 胡鬍 须鬚 准準 冲沖衝 咸鹹 板闆 表錶 向嚮 汇匯彙 获獲穫 家傢 '
          '卷捲 夸誇 了瞭 舍捨 术術朮 种種 钟鐘鍾 姜薑 尽盡儘 脏臟髒 历歷曆 累纍 苏蘇囌 郁鬱 签簽籤 佣傭 千韆 么麼 霉黴 冬鼕 卜蔔 症癥 辟闢 叶葉 划劃 致緻 折摺 志誌 尸屍 仆僕 朴樸 曲麯 '
          '克剋 才纔 杰傑 据據 帘簾 万萬 与與 丰豐 价價 优優').split()
# those of which a text may have the first by itself: the others are forms of simplified text, which `stray-variant` tells
OWN = set('后里面斗云只干松谷系征制丑几出余御范台胡须准沖咸板表向家卷夸了舍朮种姜累郁佣千么霉冬卜症辟叶划致折志尸仆朴曲克才杰据帘万与丰价优')
siblings = collections.defaultdict(set)
for group in SHARED:
    for right in group:
        siblings[right] |= {c for c in group if c != right and (c in OWN or group.index(c) > 0)}
siblings = {right: sorted(others) for right, others in siblings.items() if others}

simplified = {}
for line in open(os.path.join(args.characters, 'variants.tsv'), encoding='utf8'):
    form, ordinary, home = line.rstrip('\n').split('\t')
    if home == 't':
        simplified[form] = ordinary
for group in SHARED:
    for form in group[1:]:
        simplified.setdefault(form, group[0])
simplify = lambda text: ''.join(simplified.get(c, c) for c in text)

jieba.setLogLevel(60)
cutter = jieba.Tokenizer(os.path.abspath(args.words))
surfaces = collections.defaultdict(collections.Counter)
for file in args.text:
    opened = lzma.open if file.endswith('.xz') else open
    for run in re.findall('[\u4e00-\u9fff]{2,}', opened(file, 'rt', encoding='utf8').read()):
        if not any(c in siblings for c in run):
            continue
        for word, start, end in cutter.tokenize(simplify(run), HMM=False):
            surface = run[start:end]
            if end > start + 1 and any(c in siblings for c in surface):
                surfaces[word][surface] += 1

head, *lines = open(args.list, encoding='utf8').read().splitlines()
known = {line.split('\t')[0]: line for line in lines if line.split('\t')[3] != 'word'}
LEAST = 5  # how often the text has the word
USUAL = 0.9  # the share of its usual form
MOST = 0.04  # how often it has another form, for each time it has the usual one
# characters that careful text writes either way
EITHER = {frozenset(pair) for pair in '了瞭 盡儘 匯彙 症癥 台颱 志誌 佣傭 划劃 游遊'.split()}
# read in clean text and right there
RIGHT = '征收 征用 應征 機製 出麵 複出 范文 馬云 白云 麵世 試制 准則 抽簽 心里'.split()
rows = {}
holds = lambda form, forms: any(form[i:i + n] in forms for n in (2, 3) for i in range(len(form) - n + 1) if n < len(form))
for length in (2, 3, 4):
    for word, forms in sorted(surfaces.items()):
        usual, times = forms.most_common(1)[0]
        if len(word) != length or times < LEAST or times < USUAL * forms.total():
            continue
        for place, right in enumerate(usual):
            for other in siblings.get(right, ()):
                form = usual[:place] + other + usual[place + 1:]
                if (frozenset((right, other)) not in EITHER and forms[form] <= MOST * times and simplify(form) == word
                        and form not in known and form not in RIGHT and not holds(form, known) and not holds(form, rows)):
                    rows[form] = usual
known.update((form, f'{form}\t{word}\tconversion\tword') for form, word in rows.items())
with open(args.list, 'w', encoding='utf8') as file:
    file.writelines(line + '\n' for line in [head, *(known[form] for form in sorted(known))])
