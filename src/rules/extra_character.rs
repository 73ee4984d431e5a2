//! `extra-character`: a character that does not belong there. It is looked for together with
//! `missing-character`.

use crate::finding::{Confidence, Finding, Fix, Safety, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::rule::{Card, Chinese, Group};
use crate::text::Span;
use crate::told;

pub(super) static CARD: Card = Card {
    name: "extra-character",
    group: Group::Spelling,
    severity: Severity::Info,
    confidence: Confidence::Medium,
    default: true,
    summary: "a character that does not belong there",
    docs: "这项工款作: a character that splits a word, or that fits neither its left nor its right side, though the two sides fit each other. The rule asks the language \
model what the text gains without the character, which word is then whole, and whether the wording stands nearby again. Fitted trees turn that into a \
probability. The same character twice is `doubled-character`.",
    chinese: Chinese {
        name: "衍字",
        summary: "多出来的字",
        docs: "“这项工款作”：一个字把词拆开，或与左右都不相接，而左右两边彼此相接。规则看去掉它通顺多少、能否成词、附近是否有同样的说法。\
由拟合的决策树给出概率。同一个字连出两次的由 `doubled-character` 处理。\
",
    },
    bad: &["会议对下一阶段的工款作作了安排，要求各地抓好落实。"],
    good: &[
        "会议对下一阶段的工作作了安排，要求各地抓好落实。",
        "他把书放在桌上，又倒了一杯茶。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[
        "known-wrong-word",
        "stray-variant",
        "misquoted-phrase",
        "confused-character",
        "doubled-character",
        "doubled-word",
        "stray-latin",
        "garbled-text",
    ],
    levels: &[(
        Writing::Usual,
        Levels {
            info: 0.6,
            warning: 0.85,
            error: NEVER,
        },
    )],
};

/// What is said of the character at `span`.
pub(super) fn finding(text: &str, wording: &str, before: &str, span: Span) -> Finding {
    let extra = &text[span.range()];
    let after = &wording[before.len() + extra.len()..];
    let message = told!(
        "“{wording}” is most likely “{before}{after}”: {extra} is too much";
        "“{wording}”很可能是“{before}{after}”：“{extra}”是多余的"
    );
    Finding::new(&CARD, span, message)
        .help(told!(
            "leave {extra} out; put {wording} into `vocabulary` if it is right";
            "删去“{extra}”；若“{wording}”无误，写入 `vocabulary`"
        ))
        .fix(Fix::replace(Safety::Unsafe, span, ""))
}
