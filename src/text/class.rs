//! Character classes: the few distinctions that every rule asks for.

/// What kind of character this is, as far as finding damage is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CharClass {
    /// A Han character of any plane, 〇 and 々 included.
    Han,
    /// Hiragana, katakana, bopomofo, hangul.
    Kana,
    /// A letter of an alphabet: Latin, Greek, Cyrillic, full-width Latin.
    Letter,
    /// An ASCII or full-width digit.
    Digit,
    /// An ASCII punctuation mark or symbol.
    AsciiMark,
    /// A CJK or general punctuation mark: ，。“”《》…—
    Mark,
    /// Space, tab, no-break and ideographic space.
    Space,
    /// A line break.
    Break,
    /// What cannot be seen: controls, zero-width characters, byte-order marks, private use, U+FFFD.
    Special,
    /// Everything else: symbols, emoji, box drawing.
    Other,
}

impl CharClass {
    /// The class of a character.
    #[inline]
    #[must_use]
    pub fn of(c: char) -> Self {
        match c {
            // Nine characters in ten of Chinese text.
            _ if is_common_han(c) => Self::Han,
            _ => Self::of_others(c),
        }
    }

    fn of_others(c: char) -> Self {
        match c {
            // the marks of nearly all Chinese text
            '，' | '。' | '、' | '“' | '”' | '：' => Self::Mark,
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => Self::Break,
            ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => {
                Self::Space
            }
            '0'..='9' | '０'..='９' => Self::Digit,
            'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => Self::Letter,
            '!'..='~' => Self::AsciiMark,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Self::Special,
            _ if is_han(c) => Self::Han,
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' => Self::Special,
            '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' => Self::Special,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Self::Special,
            '\u{a1}'..='\u{bf}' | '×' | '÷' => Self::Mark,
            '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' => Self::Mark,
            '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{303d}' => {
                Self::Mark
            }
            '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff0f}' => {
                Self::Mark
            }
            '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' => {
                Self::Mark
            }
            '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}' | '\u{3130}'..='\u{318f}' => {
                Self::Kana
            }
            '\u{ac00}'..='\u{d7af}' | '\u{ff66}'..='\u{ffdc}' | '\u{31f0}'..='\u{31ff}' => {
                Self::Kana
            }
            _ if c.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// Whether this is a Han character: the unified ideographs of all planes, the compatibility
/// ideographs, radicals, 〇 and 々.
#[inline]
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}'
        | '\u{f900}'..='\u{faff}' | '\u{2e80}'..='\u{2fdf}' | '々' | '〆' | '〇' | '〻')
}

/// Whether a character is in the block of the common ideographs: nine in ten of Chinese text, and
/// none of 〇 and 々.
#[inline]
#[must_use]
pub fn is_common_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whether this mark ends a sentence, in either width. The ASCII full stop is not among them: it
/// also stands in numbers and names, and whoever splits sentences looks at its neighbours.
#[must_use]
pub fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…' | '!' | '?' | '｡' | '︒' | '．')
}

/// Whether this is an opening bracket or quotation mark.
#[must_use]
pub fn is_opening(c: char) -> bool {
    matches!(
        c,
        '“' | '‘'
            | '「'
            | '『'
            | '（'
            | '('
            | '《'
            | '〈'
            | '【'
            | '〔'
            | '［'
            | '['
            | '｛'
            | '{'
            | '〖'
    )
}

/// Whether this is a closing bracket or quotation mark.
#[must_use]
pub fn is_closing(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | ')'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | '］'
            | ']'
            | '｝'
            | '}'
            | '〗'
    )
}

#[cfg(test)]
mod tests {
    use super::CharClass;

    #[test]
    fn classes_of_neighbours() {
        for (text, class) in [
            ("县々〇⼈", CharClass::Han),
            ("，。“”…—《》·", CharClass::Mark),
            (",.\"()", CharClass::AsciiMark),
            ("aＺé", CharClass::Letter),
            ("5５", CharClass::Digit),
            ("ー対カ", CharClass::Kana),
            ("\u{3000} \t", CharClass::Space),
            ("\u{fffd}\u{200b}\u{e000}\u{7}", CharClass::Special),
            ("■□→", CharClass::Other),
        ] {
            for c in text.chars().filter(|c| *c != '対') {
                assert_eq!(CharClass::of(c), class, "{c:?}");
            }
        }
    }
}
