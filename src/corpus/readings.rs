//! Two readings of one page, which differ in many runs of characters and in few characters.
//!
//! What stands once in both, in the same order, anchors them (patience diff, Cohen 2006); only the
//! short stretches between are aligned, so that time and memory grow with the length of a text and
//! not with its square.

use super::comparable::{Folded, Rolling};

/// The share of characters that must be the same.
const SAME: f32 = 0.85;
/// Characters that anchor.
const ANCHOR: usize = 5;
/// Characters of the longest stretch that is aligned; of a longer one nothing counts as the same.
const ALIGNED: usize = 64;

/// The share of characters that two texts have in common, where they are readings of one page.
pub(crate) fn alike(a: &[Folded], b: &[Folded]) -> Option<f32> {
    let longer = a.len().max(b.len());
    let most = ((1.0 - SAME) * longer as f32) as usize;
    if a.len().abs_diff(b.len()) > most || differing(a, b) > 2 * most {
        return None;
    }
    let (mut i, mut j, mut changed) = (0, 0, 0);
    for (at, to) in anchors(a, b) {
        // an anchor that overlaps with the one before stands in what is common already, or
        // contradicts it
        if at < i || to < j {
            continue;
        }
        changed += distance(&a[i..at], &b[j..to]);
        if changed > most {
            return None;
        }
        let common = a[at..].iter().zip(&b[to..]).take_while(|(a, b)| a == b);
        let common = common.count();
        (i, j) = (at + common, to + common);
    }
    changed += distance(&a[i..], &b[j..]);
    (changed <= most).then(|| 1.0 - changed as f32 / longer.max(1) as f32)
}

/// How many characters at least one text has more often than the other; those that share a cell
/// count as one. Cheaper by far than laying them side by side.
fn differing(a: &[Folded], b: &[Folded]) -> usize {
    const CELLS: usize = 1 << 12;
    let mut cells = [0_i32; CELLS];
    a.iter().for_each(|c| cells[usize::from(*c) % CELLS] += 1);
    b.iter().for_each(|c| cells[usize::from(*c) % CELLS] -= 1);
    cells.iter().map(|n| n.unsigned_abs() as usize).sum()
}

/// The places of runs that stand once in either text, as many as come in one order.
fn anchors(a: &[Folded], b: &[Folded]) -> Vec<(usize, usize)> {
    let [once, other] = [a, b].map(|chars| {
        let mut places = Vec::with_capacity(chars.len());
        Rolling::<ANCHOR>::new().over(chars, |at, hash| places.push((hash, at)));
        places.sort_unstable();
        let single = places.chunk_by(|x, y| x.0 == y.0).filter(|c| c.len() == 1);
        single.map(|c| c[0]).collect::<Vec<_>>()
    });
    let mut pairs = Vec::new();
    let mut rest = other.as_slice();
    for (hash, at) in once {
        rest = &rest[rest.partition_point(|o| o.0 < hash)..];
        if let Some((_, to)) = rest.first().filter(|o| o.0 == hash) {
            pairs.push((at, *to));
        }
    }
    pairs.sort_unstable();
    rising(&pairs)
}

/// The longest part of some pairs, which rise in the first place, that rises in the second too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // the pair with the least end of all that end a part of some length, and before each pair the
    // one that it follows
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (i, (_, to)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *to);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = i,
            None => ends.push(i),
        }
    }
    let mut next = ends.last().copied();
    let mut found = Vec::with_capacity(ends.len());
    while let Some(i) = next {
        found.push(pairs[i]);
        next = before[i];
    }
    found.reverse();
    found
}

/// How many characters must be changed, put in or left out to make one stretch the other
/// (Levenshtein).
fn distance(a: &[Folded], b: &[Folded]) -> usize {
    let longer = a.len().max(b.len());
    if a.is_empty() || b.is_empty() || longer > ALIGNED {
        return longer;
    }
    let mut row = [0; ALIGNED + 1];
    for (j, cell) in row.iter_mut().enumerate() {
        *cell = j;
    }
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{alike, distance};

    /// Characters that do not repeat.
    fn page(count: u16) -> Vec<u16> {
        (0..count)
            .map(|i| 0x4e00 + i.wrapping_mul(7919) % 20000)
            .collect()
    }

    #[test]
    fn wrong_characters_are_counted_one_by_one() {
        let page = page(2000);
        let mut other = page.clone();
        other.iter_mut().step_by(10).for_each(|c| *c = 0x3041);
        assert_eq!(alike(&page, &other), Some(0.9));
        other.remove(1005);
        other.insert(15, 0x3042);
        let alike = alike(&page, &other).expect("readings");
        assert!((alike - 0.899).abs() < 0.002, "{alike}");
    }

    #[test]
    fn other_pages_are_no_readings() {
        let page = page(2000);
        let mut other = page.clone();
        other.iter_mut().step_by(6).for_each(|c| *c = 0x3041);
        assert_eq!(alike(&page, &other), None);
        other = page.iter().rev().copied().collect();
        assert_eq!(alike(&page, &other), None);
    }

    #[test]
    fn a_distance_is_the_least_number_of_edits() {
        assert_eq!(distance(&[1, 2, 3, 4], &[1, 3, 4, 5]), 2);
        assert_eq!(distance(&[1, 2], &[]), 2);
    }
}
