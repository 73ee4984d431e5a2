//! The numbers that items of a list begin with: 一是, 第一, （一）, 一、, 1., ①.

use super::is_han;
use super::numerals::{is_to_ten, to_ten};

/// How items are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// 一是
    Is,
    /// 第一，
    Ordinal,
    /// （一）
    Bracketed,
    /// （1）
    BracketedDigit,
    /// 一、
    Listed,
    /// 1. and 1、
    Digit,
    /// ①
    Circled,
}

/// How many styles there are.
pub(crate) const STYLES: usize = Style::Circled as usize + 1;

/// The number at the beginning of `text`, its style, and how many bytes it takes.
pub(crate) fn mark(text: &str, at_start: bool) -> Option<(Style, u32, usize)> {
    let first = text.chars().next()?;
    match first {
        '0'..='9' | '（' | '(' | '第' => {}
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {}
        '①'..='⑩' => {
            let number = u32::from(first) - u32::from('①') + 1;
            return Some((Style::Circled, number, first.len_utf8()));
        }
        _ => return None,
    }
    let inside = text.strip_prefix(['（', '(', '第']).unwrap_or(text);
    let opening = text.len() - inside.len();
    let (number, length, digits) = numeral(inside)?;
    let rest = &inside[length..];
    let next = rest.chars().next();
    let whole = |mark: char| opening + length + mark.len_utf8();
    match (first, next) {
        ('（' | '(', Some(c @ ('）' | ')'))) => {
            let style = if digits {
                Style::BracketedDigit
            } else {
                Style::Bracketed
            };
            Some((style, number, whole(c)))
        }
        ('第', Some('、')) if numeral(&rest['、'.len_utf8()..]).is_some() => None,
        ('第', Some(c @ ('，' | ',' | '、' | '：' | ':'))) if !digits => {
            Some((Style::Ordinal, number, whole(c)))
        }
        ('第' | '（' | '(', _) => None,
        (_, Some('是')) if !digits => {
            // 一是一，二是二, but 二是一些企业
            let mut after = rest.chars().skip(1);
            let (first, second) = (after.next(), after.next());
            let is_number = |c| is_to_ten(c) && second.is_none_or(|c| !is_han(c) || is_to_ten(c));
            (!first.is_none_or(|c| is_number(c) || matches!(c, '，' | '。')))
                .then(|| (Style::Is, number, whole('是')))
        }
        (_, Some('、')) if !digits && at_start && !is_about(number, &rest['、'.len_utf8()..]) => {
            Some((Style::Listed, number, whole('、')))
        }
        (_, Some(c @ ('.' | '．' | '、'))) if digits && at_start => {
            let after = &rest[c.len_utf8()..];
            let is_decimal =
                after.starts_with(|c: char| c.is_ascii_digit()) && !opens_with_date(after);
            (!after.is_empty() && !is_decimal).then(|| (Style::Digit, number, whole(c)))
        }
        _ => None,
    }
}

/// Whether the number is the lesser of two that stand for about so many: 九、十月的天气,
/// 三、四个人.
fn is_about(number: u32, after: &str) -> bool {
    const COUNTED: &str = "月日年号个天次位名里岁点分斤人层章回";
    numeral(after).is_some_and(|(greater, length, digits)| {
        let counted = after[length..].chars().next();
        !digits && greater == number + 1 && counted.is_some_and(|c| COUNTED.contains(c))
    })
}

/// Whether digits that follow the number of an item are a month or a year: 3.11月以来.
fn opens_with_date(after: &str) -> bool {
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let month = after[..digits]
        .parse()
        .is_ok_and(|n: u16| (1..=12).contains(&n));
    let counted = after[digits..].chars().next();
    month && counted == Some('月') || digits == 4 && counted == Some('年')
}

/// A small number in Han numerals or digits: its value, its length in bytes, whether it is digits.
fn numeral(text: &str) -> Option<(u32, usize, bool)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let number = text[..digits]
            .parse()
            .ok()
            .filter(|n| (1..=50).contains(n))?;
        return Some((number, digits, true));
    }
    let mut chars = text.chars();
    let first = to_ten(chars.next()?)?;
    Some(match (first, chars.next().and_then(to_ten)) {
        (10, Some(ones @ 1..10)) => (10 + ones, 6, false),
        (tens @ 2..10, Some(10)) => match chars.next().and_then(to_ten) {
            Some(ones @ 1..10) => (10 * tens + ones, 9, false),
            _ => (10 * tens, 6, false),
        },
        (_, Some(_)) => return None,
        (number, None) => (number, 3, false),
    })
}

#[cfg(test)]
mod tests {
    use super::{Style, mark, numeral};

    #[test]
    fn marks() {
        assert_eq!(mark("一是修路", false), Some((Style::Is, 1, 6)));
        assert_eq!(mark("二是二", false), None);
        assert_eq!(mark("第三，种树", false), Some((Style::Ordinal, 3, 9)));
        assert_eq!(mark("第三方", false), None);
        assert_eq!(mark("（十二）种树", true), Some((Style::Bracketed, 12, 12)));
        assert_eq!(mark("3.5亿", true), None);
        assert_eq!(mark("2. 种树", true), Some((Style::Digit, 2, 2)));
        assert_eq!(numeral("二十一、"), Some((21, 9, false)));
        assert_eq!(mark("九、十月的天气", true), None);
        assert!(mark("一、二十世纪的城市", true).is_some());
        assert_eq!(mark("7.11月份物价", true), Some((Style::Digit, 7, 2)));
        assert_eq!(mark("4.2024年龙舟赛", true), Some((Style::Digit, 4, 2)));
        assert_eq!(mark("7.5年来", true), None);
    }
}
