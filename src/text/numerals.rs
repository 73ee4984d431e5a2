//! Chinese numerals, and the kinds of them that are told apart.

/// Whether a character is a numeral, or a word that stands for one (两, 几, 半).
#[must_use]
pub fn is_numeral(c: char) -> bool {
    is_to_ten(c)
        || matches!(
            c,
            '两' | '百' | '千' | '万' | '亿' | '零' | '〇' | '半' | '几'
        )
}

/// Whether it is one of those that count the items of a list: 一 to 十.
#[must_use]
pub fn is_to_ten(c: char) -> bool {
    to_ten(c).is_some()
}

/// The value of one of those.
#[must_use]
pub fn to_ten(c: char) -> Option<u32> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// Whether it can be a digit of a number that is written digit by digit: 二〇二六.
#[must_use]
pub fn is_digit(c: char) -> bool {
    is_to_ten(c) && c != '十' || matches!(c, '〇' | '零')
}

/// Whether it is a numeral as cheques have them (壹, 拾), or one that stands for two (廿, 卅).
#[must_use]
pub fn is_formal(c: char) -> bool {
    #[rustfmt::skip]
    let formal = matches!(
        c,
        '壹' | '贰' | '叁' | '肆' | '伍' | '陆' | '柒' | '捌' | '玖' | '拾' | '佰' | '仟' | '廿' | '卅'
    );
    formal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_lie_within_each_other() {
        for (number, c) in (1..).zip("一二三四五六七八九十".chars()) {
            assert_eq!(to_ten(c), Some(number));
            assert!(is_numeral(c) && is_digit(c) == (c != '十') && !is_formal(c));
        }
        for c in "两百千万亿零〇半几".chars() {
            assert!(is_numeral(c) && !is_to_ten(c) && is_digit(c) == "零〇".contains(c));
        }
        assert!(!is_numeral('拾') && is_formal('拾') && !is_numeral('年'));
    }
}
