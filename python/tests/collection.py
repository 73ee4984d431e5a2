"""A small collection in which lines, copies and passages repeat, always the same."""

import random

SUBJECTS = [
    "县里",
    "合作社",
    "那所学校",
    "邻村的农户",
    "水利站",
    "这支施工队",
    "镇卫生院",
    "老支书",
    "图书馆",
    "果园",
]
TIMES = [
    "去年秋天",
    "立夏以后",
    "雨季到来之前",
    "这几天",
    "一个月前",
    "刚开春",
    "国庆节那天",
    "傍晚时分",
]
VERBS = [
    "修好了",
    "买来了",
    "种下了",
    "整理了",
    "检查过",
    "送走了",
    "翻新了",
    "登记了",
    "讨论过",
    "运来了",
]
COUNTS = ["三处", "二十箱", "上百株", "好几本", "七台", "两车", "四十亩", "一批"]
THINGS = ["水渠", "图书", "桃树苗", "账册", "水泵", "化肥", "梯田", "药品", "种子", "旧桌椅"]
ENDS = [
    "，大家都松了一口气",
    "，账目也公布在墙上",
    "，没有耽误农时",
    "，路上走了半天",
    "，比原来省下不少钱",
    "",
]


def sentence(random):
    parts = (SUBJECTS, TIMES, VERBS, COUNTS, THINGS, ENDS)
    return "".join(random.choice(part) for part in parts) + "。"


def text(random, sentences):
    return "".join(sentence(random) for _ in range(sentences))


def collection():
    """Rows of id, source and text: ``SOURCE/NAME.txt``."""
    chance = random.Random(7)
    bodies = [[text(chance, 6) for _ in range(4)] for _ in range(120)]
    for copy, of in ((40, 3), (41, 3), (77, 12)):
        bodies[copy] = list(bodies[of])
    for copy, of in ((50, 8), (51, 20), (90, 21)):
        bodies[copy] = [*bodies[of][:3], text(chance, 2)]
    for borrower, lender in ((60, 30), (61, 31), (99, 32)):
        bodies[borrower][1] += bodies[lender][2]
    rows = []
    for number, body in enumerate(bodies):
        source = "北山" if number % 2 else "南河"
        lines = ["首页 > 新闻 > 正文", *body]
        lines.append(f"责任编辑：{chance.choice(['王小明', '李大海', '赵青', '孙立'])}")
        lines.append(f"{source}网版权所有 备案号{chance.randrange(1000, 9999)}")
        rows.append((f"{source}/{number:03}.txt", source, "\n".join(lines) + "\n"))
    return sorted(rows)
