//! `garbled-text`: a stretch that is not language. It is looked for together with
//! `missing-character`.

use crate::finding::{Confidence, Finding, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::reading::Reading;
use crate::reading::proofreading::garble::{Garble, PART, Stretch};
use crate::rule::{Card, Chinese, Group};
use crate::text::{Span, is_han};
use crate::told;

pub(super) static CARD: Card = Card {
    name: "garbled-text",
    group: Group::Spelling,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a stretch that is not language",
    docs: "领导肇肇当地: four characters or more that are as likely drawn at random as written, that hold no words and whose neighbours have nothing to do with each \
other. No single edit mends them, so none is proposed. Names, transliterations, classical wording and lists of terms surprise as well; they are told apart by \
the words in them, by how their characters keep company elsewhere, by what stands around and by whether they come again. Fitted trees turn that into a \
probability. Where 64 characters and more say nothing of each other, the whole stretch is one finding and nothing else is looked for in it.",
    chinese: Chinese {
        name: "不成文",
        summary: "不成语言的一段文字",
        docs: "“领导肇肇当地”：四字以上，与随机抽取的字一样不像文句，其中没有词，彼此也无关联。改一个字救不了，因此不提供修改。人名、\
音译、文言和术语罗列也会出人意料，靠其中的词、各字平日的搭配、上下文以及是否重现加以区分。由拟合的决策树给出概率。\
连续64字以上彼此毫无关联时，整段只报一处，其中不再查别的。",
    },
    bad: &["会议指出，要加强谓效口贿化记年基层治理，提高服务水平。"],
    good: &[
        "会议指出，要加强基层治理，提高服务水平。",
        "阿布都热西提和古丽巴哈尔都来自喀什。",
    ],
    fix: None,
    yields_to: &[
        "known-wrong-word",
        "mojibake",
        "stray-variant",
        "repeated-phrase",
        "injected-phrase",
        "misquoted-phrase",
    ],
    levels: &[(
        Writing::Usual,
        Levels {
            info: 0.3,
            warning: 0.45,
            error: NEVER,
        },
    )],
};

/// Characters of a stretch that the message quotes.
const QUOTED: usize = 40;

/// How probable it is that a long stretch is noise: none in a hundred was anything else.
pub(super) const NOISE: f32 = 0.99;

/// What is said of a long stretch that is noise, once for all of it.
pub(super) fn noise(document: &Reading<'_>, span: Span) -> Finding {
    let own = document.slice(span);
    let characters = own.chars().filter(|c| is_han(*c)).count();
    let opening: String = own.chars().take(QUOTED / 2).collect();
    Finding::new(
        &CARD,
        span,
        told!(
            "“{opening}…” and what follows is no language, {characters} characters of it: nothing else is looked for here";
            "“{opening}…”起的{characters}字不成文字：其中不再查别的错误"
        ),
    )
    .help(told!(
        "compare with the original; put it into `vocabulary` if it is right";
        "请对照原件；若无误，写入 `vocabulary`"
    ))
    .probability(NOISE)
    .severity(Severity::Warning)
}

/// Whether a text begins with the year and the number of a case or a paper, whose office and kind
/// are written short before it: 长绿劳人仲不|字［2022］第436号.
pub(super) fn is_case(text: &str) -> bool {
    let text = text.strip_prefix('字').unwrap_or(text).trim_start();
    let Some(year) = text.strip_prefix(['［', '〔', '[', '（', '(', '【', '﹝']) else {
        return false;
    };
    let rest = year.trim_start_matches(|c: char| c.is_numeric());
    let rest = rest.strip_prefix(['］', '〕', ']', '）', ')', '】', '﹞']);
    let number = rest.map(|r| r.trim_start_matches(['第', ' ']));
    year.starts_with(['1', '2']) && number.is_some_and(|n| n.starts_with(|c: char| c.is_numeric()))
}

/// What is said of a stretch.
pub(super) fn finding(document: &Reading<'_>, stretch: &Stretch) -> Finding {
    let span = Span::new(stretch.start, stretch.end);
    let own = document.slice(span);
    let quoted = match own.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &own[..end]),
        None => own.to_owned(),
    };
    Finding::new(
        &CARD,
        span,
        told!(
            "“{quoted}” is no language: no word shows, and no single edit mends it";
            "“{quoted}”不成文字：其中没有词，改一个字也不通"
        ),
    )
    .help(told!(
        "compare with the original; put it into `vocabulary` if it is right";
        "请对照原件；若无误，写入 `vocabulary`"
    ))
    .weighed(Garble::of(&stretch.row).loudest(document.model(), PART))
}
