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
    /// The character before the unit, anywhere and here.
    pub before: usize,
    /// The same with the unit after it.
    pub after_before: usize,
    /// The unit, anywhere.
    pub unit: usize,
    /// The same with the character that follows here.
    pub before_after: usize,
}

/// How many times over the language has been asked before the document is asked.
const PRIOR: f32 = 3.0;

impl Elsewhere {
    /// How much more often the document goes on with the unit after the character before it than the language does, in nats; `log_prob` says how
    /// likely it is there in the language. 前缀 goes on with 和 far more often where 前缀和 is a term.
    pub(crate) fn left_binding(self, log_prob: f32) -> f32 {
        binding(self.after_before, self.before, log_prob)
    }

    /// How much more often the document goes on after the unit as it does here than the language does.
    pub(crate) fn right_binding(self, log_prob: f32) -> f32 {
        binding(self.before_after, self.unit, log_prob)
    }
}

fn binding(together: usize, all: usize, log_prob: f32) -> f32 {
    let expected = PRIOR * log_prob.exp();
    ((together as f32 + expected) / (all as f32 + PRIOR)).ln() - log_prob
}

/// Counts end here.
const MOST: usize = 4;
/// Counts of what is everywhere end here.
const VERY_MOST: usize = 1000;
/// Bytes on either side of a doubling that are looked through.
pub const NEAR: usize = 32 * 1024;

/// Where a needle stands, in bytes; the doubling itself, at `own`, is no other place.
fn places<'a>(
    window: &'a str,
    needle: &'a str,
    own: (usize, usize),
) -> impl Iterator<Item = (usize, usize)> + 'a {
    memmem::find_iter(window.as_bytes(), needle.as_bytes())
        .map(|at| (at, at + needle.len()))
        .filter(move |(at, to)| *to <= own.0 || own.1 <= *at)
}

/// The bytes of the first characters, if so many of them are Chinese.
fn han_bytes(mut chars: impl Iterator<Item = char>, count: usize) -> Option<usize> {
    let mut each = (0..count).map(|_| chars.next().filter(|c| is_han(*c)).map(char::len_utf8));
    each.try_fold(0, |bytes, width| Some(bytes + width?))
}

/// Looks for the two sides of a doubling so many bytes before and after it.
#[must_use]
pub fn elsewhere(text: &str, doubling: &Doubling, near: usize) -> Elsewhere {
    let Doubling {
        start, middle, end, ..
    } = *doubling;
    let from = (start.saturating_sub(near)..=start)
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(start);
    let to = (end..=text.len().min(end.saturating_add(near)))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(end);
    let unit = &text[start..middle];
    let reach_left = |count| Some(start - han_bytes(text[..start].chars().rev(), count)?);
    let reach_right = |count| Some(end + han_bytes(text[end..].chars(), count)?);
    let before = reach_left(1).map_or("", |at| &text[at..start]);
    let after = reach_right(1).map_or("", |at| &text[end..at]);
    let window = &text[from..to];
    let own = (start - from, end - from);
    let all = |needle: &str| places(window, needle, own).take(VERY_MOST).count();
    let goes_elsewhere = |(_, to): &(usize, usize)| {
        let rest = &window[*to..];
        !rest.starts_with(unit) && (after.is_empty() || !rest.starts_with(after))
    };
    let comes_from_elsewhere = |(at, _): &(usize, usize)| {
        let rest = &window[..*at];
        !rest.ends_with(unit) && (before.is_empty() || !rest.ends_with(before))
    };
    let few = |needle: &str, kept: &dyn Fn(&(usize, usize)) -> bool| {
        places(window, needle, own).filter(kept).take(MOST).count()
    };
    let left = |far| reach_left(far).map_or(0, |at| few(&text[at..middle], &goes_elsewhere));
    let right =
        |far| reach_right(far).map_or(0, |at| few(&text[middle..at], &comes_from_elsewhere));
    let both = !before.is_empty() && !after.is_empty();
    let mut found = Elsewhere {
        left: left(1),
        far_left: left(2),
        right: right(1),
        far_right: right(2),
        unit: all(unit),
        ..Elsewhere::default()
    };
    if both {
        let once = [before, unit, after].concat();
        found.once = few(&once, &|_| true);
    }
    if !before.is_empty() {
        found.before = all(before);
        found.after_before = all(&text[start - before.len()..middle]);
    }
    if !after.is_empty() {
        found.before_after = all(&text[middle..end + after.len()]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{NEAR, elsewhere, recurrences};
    use crate::reading::doubling::{Doubling, doublings};

    fn found(text: &str) -> Vec<Doubling> {
        let mut list = Vec::new();
        doublings(text, 0, |d| list.push(d));
        list
    }

    #[test]
    fn words_that_meet_stand_elsewhere_without_each_other() {
        let text = "望潮港的码头今年扩建。望潮港港口繁忙，全省的港口都忙。";
        let [doubling] = found(text)[..] else {
            panic!("one doubling")
        };
        let there = elsewhere(text, &doubling, NEAR);
        assert_eq!((there.once, there.left, there.right), (0, 1, 1));
        assert_eq!((there.far_left, there.far_right), (1, 0));
        assert_eq!((there.before, there.after_before), (2, 1));
        assert_eq!((there.unit, there.before_after), (2, 1));
        assert!(there.left_binding(-3.0) > 0.0);
    }

    #[test]
    fn nothing_stands_beside_a_lone_line() {
        let text = "这样的的做法";
        let there = elsewhere(text, &found(text)[0], NEAR);
        assert_eq!(there.left + there.right + there.unit, 0);
        assert!(there.left_binding(-3.0) < 0.0);
    }

    #[test]
    fn a_copy_of_the_surroundings_is_no_other_place() {
        let count = |text: &str| {
            let found = found(text);
            recurrences(text, &found)[0].left
        };
        let said = "昨天市里的望潮港港口又通航了，人人都高兴。";
        assert_eq!(count(&format!("{said}\n{said}")), 0);
        assert_eq!(count(&format!("{said}\n船都停在望潮港港口里面。")), 1);
    }
}
