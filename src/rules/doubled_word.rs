//! `doubled-word`: a word or phrase that was set twice. It is looked for together with
//! `doubled-character`.

use crate::finding::{Confidence, Safety, Severity};
use crate::levels::{Levels, Writing};
use crate::rule::{Card, Chinese, Group};

/// The levels of doublings, where what is as sure as `error` is one. The same trees weigh words and
/// characters.
pub(super) const fn levels(error: f32) -> [(Writing, Levels); 2] {
    [
        (
            Writing::Usual,
            Levels {
                info: 0.5,
                warning: 0.8,
                error,
            },
        ),
        (
            Writing::Told,
            Levels {
                info: 0.9,
                warning: 0.97,
                error: 0.999,
            },
        ),
    ]
}

pub(super) static CARD: Card = Card {
    name: "doubled-word",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a word or phrase that was set twice",
    docs: "The same two to eight characters stand twice at once: 高质量发展发展的. Verbs said twice (研究研究), set phrases and slogans are \
right; they are told apart as for `doubled-character`, by the words on either side, by what the text gains without the second copy, and by fitted weights.",
    chinese: Chinese {
        name: "叠词",
        summary: "多印了一遍的词语",
        docs: "二至八字紧接着重复：高质量发展发展的。动词重叠（研究研究）、固定用语和口号正确，区分方法同 `doubled-character`：\
看两边的词、去掉一遍通顺多少，以及拟合的权重。",
    },
    bad: &["这项改革成为推动高质量发展发展的源头活水。"],
    good: &["这件事还要再研究研究，大家商量商量。"],
    fix: Some(Safety::Unsafe),
    yields_to: &["repeated-phrase", "injected-phrase", "mojibake"],
    levels: &const { levels(0.97) },
};
