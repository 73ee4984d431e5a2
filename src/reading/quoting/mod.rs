//! Whether what is quoted is quoted rightly: set phrases, and what the document quotes twice.

pub mod quotations;
pub mod rewording;
pub mod set_phrases;

/// How alike two characters look of which nobody said so.
pub(crate) const UNLIKE: f32 = -8.0;

/// Whether evidence says that two characters look or sound alike: how often they were counted (ln),
/// how alike they look, whether they sound alike.
pub(crate) fn is_alike([counted, likeness, sound]: [f32; 3]) -> bool {
    counted > 0.0 || likeness > UNLIKE || sound > 0.0
}
