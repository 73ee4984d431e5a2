//! Lines that hold the number of a page and nothing else.

use super::is_numeral;

/// What stands around the number: =====第12页=====, － 3 －, [5/12].
const AROUND: &str = "-—–－=＝─_~～·•*.[]()（）【】〔〕第页頁共/ \u{3000}";
/// The longest such line, in bytes.
const LONGEST: usize = 60;

/// Whether a line is the number of a page.
pub(crate) fn is_page_number(line: &str) -> bool {
    // most lines are longer, and begin with text
    let is_number = |c: char| matches!(c, '0'..='9' | '０'..='９') || is_numeral(c);
    let begins = |c: char| is_number(c) || AROUND.contains(c);
    if line.len() > LONGEST || !line.starts_with(begins) {
        return false;
    }
    let rest = line.trim_matches(|c| AROUND.contains(c));
    !rest.is_empty() && rest.chars().all(|c| is_number(c) || AROUND.contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_page_number;

    #[test]
    fn the_number_of_a_page_is_no_text() {
        for page in [
            "=====第12页=====",
            "－13－",
            "3",
            "— 第 七 页 —",
            "[ 5 / 12 ]",
        ] {
            assert!(is_page_number(page), "{page}");
        }
        for text in ["第三章", "一九五四年", "……", "", "====="] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
