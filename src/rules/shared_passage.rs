//! `shared-passage`: a passage that stands in another document too. It is told together with all
//! that is seen across files.

use crate::finding::{Confidence, Severity};
use crate::rule::{Card, Chinese, Group};

pub(super) static CARD: Card = Card {
    name: "shared-passage",
    group: Group::Corpus,
    severity: Severity::Info,
    confidence: Confidence::High,
    default: true,
    summary: "a passage that stands in another document of the collection too",
    docs: "Forty characters or more that two documents have in common which are no copies of each other: an article set on two pages, a piece of one page torn into \
another, a statement that both quote. Found by fingerprints and then grown on the text to its exact ends, single wrong characters included, so what is named \
is truly the same; whether it should be there a person decides. Both places are named. Only `kanwu audit` sees it.",
    chinese: Chinese {
        name: "共有段落",
        summary: "本集另一文档中也有的段落",
        docs: "两个并非互为副本的文档共有四十字以上：一篇文章登在两页，一页的片段混入另一页，或两处引用同一段话。先由指纹找到，再在原文上扩展到确切的首尾，\
容许个别错字，因此指出的内容确实相同；该不该在此由人判断。两处都会注明。只有 `kanwu audit` 能发现。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};
