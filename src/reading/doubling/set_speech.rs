//! Ways of speaking in which the same stands twice rightly.

use super::{Doubling, known};
use crate::reading::register::is_spoken;
use crate::text::{is_han, is_numeral};

/// Words that are said twice for emphasis, or begin what is: 特别特别小, 很少很少.
const EMPHASIS: [&str; 14] = [
    "很", "非常", "特别", "十分", "真的", "超级", "极其", "极度", "绝对", "相当", "实在", "真心",
    "永远", "完全",
];

/// Words of asking that mean "any" when what holds them is said twice: 要多少给多少, 想什么想什么.
const ANY: [&str; 6] = ["什么", "多少", "怎么", "怎样", "谁", "哪"];

/// What follows two words alone that are a call: “师傅师傅，…”.
const CALLED: &str = "，。！？…”’」";

/// Characters that stand doubled as words of their own, in any place: 某某公司, 最最重要.
const DOUBLED_WORDS: &str = "某最";

/// Who speaks and who is spoken of.
pub(super) const PRONOUNS: &str = "我你您他她它";

/// Times that mean every one of them when they stand doubled: 花年年开, not 2019年年.
const EVERY: &str = "年天岁夜";

/// Words of grammar that nothing is counted in: 统一|的, not 一对对.
const NO_CLASSIFIERS: &str = "的了是在有和就也";

/// What the one before the last and the one after the next are counted in: 上上个月, 下下周.
const NEXT_BUT_ONE: &str = "个周次任月届级期季层";

/// Whether the doubling is a way of speaking that nobody needs to weigh: numerals and classifiers
/// (一家一家, 一抹抹), verbs said twice (研究研究), pairs side by side (走走停停), the
/// one after the next (下下周), emphasis (很少很少), calls, genitives of genitives
/// (同学的朋友的朋友).
#[must_use]
pub fn is_said_twice(text: &str, doubling: &Doubling) -> bool {
    let unit = &text[doubling.start..doubling.middle];
    let before = &text[..doubling.start];
    let numeral = |c: char| is_numeral(c) && !matches!(c, '两' | '半');
    let verb = || known::is_said_for_a_while(unit);
    let pairs = || is_pair(text[doubling.end..].chars()) || is_pair(before.chars().rev());
    let after = || text[doubling.end..].chars().next();
    let calls = || {
        let begins = before.ends_with(['\n', '“', '‘', '「'])
            || before.ends_with(['，', '：']) && is_spoken(text, doubling.start);
        begins && after().is_some_and(|c| CALLED.contains(c))
    };
    match doubling.length {
        _ if unit.contains(numeral) => true,
        1 if before.ends_with('一') => !NO_CLASSIFIERS.contains(unit),
        1 if "上下".contains(unit) => after().is_some_and(|c| NEXT_BUT_ONE.contains(c)),
        1 if EVERY.contains(unit) => !before.ends_with(|c: char| c.is_ascii_digit() || numeral(c)),
        1 => DOUBLED_WORDS.contains(unit) || pairs(),
        2 if verb() => true,
        2.. if calls() => true,
        2.. if EMPHASIS.iter().any(|word| unit.starts_with(word)) => true,
        2.. if ANY.iter().any(|word| unit.contains(word)) => true,
        _ => {
            let goes_on = || after().is_some_and(|c| unit.starts_with(c));
            unit.starts_with('的') || unit.ends_with('的') && goes_on()
        }
    }
}

/// Whether the first two characters are the same.
fn is_pair(mut chars: impl Iterator<Item = char>) -> bool {
    let first = chars.next().filter(|c| is_han(*c));
    first.is_some() && first == chars.next()
}
