//! The manner in which a document is written, as far as it decides how sure the rules about
//! structure can be.
//!
//! The trees that weigh cuts and places were fitted on reports. A novel opens paragraphs without a
//! subject, an essay changes the subject as it likes, notes are written without full stops: what
//! stands out in a report is usual there.

use super::Reading;
use super::continuity::seam;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// News, reports, official texts: whole sentences, nobody is spoken to.
    Report,
    /// Fiction, essays, speech, documentation, classical texts.
    Other,
    /// Paragraphs mostly end without the end of a sentence: notes, verse, captions.
    Unended,
    /// Many paragraphs lack only the mark at the end: reviews, posts, chats.
    Unmarked,
}

/// Words that speak to somebody.
fn is_spoken(c: char) -> bool {
    matches!(c, '你' | '她' | '吗' | '呢' | '吧' | '啊' | '您')
}

/// Words of classical writing.
fn is_literary(c: char) -> bool {
    matches!(c, '之' | '曰' | '矣' | '乃' | '其' | '也' | '而')
}

/// Characters that are looked at.
const LOOKED_AT: usize = 30_000;
/// Paragraphs that tell how paragraphs end.
const ENOUGH: usize = 12;

/// A text leaves out marks at the end where it does so in this many paragraphs, and one of so many.
const LEFT_OUT: f32 = 3.0;
const OFTEN: f32 = 16.0;

impl Manner {
    /// Nine news pages in ten have half of each at most; novels, essays and documentation twice as
    /// much of one.
    pub(super) fn of(document: &Reading<'_>) -> Self {
        let (ended, all) = seam::ended(document, document.paragraphs());
        let habit = document.habit();
        let whole = (all - ended) as f32 - habit.cut;
        if all >= ENOUGH && whole * 2.0 > all as f32 {
            return Self::Unended;
        }
        if habit.left_out >= LEFT_OUT && habit.left_out * OFTEN > all as f32 {
            return Self::Unmarked;
        }
        let (mut han, mut spoken, mut literary, mut latin) = (200, 0, 0, 0);
        let mut tell = |c: char, times: usize| {
            if c.is_ascii_alphabetic() {
                latin += times;
            } else if crate::text::is_han(c) {
                han += times;
                spoken += times * usize::from(is_spoken(c));
                literary += times * usize::from(is_literary(c));
            }
        };
        let (text, census) = (document.text(), document.census());
        // A text that is looked at as a whole has been counted.
        if census.characters() <= LOOKED_AT && census.beyond() == 0 {
            census.iter().for_each(|(c, times)| tell(c, times));
        } else {
            text.chars().take(LOOKED_AT).for_each(|c| tell(c, 1));
        }
        if spoken * 1000 < han * 6 && literary * 1000 < han * 16 && latin * 100 < han * 8 {
            Self::Report
        } else {
            Self::Other
        }
    }
}
