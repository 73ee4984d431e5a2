//! Portions of a document whose error rates are estimated apart: a bad page says nothing of a clean
//! chapter bound with it, and what is appended to a text does not change what is found in it.

use std::ops::Range;

use crate::text::Census;

/// Characters from which on a new portion begins with the next paragraph.
const LONG: usize = 10_000;

/// The portions read so far.
#[derive(Debug, Default)]
pub(super) struct Portions {
    portions: Vec<Portion>,
}

/// A portion of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Portion {
    /// How many findings came before it.
    findings: usize,
    /// How many characters it has.
    pub(super) characters: usize,
    /// Of those, words of grammar of modern prose, and of older one.
    modern: usize,
    literary: usize,
    /// Words of somebody who speaks of himself or to somebody.
    personal: usize,
}

/// Whose words a portion is, as far as its words of grammar tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// Somebody speaks of himself or to somebody: letters, posts, what learners write.
    Personal,
    /// News, reports, documentation.
    Written,
    /// Classical prose, and what is written after it.
    Older,
}

/// The error rate that is expected of a portion by how it is written, and how many characters that
/// is worth. What people write to each other has many errors, what is printed has few; of older
/// prose, where much is unusual that is right, the prior of the fit holds. Of nine pairs these find
/// most of the slips of learners and of the presses with the fewest alarms in sentences of 21
/// registers, each a document of its own.
pub(super) const PERSONAL: (f32, f32) = (1e-3, 100.0);
pub(super) const WRITTEN: (f32, f32) = (1e-4, 1000.0);

/// The error rate that is expected of a text of which the characters were counted, and how many
/// characters that is worth: what is older is judged as what is printed.
pub(crate) fn expected(census: &Census) -> (f32, f32) {
    let mut whole = Portion {
        characters: census.characters(),
        ..Portion::default()
    };
    for (c, count) in census.iter() {
        whole.note(c, count);
    }
    match whole.voice() {
        Voice::Personal => PERSONAL,
        Voice::Written | Voice::Older => WRITTEN,
    }
}

impl Portion {
    /// Notes that a character stands so often in it.
    fn note(&mut self, c: char, times: usize) {
        match c {
            '的' => self.modern += times,
            // of classical prose, and of what is written after it
            '之' | '其' | '曰' | '矣' | '乃' | '而' | '也' | '乎' => self.literary += times,
            // of somebody who speaks of himself or to somebody
            '我' | '你' | '您' | '咱' | '妳' | '吗' | '呢' | '吧' | '啊' => {
                self.personal += times
            }
            _ => {}
        }
    }

    pub(super) fn voice(&self) -> Voice {
        let older = self.literary >= FEW && self.literary >= self.modern;
        let personal = self.personal > self.literary && self.personal * OFTEN > self.characters;
        match (older, personal) {
            (true, _) => Voice::Older,
            (false, true) => Voice::Personal,
            (false, false) => Voice::Written,
        }
    }
}

/// One character in so many is a word of somebody who speaks.
const OFTEN: usize = 80;
/// So few words of older grammar tell nothing.
const FEW: usize = 3;

impl Portions {
    /// Adds a paragraph that comes after so many findings; `apart` if it belongs to another kind of
    /// text than the one before.
    pub(super) fn add(&mut self, findings: usize, characters: usize, apart: bool) {
        match self.portions.last_mut() {
            Some(portion) if !apart && portion.characters < LONG => {
                portion.characters += characters
            }
            _ => self.portions.push(Portion {
                findings,
                characters,
                ..Portion::default()
            }),
        }
    }

    /// Notes the words of grammar of the paragraph that was added last.
    pub(super) fn note_grammar(&mut self, paragraph: &str) {
        let Some(portion) = self.portions.last_mut() else {
            return;
        };
        for c in paragraph.chars() {
            portion.note(c, 1);
        }
    }

    /// The number of the portion that is being read.
    pub(super) fn last(&self) -> usize {
        self.portions.len().saturating_sub(1)
    }

    /// Each portion, with the findings that it holds, of so many.
    pub(super) fn each(
        &self,
        findings: usize,
    ) -> impl Iterator<Item = (Range<usize>, Portion)> + '_ {
        let ends = self.portions.iter().skip(1).map(|next| next.findings);
        let ends = ends.chain(std::iter::once(findings));
        let portions = self.portions.iter().zip(ends);
        portions.map(|(portion, end)| (portion.findings..end, *portion))
    }
}

/// How much of a portion is to be read again, closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// None of it.
    Nothing,
    /// The paragraphs in which something was found.
    Found,
    /// All of it.
    All,
}

/// What is to be read again.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Of each portion whether all of it is.
    portions: Vec<bool>,
    /// Paragraphs of the others, in order.
    paragraphs: Vec<usize>,
}

impl Asked {
    /// Whether a paragraph of a portion is.
    pub(super) fn holds(&self, portion: usize, paragraph: usize) -> bool {
        self.portions.get(portion) == Some(&true) || self.names(paragraph)
    }

