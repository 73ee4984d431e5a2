//! Several corrections may want the same characters: the likeliest of them is the one to tell.

use crate::text::Span;

/// Of candidates that overlap, the likeliest; of equals the first. They come in the order of their
/// spans.
pub(super) fn likeliest<T>(found: impl Iterator<Item = (Span, f32, T)>) -> Vec<(f32, T)> {
    let mut kept: Vec<(Span, f32, T)> = Vec::new();
    for candidate in found {
        match kept.last_mut() {
            Some(last) if candidate.0.start() < last.0.end() => {
                if candidate.1 > last.1 {
                    *last = candidate;
                }
            }
            _ => kept.push(candidate),
        }
    }
    kept.into_iter()
        .map(|(_, probability, candidate)| (probability, candidate))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::likeliest;
    use crate::text::Span;

    #[test]
    fn one_is_kept_of_those_that_overlap() {
        let found = [(0, 6, 0.5), (3, 9, 0.9), (6, 12, 0.9), (12, 15, 0.2)];
        let found = found.map(|(start, end, p)| (Span::new(start, end), p, start));
        let kept = likeliest(found.into_iter());
        assert_eq!(kept, [(0.9, 3), (0.2, 12)]);
    }
}
