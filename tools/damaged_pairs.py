"""Writes clean text with confused characters put in, as aligned pairs for `examples/spelling_fit`.

usage: damaged_pairs.py CLEAN.txt OUT.jsonl SEED --words WORDS --counted CONFUSIONS --similar SHAPES

CLEAN.txt has a paragraph a line and a blank line between documents. Errors are put into words of the word list, at a rate drawn for each
document: most have few, some many. What stands in for a character comes from counted confusions (wrong TAB right TAB count), from the look-alikes
of `model/lists/likeness.tsv`, from another list of similar shapes (a character, a space, what looks like it), from characters of the same sound
(`model/lists/sounds.tsv`), or from anywhere.
"""

import argparse
import collections
import json
import math
import pathlib
import random

LISTS = pathlib.Path(__file__).parent.parent / "model" / "lists"
NUMERALS = set("一二三四五六七八九十百千万亿零〇两廿卅年月日")
RATES = [1 / 3000, 1 / 3000, 1 / 800, 1 / 200]
SHARES = {"counted": 0.4, "alike": 0.22, "similar": 0.13, "sound": 0.17, "any": 0.08}


def is_han(c):
    return "\u4e00" <= c <= "\u9fff"


def read_words(path):
    words = set()
    for line in open(path, encoding="utf8"):
        word, count, *_ = line.split()
        if 2 <= len(word) <= 4 and all(map(is_han, word)) and int(count) >= 3:
            words.add(word)
    return words


def read_sources(options, frequency):
    counted, alike, similar, sound = (collections.defaultdict(list) for _ in range(4))
    for line in open(options.counted, encoding="utf8"):
        wrong, right, count, *_ = line.split("\t")
        counted[right].append((wrong, int(count)))
    for line in open(LISTS / "likeness.tsv", encoding="utf8"):
        wrong, others, scores = line.rstrip("\n").split("\t")
        for right, score in zip(others, scores.split()):
            alike[right].append((wrong, math.exp(int(score) / 15)))
    for line in open(options.similar, encoding="utf8"):
        one, _, others = line.rstrip("\n").partition(" ")
        for other in others:
            similar[other].append((one, 1))
            similar[one].append((other, 1))
    by_syllable = collections.defaultdict(list)
    for line in open(LISTS / "sounds.tsv", encoding="utf8"):
        character, syllables = line.rstrip("\n").split("\t")
        by_syllable[syllables.split()[0]].append(character)
    for characters in by_syllable.values():
        for right in characters:
            sound[right] = [(c, frequency[c] ** 0.5) for c in characters if c != right and frequency[c] > 5]
    common = [(c, 1) for c, _ in frequency.most_common(3000) if is_han(c)]
    anything = collections.defaultdict(lambda: common)
    return dict(zip(SHARES, [counted, alike, similar, sound, anything]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clean")
    parser.add_argument("out")
    parser.add_argument("seed", type=int)
    for name in ("words", "counted", "similar"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    text = open(options.clean, encoding="utf8").read()
    frequency = collections.Counter(text)
    words = read_words(options.words)
    sources = read_sources(options, frequency)

    def wrong_for(right):
        source = sources[chance.choices(list(SHARES), SHARES.values())[0]]
        offered = source.get(right) if right in source else source[right]
        return chance.choices(*zip(*offered))[0] if offered else None

    with open(options.out, "w", encoding="utf8") as out:
        for number, document in enumerate(d for d in text.split("\n\n") if d.strip()):
            rate = chance.choice(RATES)
            for paragraph, line in enumerate(document.split("\n")):
                characters, edits, at = list(line), [], 0
                while at < len(characters):
                    fits = (n for n in (4, 3, 2) if "".join(characters[at : at + n]) in words and at + n <= len(characters))
                    length = next(fits, 1)
                    if length > 1 and chance.random() < rate * length * 1.7:
                        place = at + chance.randrange(length)
                        right = characters[place]
                        wrong = None if right in NUMERALS else wrong_for(right)
                        if wrong and wrong != right and wrong not in NUMERALS and frequency[wrong]:
                            word = characters[at:place] + [wrong] + characters[place + 1 : at + length]
                            if "".join(word) not in words:
                                edits.append([place, wrong, right])
                                characters[place] = wrong
                    at += length
                pair = {"id": f"s{options.seed}d{number}-{paragraph}", "src": "".join(characters), "edits": edits}
                out.write(json.dumps(pair, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
