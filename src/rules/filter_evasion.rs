//! `filter-evasion`: a dot or a slash set into a word so that a filter does not see it.

use memchr::memmem;

use crate::document::Token;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{is_han, is_numeral, line_around};

use super::stray_space::word_over;
use crate::told;

static CARD: Card = Card {
    name: "filter-evasion",
    group: Group::Residue,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a dot or a slash set into a word so that a filter does not see it",
    docs: "Web novels are cut up where a filter might object: 屁.股, 变.态, 杀*气. The rule joins the two sides of a lone mark between Chinese characters, \
cuts them into words by the lexicon, and speaks where a word reaches over the mark.\n\nDots that end sentences in half-width text, numbers of chapters \
and dates (五.四), foreign names, and pairs of words with a slash (男/女, 省/市) are left alone; a slash is shown as `info`, since two words may be meant.",
    chinese: Chinese {
        name: "避检符",
        summary: "为躲过过滤而插在词中的点或斜线",
        docs: "网络小说为避开过滤，把词拆开：屁.股、变.态、杀*气。规则把汉字间单个符号的两边相连，按词典切分，若有词跨过符号便报告。\n\n半角文本中用作句号的点、\
章号和日期（五.四）、外国人名、斜线并列的词（男/女、省/市）不管；斜线可能并列两词，只作提示。",
    },
    bad: &[
        "他被人按在地上，屁@股上挨了两脚。",
        "他一屁.股坐在门槛上，半天没有说话。",
        "那个跟踪别人的变.态终于被警察带走了。",
    ],
    good: &[
        "他走了.我们也走了.门还开着.",
        "树高不变．由归纳法，命题成立．每个点只进一次．",
        "小说的作者是马克.吐温，译者不详。",
        "他只说了*一句*话，再也没有开口。",
        "请在男/女一栏里打钩，再填上省/市的名称。",
        "默剧家马赛．马素来了。人人都看马赛．马素演戏，孩子们也喜欢马赛．马素。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

/// The rule.
pub(super) struct FilterEvasion;

impl Rule for FilterEvasion {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let tokens = document.tokens();
        let mut words = Vec::new();
        let mut full_stops = [None; 2];
        for (i, mark) in tokens.iter().enumerate() {
            let sign = document.slice(mark.span);
            if mark.masked
                || !matches!(
                    sign,
                    "." | "．" | "/" | "／" | "|" | "*" | "＊" | "^" | "_" | "@" | "$"
                )
            {
                continue;
            }
            let Some((left, right)) = tokens.between_han(i) else {
                continue;
            };
            let (before, after) = (document.slice(left.span), document.slice(right.span));
            let counts = |text: Option<char>| text.is_some_and(counts);
            if counts(before.chars().next_back()) || counts(after.chars().next()) {
                continue;
            }
            let Some(word) = word_over(document, left.span, right.span, &mut words) else {
                continue;
            };
            let slash = matches!(sign, "/" | "／" | "|");
            let dot = match sign {
                "." | "．" => sign,
                _ => ".",
            };
            let stops = &mut full_stops[usize::from(dot != ".")];
            if !slash && *stops.get_or_insert_with(|| ends_in_dots(document, dot)) {
                continue;
            }
            // 科学.技术.社会 is a list, and so is a title with its volume and its publisher.
            if !slash && is_list(document, mark, sign) {
                continue;
            }
            // two of them set words off: *要紧*
            let line = line_around(document.text(), mark.span.range());
            let sets_off = matches!(sign, "*" | "_" | "^");
            if sets_off && document.text()[line].matches(sign).count() > 1 {
                continue;
            }
            if is_a_name(document, mark, before, after) {
                continue;
            }
            // Where each side is a word of its own, two may be meant.
            let pair = |side: &str| side.chars().filter(|c| is_han(*c)).count() == 1;
            let couple = |two: &&str| {
                let (one, other) = two.split_at(HAN);
                before.ends_with(one) && after.starts_with(other)
            };
            if slash && (pair(before) && pair(after) || COUPLES.iter().any(couple)) {
                continue;
            }
            let severity = if slash {
                Severity::Info
            } else {
                Severity::Warning
            };
            findings.push(
                Finding::new(&CARD, mark.span, told!("“{sign}” inside the word {word}"; "词语“{word}”中插入了“{sign}”"))
                    .severity(severity)
                    .help(told!("delete it: it was set there against a filter"; "删去：是为躲过过滤而插入的"))
                    .fix(Fix::replace(Safety::Unsafe, mark.span, "")),
            );
        }
    }
}

/// Whether a line has the mark between other words, too.
fn is_list(document: &Reading<'_>, mark: Token, sign: &str) -> bool {
    let text = document.text();
    let line = &text[line_around(text, mark.span.range())];
    let between = line.match_indices(sign).filter(|(at, _)| {
        line[..*at].chars().next_back().is_some_and(is_han)
            && line[*at + sign.len()..].chars().next().is_some_and(is_han)
    });
    between.count() > 1 && mark.span.len() < line.len() && line.chars().count() < 60
}

/// Whether the same stands on both sides of the mark again and again, as in the name of a foreigner
/// (马赛．马素); what follows a word that was cut up differs.
fn is_a_name(document: &Reading<'_>, mark: Token, before: &str, after: &str) -> bool {
    const BESIDE: usize = 2;
    const TIMES: usize = 3;
    let last = before.char_indices().rev().nth(BESIDE - 1);
    let end = after.char_indices().nth(BESIDE - 1);
    let Some(((start, _), (at, c))) = last.zip(end) else {
        return false;
    };
    let from = mark.span.start() - (before.len() - start);
    let name = &document.text()[from..mark.span.end() + at + c.len_utf8()];
    document.text().matches(name).take(TIMES).count() == TIMES
}

/// Words of two that stand beside each other on forms.
const COUPLES: [&str; 25] = [
    "男女", "省市", "市县", "县区", "中英", "进出", "开关", "上下", "左右", "前后", "大小", "多少",
    "父母", "夫妻", "兄弟", "姐妹", "师生", "买卖", "收支", "日夜", "和平", "年月", "月日", "村镇",
    "经纬",
];
/// Bytes of a Chinese character of everyday text.
const HAN: usize = 3;

/// Whether numbers are written with it.
fn counts(c: char) -> bool {
    is_numeral(c) && !matches!(c, '两' | '亿' | '半' | '几')
}

/// Whether a dot is the full stop of the document, half a character wide or whole.
fn ends_in_dots(document: &Reading<'_>, dot: &str) -> bool {
    let text = document.text();
    let (mut dots, mut ends) = (0, 0);
    for at in memmem::find_iter(text.as_bytes(), dot) {
        let next = text[at + dot.len()..].chars().next();
        if text[..at].chars().next_back().is_some_and(is_han) && next != dot.chars().next() {
            dots += 1;
            // nothing follows that a word could go on with
            ends += usize::from(next.is_none_or(|c| !is_han(c) && !c.is_ascii_alphanumeric()));
        }
    }
    ends > 2 || dots > 2 && dots > text.matches('。').count()
}
