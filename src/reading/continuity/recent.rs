//! What was asked for lately: answers about paragraphs near by, in a fixed amount of memory.

/// Answers about paragraphs near by, a fixed number of them. Pairs are at most a few hundred
/// paragraphs apart, so nearly every question is answered once.
pub(crate) struct Lately<T>(Vec<Option<(usize, T)>>);

impl<T> Lately<T> {
    const SLOTS: usize = 1024;

    /// For so many paragraphs.
    pub(crate) fn new(paragraphs: usize) -> Self {
        let slots = paragraphs.clamp(1, Self::SLOTS);
        Self(std::iter::repeat_with(|| None).take(slots).collect())
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let slot = self.0[index % self.0.len()].as_ref();
        slot.filter(|(of, _)| *of == index).map(|(_, known)| known)
    }

    pub(crate) fn put(&mut self, index: usize, answer: T) {
        let slots = self.0.len();
        self.0[index % slots] = Some((index, answer));
    }
}