    /// Whether a paragraph is, though not all of its portion.
    pub(super) fn names(&self, paragraph: usize) -> bool {
        self.paragraphs.binary_search(&paragraph).is_ok()
    }
}

/// What was found, portion by portion.
#[derive(Debug)]
pub(crate) struct Portioned<T> {
    items: Vec<T>,
    /// Where each portion ends among the items, and how much of it is to be read closely.
    portions: Vec<(usize, Again)>,
}

impl<T> Default for Portioned<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            portions: Vec::new(),
        }
    }
}

impl<T> Portioned<T> {
    /// Adds what was found in the next portion.
    pub(super) fn push(&mut self, found: impl Iterator<Item = T>, again: Again) {
        self.items.extend(found);
        self.portions.push((self.items.len(), again));
    }

    /// What is to be read closely, if anything is; `sure` gives the paragraph of what was surely
    /// found.
    pub(super) fn again(&self, sure: impl Fn(&T) -> Option<usize>) -> Option<Asked> {
        let (mut before, mut paragraphs) = (0, Vec::new());
        for (end, again) in &self.portions {
            if *again == Again::Found {
                paragraphs.extend(self.items[before..*end].iter().filter_map(&sure));
            }
            before = *end;
        }
        paragraphs.dedup();
        let all = |portion: &(usize, Again)| portion.1 == Again::All;
        let asked = !paragraphs.is_empty() || self.portions.iter().any(all);
        asked.then(|| Asked {
            portions: self.portions.iter().map(all).collect(),
            paragraphs,
        })
    }

    /// What was found in all of them.
    pub(super) fn into_items(self) -> Vec<T> {
        self.items
    }

    /// With what a close reading of the same text found, where that was called for; `again` says
    /// whether something stands in a paragraph that was read again, though not all of its portion.
    pub(super) fn read_closely(self, close: Self, again: impl Fn(&T) -> bool) -> Vec<T> {
        let (mut quick, mut close_items) = (self.items.into_iter(), close.items.into_iter());
        let (mut before, mut close_before) = (0, 0);
        let mut found = Vec::new();
        for ((end, of_portion), (close_end, _)) in self.portions.into_iter().zip(close.portions) {
            let own = quick.by_ref().take(end - before);
            let other = close_items.by_ref().take(close_end - close_before);
            match of_portion {
                Again::Nothing => {
                    other.for_each(drop);
                    found.extend(own);
                }
                Again::Found => {
                    found.extend(own.filter(|item| !again(item)));
                    found.extend(other);
                }
                Again::All => {
                    own.for_each(drop);
                    found.extend(other);
                }
            }
            (before, close_before) = (end, close_end);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_ends_with_its_kind_of_text_or_when_it_is_long() {
        let mut portions = Portions::default();
        portions.add(0, 400, true);
        portions.add(2, LONG, false);
        portions.add(3, 50, false);
        portions.add(3, 50, true);
        let each = portions.each(5).map(|(held, p)| (held, p.characters));
        let each: Vec<_> = each.collect();
        assert_eq!(each, [(0..3, 400 + LONG), (3..3, 50), (3..5, 50)]);
    }

    #[test]
    fn words_of_grammar_tell_how_a_portion_is_written() {
        let voice = |text: &str| {
            let mut portions = Portions::default();
            portions.add(0, text.chars().count(), false);
            portions.note_grammar(text);
            let (_, portion) = portions.each(0).next().expect("a portion");
            portion.voice()
        };
        assert_eq!(voice("我想问你，这本书放在哪里？"), Voice::Personal);
        assert_eq!(
            voice("全县的粮食产量比上年增长，其中水稻的播种面积扩大，而玉米的面积不变。"),
            Voice::Written
        );
        assert_eq!(
            voice("太祖乃遣使者谕之，其众皆散，而贼首走入山中。"),
            Voice::Older
        );
    }

    #[test]
    fn only_what_is_dirty_is_read_closely() {
        // paragraphs are called by tens
        let found = |items: [&[usize]; 3], again: [Again; 3]| {
            let mut portioned = Portioned::default();
            for (items, again) in items.iter().zip(again) {
                portioned.push(items.iter().copied(), again);
            }
            portioned
        };
        let quick = found(
            [&[1, 2], &[13], &[24, 35]],
            [Again::Nothing, Again::All, Again::Found],
        );
        let paragraph = |item: &usize| item / 10;
        let sure = |item: &usize| (*item == 24).then(|| paragraph(item));
        let asked = quick.again(sure).expect("something is dirty");
        assert!(!asked.holds(0, 0) && asked.holds(1, 1) && asked.holds(2, 2) && !asked.holds(2, 3));
        let close = found([&[], &[17, 18], &[29]], [Again::All; 3]);
        let again = |item: &usize| asked.names(paragraph(item));
        assert_eq!(quick.read_closely(close, again), [1, 2, 17, 18, 35, 29]);
        let clean = found([&[1], &[12], &[23]], [Again::Nothing; 3]);
        assert!(clean.again(sure).is_none());
    }
}
