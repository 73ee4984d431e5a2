//! What tells what a text is about: its words, and single characters side by side that are no word,
//! which most names are.

use std::ops::Range;

use super::lexicon::WordId;
use super::segment::Word;
use crate::text::is_han;

/// What a text is about, in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// A word of the lexicon, but no single Chinese character.
    Word(WordId),
    /// Two Chinese characters that are no word.
    Pair(char, char),
    /// What is no Chinese and no word of the lexicon.
    Strange,
}

/// Calls `each` with what of a text that was cut into words tells what it is about, and where it
/// stands, in bytes.
#[inline]
pub(crate) fn each_telling(
    text: &str,
    words: &[Word],
    mut each: impl FnMut(Telling, Range<usize>),
) {
    let mut single: Option<(char, usize)> = None;
    for word in words {
        let (start, end) = (word.start as usize, word.end as usize);
        let here = match word.characters {
            1 => text[start..].chars().next().filter(|c| is_han(*c)),
            _ => None,
        };
        let Some(c) = here else {
            single = None;
            each(
                word.word.map_or(Telling::Strange, Telling::Word),
                start..end,
            );
            continue;
        };
        if let Some((before, from)) = single {
            each(Telling::Pair(before, c), from..end);
        }
        single = Some((c, start)).filter(|_| !is_filler(c));
    }
}

/// Words of one character that are in every text and no part of a name.
fn is_filler(c: char) -> bool {
    #[rustfmt::skip]
    let filler = matches!(
        c,
        '的' | '了' | '是' | '在' | '和' | '与' | '也' | '都' | '不' | '就' | '有' | '为' | '对' | '从' | '到' | '上' | '中' | '下' | '将'
            | '被' | '把' | '这' | '那' | '其' | '并' | '及' | '等' | '年' | '月' | '日'
    );
    filler
}

#[cfg(test)]
mod tests {
    use super::{Telling, each_telling};
    use crate::model::Model;

    #[test]
    fn names_are_pairs_and_small_words_are_none() {
        let (text, mut words) = ("霍珥和贾彧的潜水器用GPS。", Vec::new());
        Model::embedded().segment(text, &mut words);
        let (mut told, mut strange) = (Vec::new(), Vec::new());
        each_telling(text, &words, |telling, at| match telling {
            Telling::Strange => strange.push(&text[at]),
            Telling::Pair(..) | Telling::Word(_) => told.push(&text[at]),
        });
        assert_eq!(told, ["霍珥", "珥和", "贾彧", "彧的", "潜水器"]);
        assert_eq!(strange, ["GPS", "。"]);
    }
}
