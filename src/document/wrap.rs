//! Lines that were broken at a fixed width, so that a paragraph runs over several of them.
//!
//! The lines that were broken reach the full width and go on in the next one; titles and entries
//! between them are shorter, paragraphs that nobody broke are longer. So the width is that of most
//! lines that stop inside a sentence with another line right below, and of each line it is asked by
//! itself whether it reaches it.

use crate::text::{is_closing, is_sentence_end};

/// What a line shows of its being broken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    characters: usize,
    columns: usize,
    /// Whether it stops inside a sentence.
    open: bool,
    /// Whether another line stands right below it, not set in.
    followed: bool,
}

impl Shape {
    /// Of a line that is set in by so many columns that count.
    pub(super) fn of(line: &str, set_in: usize, followed: bool) -> Self {
        let ascii = line.bytes().filter(u8::is_ascii).count();
        let characters = line.chars().count();
        let last = line.chars().next_back();
        Self {
            characters,
            columns: set_in + 2 * characters - ascii,
            open: last.is_some_and(|c| !is_sentence_end(c) && !is_closing(c)),
            followed,
        }
    }
}

/// How the width of lines is measured: some programs count characters, others columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Characters,
    Columns,
}

/// The width at which the lines of a text were broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrap {
    measure: Measure,
    width: usize,
}

/// Lines that are looked at.
const LOOKED_AT: usize = 4000;
/// Broken lines from this number on are no accident.
const LEAST: usize = 3;
/// The widths that a page may have, in columns.
const WIDTHS: std::ops::RangeInclusive<usize> = 24..=200;

impl Wrap {
    /// The width of the broken lines; none where lines were not broken.
    pub(super) fn of(shapes: &[Shape]) -> Option<Self> {
        let shapes = &shapes[..shapes.len().min(LOOKED_AT)];
        // Prose ends a sentence somewhere; a list of titles does not.
        if shapes.iter().all(|s| s.open || s.characters == 0) {
            return None;
        }
        let of = |measure| Self::by(measure, shapes);
        let best = [Measure::Columns, Measure::Characters].map(of);
        best.into_iter()
            .flatten()
            .max_by_key(|(_, lines)| *lines)
            .map(|(wrap, _)| wrap)
    }

    /// The width by one measure, with how many lines have it.
    fn by(measure: Measure, shapes: &[Shape]) -> Option<(Self, usize)> {
        let mut lines = [0_usize; *WIDTHS.end() + 1];
        let step = measure.step();
        let followed = || shapes.iter().filter(|s| s.followed);
        for shape in followed().filter(|s| s.open) {
            if let Some(count) = lines.get_mut(measure.of(shape)) {
                *count += 1;
            }
        }
        let in_band = |width: usize| {
            lines[width.saturating_sub(2 * step)..=width + step]
                .iter()
                .sum::<usize>()
        };
        let widths = WIDTHS.start() * step / 2..=WIDTHS.end() - step;
        let width = widths.max_by_key(|width| (in_band(*width), lines[*width]))?;
        let wrap = Self { measure, width };
        let full = in_band(width);
        // A line of full width hardly ever ends with its sentence, and what stands below it is no
        // longer than it is; a list of titles has all widths side by side.
        let ended = followed().filter(|s| !s.open && wrap.is_full(s)).count();
        let below = shapes
            .windows(2)
            .filter(|w| w[0].followed && w[0].open && wrap.is_full(&w[0]));
        let longer = below.filter(|w| measure.of(&w[1]) > width + step).count();
        let open = lines.iter().sum::<usize>();
        let usual = full >= LEAST && full > 2 * ended && full > 5 * longer && 3 * full > open;
        usual.then_some((wrap, full))
    }

    fn is_full(self, shape: &Shape) -> bool {
        let (width, step) = (self.measure.of(shape), self.measure.step());
        width + 2 * step >= self.width && width <= self.width + step
    }

    /// Whether a line goes on in the one right below it: it reaches the full width, or nearly so
    /// and stops inside a sentence.
    pub(super) fn goes_on(self, shape: &Shape) -> bool {
        let (width, step) = (self.measure.of(shape), self.measure.step());
        self.is_full(shape)
            || shape.open && (self.width * 7..=(self.width + 2 * step) * 10).contains(&(width * 10))
    }
}

impl Measure {
    fn of(self, shape: &Shape) -> usize {
        match self {
            Self::Characters => shape.characters,
            Self::Columns => shape.columns,
        }
    }

    /// The width of a Han character.
    fn step(self) -> usize {
        match self {
            Self::Characters => 1,
            Self::Columns => 2,
        }
    }
}
