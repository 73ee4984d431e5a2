//! `site-boilerplate`: a line that a site sets on its pages. It is told together with all that is
//! seen across files.

use crate::finding::{Confidence, Severity};
use crate::rule::{Card, Chinese, Group};

pub(super) static CARD: Card = Card {
    name: "site-boilerplate",
    group: Group::Corpus,
    severity: Severity::Info,
    confidence: Confidence::High,
    default: true,
    summary: "a line that the site sets on its pages and that is no part of the text",
    docs: "A line, or a label with a value that varies (责任编辑：…), or a line in which only numbers vary, that stands at the edge of many documents of one \
source. `kanwu audit` learns such lines by counting, without any list, and writes them to a profile; `kanwu check --profile FILE` and `profile = …` in the \
configuration read it. The lines are masked: no other rule sees them. A line counts that stands in one document of a hundred of a source and in ten at least \
(in a small source in half of them), and in 97 of 100 of these among the first four or the last six lines. A caption or a section label that recurs inside \
pages is left alone.",
    chinese: Chinese {
        name: "站点套话",
        summary: "网站印在各页上、不属于正文的行",
        docs: "在同一来源的许多文档首尾出现的行：固定的一行，带可变内容的标签（责任编辑：…），或只有数字不同的行。`kanwu audit` 不靠词表，\
凭统计学到这些行，写入站点档案；`kanwu check --profile FILE` 和配置中的 `profile = …` 读取它。\
这些行被遮蔽，其他规则不再看。一行至少要出现在同一来源百分之一且不少于十个文档中（来源小时为一半），其中97%在前四行或后六行。\
正文里反复出现的图注和栏目名不算。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};
