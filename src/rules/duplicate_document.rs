//! `duplicate-document`: a document that is a copy of another. It is told together with all that is
//! seen across files.

use crate::finding::{Confidence, Severity};
use crate::rule::{Card, Chinese, Group};

pub(super) static CARD: Card = Card {
    name: "duplicate-document",
    group: Group::Corpus,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a document that is a copy of another one of the collection",
    docs: "Two documents that have half of their runs of five characters in common, or two readings of one page that have 85 of 100 characters in common. Marks, \
widths, case, Traditional and Simplified forms and the lines of the site make no difference. Candidates come from signatures (MinHash with banding), and are \
judged on the text. The message says how alike the two are and which is longer. Below a likeness of 80 % it is a note. Only `kanwu audit` sees it, since it \
takes the whole collection.",
    chinese: Chinese {
        name: "重复文档",
        summary: "与本集中另一文档相同或基本相同的文档",
        docs: "两个文档的五字片段有一半相同，或同一页的两次识别每百字有 85 字相同。标点、全角半角、大小写、繁简以及站点套话都不计。\
先用 MinHash 签名分桶取得候选，再对原文比对。消息说明相似度以及哪一份较长。相似度低于 80% 时只作提示。须看全集，\
只有 `kanwu audit` 能发现。",
    },
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    levels: &[],
};
