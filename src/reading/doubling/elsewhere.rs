//! What the rest of the document says about a doubling.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::Doubling;
use crate::text::is_han;

/// In how many other surroundings of the document the doubling stands: a name comes back in other
/// sentences, a slip only in a copy of its own.
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

/// How often the two sides of a doubling stand near by without each other: 徐闻港 before other
/// words and 港口 after others tell that 徐闻港|港口 is two words that meet.
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
    /// How much more often the document goes on with the unit after the character before it than
    /// the language does, in nats; `log_prob` says how likely it is there in the language. 前缀
    /// goes on with 和 far more often where 前缀和 is a term.
    pub(crate) fn left_binding(self, log_prob: f32) -> f32 {
        binding(self.after_before, self.before, log_prob)
    }

    /// How much more often the document goes on after the unit as it does here than the language
    /// does.
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

/// The unit of a doubling with something before it or after it, wherever that stands near by, but
/// for the doubling itself.
struct Needle<'a> {
    before: &'a str,
    after: &'a str,
    /// Where it was found last; it does not overlap itself.
    done: usize,
    /// How often it was found, at most so many times.
    count: usize,
    most: usize,
}

impl<'a> Needle<'a> {
    fn new(before: &'a str, after: &'a str, most: usize) -> Self {
        Self {
            before,
            after,
            done: 0,
            count: 0,
            most,
        }
    }

    /// Looks at a place where the unit stands in a window; `own` is the doubling itself, `counts`
    /// whether a place counts by what is around it.
    #[inline]
    fn look(
        &mut self,
        window: &[u8],
        unit: Range<usize>,
        own: &Range<usize>,
        counts: impl FnOnce() -> bool,
    ) {
        let stands = self.count < self.most
            && window[..unit.start].ends_with(self.before.as_bytes())
            && window[unit.end..].starts_with(self.after.as_bytes());
        if !stands {
            return;
        }
        let at = unit.start - self.before.len();
        let to = unit.end + self.after.len();
        if at < self.done {
            return;
        }
        self.done = to;
        let elsewhere = to <= own.start || own.end <= at;
        self.count += usize::from(elsewhere && counts());
    }
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
    let reach_left = |count| {
        let bytes = han_bytes(text[..start].chars().rev(), count);
        bytes.map(|bytes| &text[start - bytes..start])
    };
    let reach_right = |count| {
        let bytes = han_bytes(text[end..].chars(), count);
        bytes.map(|bytes| &text[end..end + bytes])
    };
    let (before, after) = (reach_left(1).unwrap_or(""), reach_right(1).unwrap_or(""));
    let window = &text.as_bytes()[from..to];
    let own = start - from..end - from;
    let both = !before.is_empty() && !after.is_empty();
    let few = |before, after| Needle::new(before, after, MOST);
    let mut left = reach_left(1).map(|before| few(before, ""));
    let mut far_left = reach_left(2).map(|before| few(before, ""));
    let mut right = reach_right(1).map(|after| few("", after));
    let mut far_right = reach_right(2).map(|after| few("", after));
    let mut once = both.then(|| few(before, after));
    let mut all = Needle::new("", "", VERY_MOST);
    let mut after_before = Needle::new(before, "", VERY_MOST);
    let mut before_after = Needle::new("", after, VERY_MOST);
    // All that holds the unit is seen where the unit stands.
    for at in overlapping(window, unit.as_bytes()) {
        let unit = at..at + unit.len();
        let goes_on = |side: &str| window[unit.end..].starts_with(side.as_bytes());
        let comes_from = |side: &str| window[..unit.start].ends_with(side.as_bytes());
        let own_unit = &text[start..middle];
        let goes_elsewhere = || !goes_on(own_unit) && (after.is_empty() || !goes_on(after));
        let comes_from_elsewhere =
            || !comes_from(own_unit) && (before.is_empty() || !comes_from(before));
        for needle in [&mut left, &mut far_left].into_iter().flatten() {
            needle.look(window, unit.clone(), &own, goes_elsewhere);
        }
        for needle in [&mut right, &mut far_right].into_iter().flatten() {
            needle.look(window, unit.clone(), &own, comes_from_elsewhere);
        }
        if let Some(once) = &mut once {
            once.look(window, unit.clone(), &own, || true);
        }
        for needle in [&mut all, &mut after_before, &mut before_after] {
            needle.look(window, unit.clone(), &own, || true);
        }
    }
    let count = |needle: Option<Needle<'_>>| needle.map_or(0, |needle| needle.count);
    let beside = |side: &str, count: usize| if side.is_empty() { 0 } else { count };
    let before_alone = || {
        let places = memmem::find_iter(window, before).map(|at| (at, at + before.len()));
        let others = places.filter(|(at, to)| *to <= own.start || own.end <= *at);
        others.take(VERY_MOST).count()
    };
    Elsewhere {
        left: count(left),
        far_left: count(far_left),
        right: count(right),
        far_right: count(far_right),
        once: count(once),
        unit: all.count,
        before: if before.is_empty() { 0 } else { before_alone() },
        after_before: beside(before, after_before.count),
        before_after: beside(after, before_after.count),
    }
}

/// Where a needle stands, also where it overlaps itself.
fn overlapping(window: &[u8], needle: &[u8]) -> impl Iterator<Item = usize> {
    let finder = memmem::Finder::new(needle);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + finder.find(window.get(from..)?)?;
        from = at + 1;
        Some(at)
    })
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
