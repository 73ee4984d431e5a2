//! What the rest of the document says about a doubling.

use std::collections::HashMap;

use memchr::memmem;

use super::Doubling;
use crate::text::is_han;

/// In how many other surroundings of the document the doubling stands: a name comes back in other sentences, a slip only in a copy of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recurrence {
    /// After the same character.
    pub left: usize,
    /// Before the same character.
    pub right: usize,
}

/// Characters on either side that tell one surrounding from another.
const WIDE: usize = 6;

/// Counts, for each of the doublings of a text, where else they stand.
#[must_use]
pub fn recurrences(text: &str, found: &[Doubling]) -> Vec<Recurrence> {
    let code = |c: Option<char>| u64::from(c.map_or(0, u32::from));
    let mix =
        |hash: u64, value: u64| (hash.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let surroundings = |d: &Doubling| {
        let unit = text[d.start..d.middle]
            .bytes()
            .fold(0, |hash, byte| mix(hash, u64::from(byte)));
        let before = || text[..d.start].chars().rev();
        let after = || text[d.end..].chars();
        let wide = before()
            .take(WIDE)
            .chain(after().take(WIDE))
            .fold(0, |hash, c| mix(hash, u64::from(c)));
        let (before, after) = (code(before().next()), code(after().next()));
        (mix(unit, before), mix(unit, after), wide)
    };
    let mut places: Vec<(u64, u64, u64)> = found.iter().map(surroundings).collect();
    places.sort_unstable();
    places.dedup();
    let (mut left, mut right) = (HashMap::new(), HashMap::new());
    for (before, after, _) in places {
        *left.entry(before).or_insert(0_usize) += 1;
        *right.entry(after).or_insert(0_usize) += 1;
    }
    let others = |count: Option<&usize>| count.map_or(0, |n| n - 1);
    found
        .iter()
        .map(|d| {
            let (before, after, _) = surroundings(d);
            Recurrence {
                left: others(left.get(&before)),
                right: others(right.get(&after)),
            }
        })
        .collect()
}

/// How often the two sides of a doubling stand near by without each other: 徐闻港 before other words and 港口 after others tell that 徐闻港|港口 is two
/// words that meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Both sides around a single copy of the unit.
    pub once: usize,
    /// The character before the unit with the unit, before something else.
    pub left: usize,
    /// The same with two characters before.
    pub far_left: usize,
    /// The unit with the character after it, after something else.
    pub right: usize,
    /// The same with two characters after.
    pub far_right: usize,
}

impl Elsewhere {
    pub(super) fn counts(self) -> [f32; 5] {
        [
            self.once,
            self.left,
            self.far_left,
            self.right,
            self.far_right,
        ]
        .map(|n| n.min(MOST) as f32)
    }
}

/// Counts end here.
const MOST: usize = 4;
/// Bytes on either side that are looked through.
const NEAR: usize = 32 * 1024;

/// Looks for the two sides of a doubling near by.
#[must_use]
pub fn elsewhere(text: &str, doubling: &Doubling) -> Elsewhere {
    let Doubling {
        start, middle, end, ..
    } = *doubling;
    let from = (start.saturating_sub(NEAR)..=start)
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(start);
    let to = (end..=text.len().min(end.saturating_add(NEAR)))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(end);
    let unit = &text[start..middle];
    let reach_left = |count: usize| {
        let chars = text[..start].chars().rev().take(count);
        let bytes = chars.clone().take_while(|c| is_han(*c)).map(char::len_utf8);
        (chars.take_while(|c| is_han(*c)).count() == count).then(|| start - bytes.sum::<usize>())
    };
    let reach_right = |count: usize| {
        let chars = text[end..].chars().take(count);
        let bytes = chars.clone().take_while(|c| is_han(*c)).map(char::len_utf8);
        (chars.take_while(|c| is_han(*c)).count() == count).then(|| end + bytes.sum::<usize>())
    };
    let before = reach_left(1).map_or("", |at| &text[at..start]);
    let after = reach_right(1).map_or("", |at| &text[end..at]);
    let window = &text[from..to];
    let count = |needle: &str, counts: &dyn Fn(&str, &str) -> bool| {
        memmem::find_iter(window.as_bytes(), needle.as_bytes())
            .filter(|at| counts(&window[..*at], &window[at + needle.len()..]))
            .take(MOST)
            .count()
    };
    let goes_elsewhere = |_: &str, rest: &str| {
        !rest.starts_with(unit) && (after.is_empty() || !rest.starts_with(after))
    };
    let comes_from_elsewhere = |rest: &str, _: &str| {
        !rest.ends_with(unit) && (before.is_empty() || !rest.ends_with(before))
    };
    let left =
        |far: usize| reach_left(far).map_or(0, |at| count(&text[at..middle], &goes_elsewhere));
    let right = |far: usize| {
        reach_right(far).map_or(0, |at| count(&text[middle..at], &comes_from_elsewhere))
    };
    let once = if before.is_empty() || after.is_empty() {
        0
    } else {
        count(&[before, unit, after].concat(), &|_, _| true)
    };
    Elsewhere {
        once,
        left: left(1),
        far_left: left(2),
        right: right(1),
        far_right: right(2),
    }
}
