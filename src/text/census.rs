//! Which characters a text has, and how often.

use std::cell::RefCell;

thread_local! {
    /// Tables of zeros that nobody uses: documents may be short, and there are many.
    static SPARE: RefCell<Vec<Vec<u32>>> = const { RefCell::new(Vec::new()) };
}

/// How often each character of the basic plane stands in a text. What is about a few characters
/// asks it and need not go through the text, or only where they occur.
#[derive(Debug)]
pub struct Census {
    /// By code point.
    counts: Vec<u32>,
    /// The characters that occur, as they come first.
    distinct: Vec<char>,
    /// Characters beyond the basic plane.
    beyond: usize,
}

impl Census {
    /// Counts the characters of a text in one pass.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let spare = SPARE
            .try_with(|spare| spare.borrow_mut().pop())
            .ok()
            .flatten();
        let mut counts = spare.unwrap_or_else(|| vec![0_u32; 0x1_0000]);
        let (mut distinct, mut beyond) = (Vec::with_capacity(1024), 0);
        for c in text.chars() {
            if let Some(count) = counts.get_mut(c as usize) {
                if *count == 0 {
                    distinct.push(c);
                }
                *count = count.saturating_add(1);
            } else {
                beyond += 1;
            }
        }
        Self {
            counts,
            distinct,
            beyond,
        }
    }

    /// How often a character of the basic plane stands in the text.
    #[must_use]
    pub fn count(&self, c: char) -> usize {
        self.counts
            .get(c as usize)
            .map_or(0, |count| *count as usize)
    }

    /// Whether it does at all.
    #[must_use]
    pub fn has(&self, c: char) -> bool {
        self.count(c) > 0
    }

    /// How many characters beyond the basic plane the text has, which are not told apart.
    #[must_use]
    pub fn beyond(&self) -> usize {
        self.beyond
    }

    /// How many characters the text has.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.beyond + self.iter().map(|(_, count)| count).sum::<usize>()
    }

    /// The characters of the basic plane that occur, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (char, usize)> + '_ {
        self.distinct.iter().map(|c| (*c, self.count(*c)))
    }
}

impl Drop for Census {
    fn drop(&mut self) {
        let mut counts = std::mem::take(&mut self.counts);
        for c in &self.distinct {
            counts[*c as usize] = 0;
        }
        // Where the thread ends already, its memory goes with it.
        let _ = SPARE.try_with(|spare| spare.borrow_mut().push(counts));
    }
}

#[cfg(test)]
mod tests {
    use super::Census;

    #[test]
    fn characters_are_counted() {
        let census = Census::new("山高𠮷水长，山高路远");
        assert_eq!(
            (census.count('山'), census.count('水'), census.count('火')),
            (2, 1, 0)
        );
        assert!(census.has('，') && !census.has('𠮷') && census.beyond() == 1);
        assert_eq!(census.iter().map(|(_, count)| count).sum::<usize>(), 9);
    }
}
