//! Doublings: where the same characters stand twice at once, and how likely it is that one copy is
//! too many.
//!
//! Chinese doubles rightly all the time: words are reduplicated (常常, 人人, 实实在在), verbs are
//! said twice (研究研究), and words meet that end and begin alike (组织部|部长). No single measure
//! tells these from a slip of the pen; small trees weigh several. They are fitted by
//! `train::doublings` on slips that editors removed and on doublings set into clean text, against
//! all the doublings of that text.

mod elsewhere;
mod evidence;
mod known;
mod set_speech;

pub use elsewhere::{Elsewhere, NEAR, Recurrence, elsewhere, recurrences};
pub use evidence::{Evidence, Witness};
pub use known::{Known, known};
pub use set_speech::is_said_twice;

/// The trees of a model.
pub(crate) const PART: &str = "doubling";
pub(crate) const VERSION: u32 = 1;

/// The longest doubled unit, in characters.
pub const LONGEST: usize = 8;
/// A unit that stands twice, in bytes of the text: at `start..middle` and at `middle..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubling {
    /// Where the first copy begins.
    pub start: usize,
    /// Where the second begins.
    pub middle: usize,
    /// Where it ends.
    pub end: usize,
    /// Characters of the unit.
    pub length: usize,
}

/// Probability, as long as nothing is known of the rest of the document, below which a doubling is
/// not looked for there.
pub const GATE: f32 = 0.02;

/// How far back a doubling may begin, in characters.
const FARTHEST: usize = 2 * LONGEST + 2;
/// Places that are remembered: as many and more, a power of two.
const PLACES: usize = FARTHEST.next_power_of_two();

/// Finds the doublings in a run of Han characters that begins at byte `offset` of the document.
/// What stands three times and more is no doubling.
pub fn doublings(run: &str, offset: usize, mut found: impl FnMut(Doubling)) {
    // The last characters, and for each distance how many in a row agreed with those that far back.
    let mut last = ['\0'; LONGEST];
    let mut places = [0_usize; PLACES];
    let mut agreed = [0_usize; LONGEST + 1];
    let mut agrees = false;
    let mut count = 0;
    let chars = run.char_indices().chain(std::iter::once((run.len(), '\0')));
    for (at, c) in chars {
        places[count % PLACES] = at;
        // Most characters are none of the last.
        if !agrees && !last.contains(&c) {
            last[count % LONGEST] = c;
            count += 1;
            continue;
        }
        for length in 1..=LONGEST.min(count) {
            if last[(count - length) % LONGEST] == c {
                agreed[length] += 1;
                continue;
            }
            let run = std::mem::take(&mut agreed[length]);
            if run >= length && run < 2 * length && !is_periodic(&last, count, length) {
                let place = |back: usize| offset + places[(count - back) % PLACES];
                // The first of the phases in which the unit stands twice.
                if run + length <= count && run + length < FARTHEST {
                    found(Doubling {
                        start: place(run + length),
                        middle: place(run),
                        end: place(run - length),
                        length,
                    });
                }
            }
        }
        agrees = agreed.iter().any(|agreed| *agreed > 0);
        last[count % LONGEST] = c;
        count += 1;
    }
}

/// Whether the unit that just ended is itself a shorter one over and over.
fn is_periodic(last: &[char; LONGEST], count: usize, length: usize) -> bool {
    let back = |i: usize| last[(count - i) % LONGEST];
    (1..length).any(|period| {
        length.is_multiple_of(period) && (1..=length - period).all(|i| back(i) == back(i + period))
    })
}

#[cfg(test)]
mod tests {
    use super::{doublings, is_said_twice};

    fn found(text: &str) -> Vec<(&str, usize)> {
        let mut list = Vec::new();
        doublings(text, 0, |d| {
            assert_eq!(text[d.start..d.middle], text[d.middle..d.end]);
            list.push((&text[d.start..d.end], d.length));
        });
        list
    }

    #[test]
    fn what_stands_twice() {
        assert_eq!(found("由县县政府统筹"), [("县县", 1)]);
        assert_eq!(found("推动高质量发展发展的源头"), [("发展发展", 2)]);
        assert_eq!(found("实实在在地办"), [("实实", 1), ("在在", 1)]);
        assert_eq!(found("哈哈哈哈"), []);
        assert_eq!(
            found("领导干部党性修养领导干部党性修养"),
            [("领导干部党性修养领导干部党性修养", 8)]
        );
        assert_eq!(found("常常"), [("常常", 1)]);
    }

    #[test]
    fn ways_of_speaking() {
        let said = |text: &str| {
            let mut all = true;
            doublings(text, 0, |d| all &= is_said_twice(text, &d));
            all
        };
        for text in [
            "一家家走访",
            "走走停停",
            "下下个路口",
            "同学的朋友的朋友",
            "再研究研究",
        ] {
            assert!(said(text), "{text}");
        }
        for text in ["统一的的标准", "2019年年底", "书架上上面", "高质量发展发展"]
        {
            assert!(!said(text), "{text}");
        }
    }
}
