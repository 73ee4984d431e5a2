//! `site-watermark`: a phrase that a site plants in its texts. It is told together with all that is
//! seen across files.

use crate::finding::{Confidence, Safety, Severity};
use crate::rule::{Card, Chinese, Group};

pub(super) static CARD: Card = Card {
    name: "site-watermark",
    group: Group::Corpus,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a phrase that was planted between or inside sentences of many documents",
    docs: "A phrase that opens sentences in many documents of a collection and also stands inside sentences, before text that begins anew, and over which the text \
closes when it is taken out; the language model tells it from set phrases. A phrase planted once a document is seen as well as one planted often. \
`kanwu audit` learns such phrases and writes them to a profile; `kanwu check --profile FILE` finds them wherever they stand. The fix takes the phrase out. A \
phrase that never stands between sentences, or that was read differently each time, is not seen.",
    chinese: Chinese {
        name: "站点水印",
        summary: "许多文档的句间或句中被插入的短语",
        docs: "在一批文档中常出现在句首、也夹在句子中间，后文另起，去掉之后前后文正好接上的短语；是否固定用语由语言模型判断。每个文档只插一次的短语同样能发现。\
`kanwu audit` 学到后写入站点档案；`kanwu check --profile FILE` 在任何位置都能找出。\
修复即删去该短语。从不出现在句间的，或每次识别结果都不同的，发现不了。",
    },
    bad: &[],
    good: &[],
    fix: Some(Safety::Safe),
    yields_to: &[],
    levels: &[],
};
