//! How well the beginning of a paragraph goes on from the end of another one, in nats.

use crate::model::sides::Sides;

/// What is seen at a seam.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seam {
    /// How much likelier the first two characters are after the last two than by themselves.
    pub(super) continuation: f32,
    /// How much cheaper both sides are cut into words together.
    pub(super) gain: f32,
    /// How much likelier the first two characters are at the start of a paragraph than anywhere.
    pub(super) opening: f32,
}

impl Seam {
    /// What is seen between two texts.
    pub(super) fn of(left: &str, right: &str, sides: &mut Sides<'_>) -> Self {
        let (before, behind) = (sides.before(left), sides.behind(right));
        Self {
            continuation: sides.reader.continuation(before.ids(), behind.ids()),
            gain: sides.gain((left, before), (right, behind)),
            opening: sides.reader.opening(behind.ids()),
        }
    }

    /// How well it fits, all in all.
    pub(super) fn fits(&self) -> f32 {
        self.continuation + self.gain - self.opening
    }
}
