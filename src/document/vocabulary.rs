//! Words that are right here, whatever the rules think of them: names, terms, dialect, the
//! project's own spelling.

use std::collections::HashSet;

use crate::text::Span;

/// Words that are right in the documents of a project.
///
/// A word may be of any length and script; it is compared character by character. The table is
/// asked only where a rule is about to speak, so it is a hash set and no automaton: nothing is
/// built at start-up beyond reading the words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    words: HashSet<Box<str>>,
    /// Lengths of the words in bytes, ascending, each once.
    lengths: Vec<usize>,
}

impl Vocabulary {
    /// Reads a word list: a word a line; blank lines and lines that begin with `#` are skipped.
    pub fn extend_from_list(&mut self, list: &str) {
        self.extend(
            list.lines()
                .filter(|line| !line.trim_start().starts_with('#')),
        );
    }

    /// Whether there is no word in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether `word` is one of the words.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether `span` of `text` lies inside an occurrence of a word. Costs a look-up for each place
    /// and length a word could have there.
    #[must_use]
    pub fn covers(&self, text: &str, span: Span) -> bool {
        let Some(&longest) = self.lengths.last() else {
            return false;
        };
        let first = span.end().saturating_sub(longest);
        (first..=span.start())
            .filter(|at| text.is_char_boundary(*at))
            .any(|at| {
                let shortest = self.lengths.partition_point(|len| at + len < span.end());
                self.lengths[shortest..].iter().any(|len| {
                    text.get(at..at + len)
                        .is_some_and(|word| self.words.contains(word))
                })
            })
    }
}

impl<W: AsRef<str>> Extend<W> for Vocabulary {
    fn extend<I: IntoIterator<Item = W>>(&mut self, words: I) {
        for word in words {
            let word = word.as_ref().trim();
            if word.is_empty() {
                continue;
            }
            if let Err(place) = self.lengths.binary_search(&word.len()) {
                self.lengths.insert(place, word.len());
            }
            self.words.insert(word.into());
        }
    }
}

impl<W: AsRef<str>> FromIterator<W> for Vocabulary {
    fn from_iter<I: IntoIterator<Item = W>>(words: I) -> Self {
        let mut vocabulary = Self::default();
        vocabulary.extend(words);
        vocabulary
    }
}

/// The vocabulary as one document sees it.
#[derive(Clone, Copy, Debug)]
pub struct KnownWords<'a> {
    pub(super) vocabulary: Option<&'a Vocabulary>,
    pub(super) text: &'a str,
}

impl KnownWords<'_> {
    /// Whether `span` of the document lies inside a word of the vocabulary: what stands there is
    /// right.
    #[must_use]
    pub fn covers(self, span: Span) -> bool {
        self.vocabulary
            .is_some_and(|words| words.covers(self.text, span))
    }

    /// Whether `word` itself is in the vocabulary.
    #[must_use]
    pub fn contains(self, word: &str) -> bool {
        self.vocabulary.is_some_and(|words| words.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use crate::text::Span;

    fn span(text: &str, part: &str) -> Span {
        let start = text.find(part).expect("part");
        Span::new(start, start + part.len())
    }

    #[test]
    fn a_word_covers_what_lies_inside_it() {
        let mut words = Vocabulary::default();
        words.extend_from_list("# 地名\n布布依寨\n\n  健全全 \n");
        let text = "他从布布依寨来，布布县没有去。";
        assert!(words.covers(text, span(text, "布布")));
        assert!(words.covers(text, span(text, "布布依寨")));
        assert!(!words.covers(text, span(text, "从布布")));
        assert!(!words.covers(text, span(text, "布布县")));
        assert!(words.contains("健全全"));
        assert!(!Vocabulary::default().covers(text, span(text, "布布")));
    }

    #[test]
    fn text_ends_are_no_trouble() {
        let words: Vocabulary = ["甲乙", "丙"].into_iter().collect();
        assert!(words.covers("甲乙", Span::new(3, 6)));
        assert!(words.covers("丙", Span::new(0, 3)));
        assert!(!words.covers("乙", Span::new(0, 3)));
    }
}
