//! What a document itself tells of the two sides of a seam: whether they stand side by side
//! elsewhere, and whether they run parallel.

use std::ops::Range;

use memchr::memmem;

use crate::model::characters::CharId;

/// How far around either side the document is searched, in bytes.
const REACH: usize = 12_000;
/// Characters on either side that are compared.
const LONGEST: usize = 6;

/// How many characters of the end of one text and the beginning of another stand side by side
/// elsewhere near by: at least one of each, most of all places. 公司 above 董事长 where the article
/// has 该公司董事长 once more gives 5.
pub(crate) fn seen_across(text: &str, end: usize, start: usize) -> f32 {
    let last = text[..end].chars().next_back();
    let first = text[start..].chars().next();
    let (Some(last), Some(first)) = (last, first) else {
        return 0.0;
    };
    let mut seam = [0; 8];
    let half = last.encode_utf8(&mut seam).len();
    let whole = half + first.encode_utf8(&mut seam[half..]).len();
    let finder = memmem::Finder::new(&seam[..whole]);
    let mut most = 0;
    for window in windows(text, end, start) {
        for at in finder.find_iter(&text.as_bytes()[window.clone()]) {
            let seam = window.start + at + half;
            let same = |(a, b): &(char, char)| a == b;
            let left = text[..seam]
                .chars()
                .rev()
                .zip(text[..end].chars().rev())
                .take(LONGEST)
                .take_while(same)
                .count();
            let right = text[seam..]
                .chars()
                .zip(text[start..].chars())
                .take(LONGEST)
                .take_while(same)
                .count();
            most = most.max(left + right);
        }
    }
    most as f32
}

/// What is near either side, once.
fn windows(text: &str, end: usize, start: usize) -> impl Iterator<Item = Range<usize>> {
    let border = |at: usize| {
        (at..=text.len())
            .find(|i| text.is_char_boundary(*i))
            .unwrap_or(text.len())
    };
    let around = |at: usize| border(at.saturating_sub(REACH))..border(at + REACH).min(text.len());
    let (one, other) = (around(end.min(start)), around(end.max(start)));
    let (first, second) = if one.end >= other.start {
        (one.start..other.end, None)
    } else {
        (one, Some(other))
    };
    std::iter::once(first).chain(second)
}

/// The longest run of characters that both the end of one text and the beginning of another have:
/// 无愧于时代、|无愧于人民 runs parallel.
pub(crate) fn parallel(tail: &[CharId], head: &[CharId]) -> f32 {
    let run = |i: usize, j: usize| {
        let same = tail[i..].iter().zip(&head[j..]);
        same.take_while(|(a, b)| a == b).count()
    };
    let starts = (0..tail.len()).flat_map(|i| (0..head.len()).map(move |j| (i, j)));
    starts.map(|(i, j)| run(i, j)).max().unwrap_or(0) as f32
}

#[cfg(test)]
mod tests {
    use super::{parallel, seen_across};

    #[test]
    fn both_sides_stand_side_by_side_elsewhere() {
        let text = "工人说公司\n该公司董事长李诗华说，\n董事长来了";
        let end = text.find('\n').unwrap();
        let start = text.rfind('\n').unwrap() + 1;
        assert_eq!(seen_across(text, end, start), 5.0);
        assert_eq!(seen_across(text, text.find('工').unwrap() + 3, start), 0.0);
    }

    #[test]
    fn the_longest_common_run() {
        assert_eq!(parallel(&[1, 2, 3, 4, 5], &[2, 3, 4, 9]), 3.0);
        assert_eq!(parallel(&[1], &[2]), 0.0);
    }
}
