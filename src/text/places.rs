//! Spans that are asked for overlaps.

use super::Span;

/// Spans in ascending order, with the furthest end so far: an overlap is found by bisection.
#[derive(Debug, Default)]
pub struct Places {
    starts: Vec<usize>,
    furthest: Vec<usize>,
}

impl Places {
    /// Adds a span that does not begin before those added so far.
    pub fn push(&mut self, span: Span) {
        self.starts.push(span.start());
        let furthest = self.furthest.last().copied().unwrap_or(0).max(span.end());
        self.furthest.push(furthest);
    }

    /// Whether one of the spans shares a byte with this one, or holds it where it is empty.
    #[must_use]
    pub fn overlap(&self, span: Span) -> bool {
        let before = self
            .starts
            .partition_point(|s| *s < span.end().max(span.start() + 1));
        before > 0 && self.furthest[before - 1] > span.start()
    }
}

impl FromIterator<Span> for Places {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let mut spans: Vec<_> = spans.into_iter().collect();
        spans.sort_unstable();
        let mut places = Self::default();
        spans.into_iter().for_each(|span| places.push(span));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, Span};

    #[test]
    fn a_long_span_before_short_ones_is_found() {
        let spans = [(4, 6), (0, 100), (8, 9)].map(|(a, b)| Span::new(a, b));
        let places: Places = spans.into_iter().collect();
        assert!(places.overlap(Span::new(50, 51)));
        assert!(places.overlap(Span::new(50, 50)));
        assert!(!places.overlap(Span::new(100, 101)));
    }
}
