//! Builds the double array of the lexicon.

use crate::model::characters::CharId;
use crate::model::lexicon::{Node, WordId};

/// Lays out distinct words in ascending order, each with its number.
///
/// Every node has a base of its own, so that a label alone tells whose child a slot is. Nodes with
/// many children are placed as soon as they are met, each at the first base that fits; the search
/// begins where the array is not yet full.
///
/// # Panics
/// If there are more words, or longer lists of nodes, than a node can number.
pub(crate) fn build(words: &[(&[CharId], WordId)]) -> Vec<Node> {
    assert!(
        words.len() < Node::MOST_WORDS as usize,
        "a lexicon has less than a million words"
    );
    let mut array = Array {
        nodes: vec![Node::default()],
        base_taken: vec![true],
        first_free: 1,
    };
    let mut waiting = vec![(0, 0, words.len(), 0)];
    while let Some((slot, start, end, depth)) = waiting.pop() {
        let group = &words[start..end];
        let has_word = group.first().is_some_and(|(word, _)| word.len() == depth);
        if has_word {
            array.nodes[slot].word = Some(words[start].1);
        }
        let mut from = start + usize::from(has_word);
        let mut children = Vec::new();
        while from < end {
            let label = words[from].0[depth];
            let until = from + words[from..end].partition_point(|(word, _)| word[depth] == label);
            children.push((label, from, until));
            from = until;
        }
        if children.is_empty() {
            continue;
        }
        let base = array.place(children.iter().map(|&(label, ..)| label));
        array.nodes[slot].base = base;
        waiting.extend(children.iter().map(|&(label, from, until)| {
            (base as usize + usize::from(label), from, until, depth + 1)
        }));
    }
    array.nodes
}

struct Array {
    nodes: Vec<Node>,
    base_taken: Vec<bool>,
    /// No slot before this one is free.
    first_free: usize,
}

impl Array {
    /// Takes the slots of the children with these labels, in ascending order.
    fn place(&mut self, labels: impl Iterator<Item = CharId> + Clone) -> u32 {
        let first = labels.clone().next().map_or(0, usize::from);
        let mut tried = 0;
        let mut slot = self.first_free.max(first + 1);
        let base = loop {
            let base = slot - first;
            let free = |label: CharId| {
                self.nodes
                    .get(base + usize::from(label))
                    .is_none_or(|node| node.label == 0)
            };
            if !self.base_taken.get(base).copied().unwrap_or(false) && labels.clone().all(free) {
                break base;
            }
            slot += 1;
            tried += 1;
        };
        // an area where nothing fitted any more is left alone: a few holes for a search that ends
        if tried > 4_000 {
            self.first_free = self.first_free.max(slot.saturating_sub(60_000));
        }
        for label in labels {
            let slot = base + usize::from(label);
            if self.nodes.len() <= slot {
                self.nodes.resize(slot + 1, Node::default());
            }
            self.nodes[slot].label = label;
        }
        if self.base_taken.len() <= base {
            self.base_taken.resize(base + 1, false);
        }
        self.base_taken[base] = true;
        while self
            .nodes
            .get(self.first_free)
            .is_some_and(|node| node.label != 0)
        {
            self.first_free += 1;
        }
        let base = u32::try_from(base).unwrap_or(u32::MAX);
        assert!(
            base < Node::MOST_SLOTS - 0x1_0000,
            "the lexicon is too large"
        );
        base
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::lexicon::{Kinds, Lexicon, encode};

    proptest! {
        #[test]
        fn every_word_is_found_and_nothing_else(
            words in proptest::collection::btree_set(proptest::collection::vec(5u16..60, 1..6), 1..300),
            others in proptest::collection::vec(proptest::collection::vec(0u16..80, 1..6), 100),
        ) {
            let sorted: Vec<Vec<u16>> = words.iter().cloned().collect();
            let numbered: Vec<(&[u16], u32)> = sorted.iter().zip(0..).map(|(word, at)| (word.as_slice(), at)).collect();
            let zeros = vec![0; sorted.len()];
            let body = encode(&build(&numbered), &zeros, &zeros, &vec![Kinds::default(); sorted.len()]);
            let lexicon = Lexicon::parse(&body).expect("just encoded");
            lexicon.check().expect("just encoded");
            for (at, word) in sorted.iter().enumerate() {
                prop_assert_eq!(lexicon.find(word), Some(at as u32));
            }
            for other in others {
                prop_assert_eq!(lexicon.find(&other).is_some(), words.contains(&other));
            }
        }
    }
}
