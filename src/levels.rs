//! From which probability on a finding is a note, a warning, an error.
//!
//! The number means the same for every rule: the probability, by the fitted trees of the rule, that
//! the place is damaged as the finding says. The levels of a card are set where, on text that was
//! not looked at, of errors at least 97 in 100 are right, of warnings 85, of notes 50; what trees
//! that were fitted on reports say of fiction is too high, so there it takes more.

use crate::grade::Severity;
use crate::language::Lang;

/// No probability is as great as this.
pub const NEVER: f32 = f32::INFINITY;

/// A level as data, in the digits that it is written with; none for [`NEVER`].
#[must_use]
pub fn number(level: f32) -> Option<f64> {
    let written = (level != NEVER).then(|| level.to_string());
    written.and_then(|digits| digits.parse().ok())
}

/// The kinds of writing for which a card may have levels of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// News, reports, official texts, and whatever the card has no other levels for.
    Usual,
    /// Documents that speak to somebody or were written long ago: fiction, essays, documentation,
    /// classical texts.
    Free,
    /// Documents whose paragraphs mostly have no end: notes, verse, captions.
    Unended,
    /// Documents that leave the last mark out of many of their paragraphs: reviews, posts, chats.
    Unmarked,
    /// Places where somebody tells a story or is speaking.
    Told,
    /// Quotations of which another wording stands elsewhere in the text.
    Quoted,
}

impl Writing {
    /// The name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Free => "free",
            Self::Unended => "unended",
            Self::Unmarked => "unmarked",
            Self::Told => "told",
            Self::Quoted => "quoted",
        }
    }

    /// What people call it in a language.
    #[must_use]
    pub fn called(self, lang: Lang) -> &'static str {
        match self {
            Self::Usual => lang.pick("usual text", "一般文本"),
            Self::Free => lang.pick(
                "fiction, essays, documentation, classical texts",
                "小说、散文、技术文档、古文",
            ),
            Self::Unended => lang.pick("notes, verse, captions", "札记、诗词、图注"),
            Self::Unmarked => lang.pick("reviews, posts, chats", "评论、帖子、聊天"),
            Self::Told => lang.pick("stories and speech", "小说和对话"),
            Self::Quoted => lang.pick("quotations that stand twice", "两处的引语"),
        }
    }
}

/// From which probability on a finding is a note, a warning, an error; ascending, each up to 1 or
/// [`NEVER`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// Worth a look.
    pub info: f32,
    /// Most likely damaged.
    pub warning: f32,
    /// Surely damaged.
    pub error: f32,
}

/// Levels that were set; what is not set stays as it is on the card.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SetLevels {
    /// Worth a look.
    pub info: Option<f32>,
    /// Most likely damaged.
    pub warning: Option<f32>,
    /// Surely damaged.
    pub error: Option<f32>,
}

impl Levels {
    /// Of a rule that does not speak at all.
    pub const SILENT: Self = Self {
        info: NEVER,
        warning: NEVER,
        error: NEVER,
    };

    /// How severe a finding is that is this probable; none where it is not worth a word.
    #[must_use]
    pub fn grade(self, probability: f32) -> Option<Severity> {
        match probability {
            p if p >= self.error => Some(Severity::Error),
            p if p >= self.warning => Some(Severity::Warning),
            p if p >= self.info => Some(Severity::Info),
            _ => None,
        }
    }

    /// Each with its name, from the least on.
    #[must_use]
    pub fn named(self) -> [(Severity, f32); 3] {
        [
            (Severity::Info, self.info),
            (Severity::Warning, self.warning),
            (Severity::Error, self.error),
        ]
    }

    /// Whether none is below the one before.
    #[must_use]
    pub fn ascend(self) -> bool {
        self.info <= self.warning && self.warning <= self.error
    }

    /// With what was set in the place of the card's.
    #[must_use]
    pub fn replaced(self, set: SetLevels) -> Self {
        Self {
            info: set.info.unwrap_or(self.info),
            warning: set.warning.unwrap_or(self.warning),
            error: set.error.unwrap_or(self.error),
        }
    }

    /// With what was set in the place of the card's, and the others out of its way; where the rule
    /// is silent it stays so.
    #[must_use]
    pub fn giving_way(self, set: SetLevels) -> Self {
        if self == Self::SILENT {
            return self;
        }
        let Self {
            info,
            warning,
            error,
        } = self.replaced(set);
        let error = match set.error {
            Some(error) => error,
            None => error.max(set.warning.or(set.info).unwrap_or(error)),
        };
        let warning = match set.warning {
            Some(warning) => warning,
            None => warning.max(set.info.unwrap_or(warning)).min(error),
        };
        let info = if set.info.is_some() {
            info
        } else {
            info.min(warning)
        };
        Self {
            info,
            warning,
            error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Levels, NEVER, SetLevels, Writing};
    use crate::finding::Severity;
    use crate::registry::Registry;

    const USUAL: Levels = Levels {
        info: 0.5,
        warning: 0.7,
        error: NEVER,
    };

    #[test]
    fn a_probability_is_graded() {
        assert_eq!(USUAL.grade(0.49), None);
        assert_eq!(USUAL.grade(0.5), Some(Severity::Info));
        assert_eq!(USUAL.grade(1.0), Some(Severity::Warning));
        assert_eq!(Levels::SILENT.grade(1.0), None);
    }

    #[test]
    fn what_was_not_set_gives_way() {
        let set = SetLevels {
            warning: Some(0.4),
            ..SetLevels::default()
        };
        let levels = USUAL.giving_way(set);
        assert_eq!((levels.info, levels.warning), (0.4, 0.4));
        assert_eq!(levels.error, NEVER);
        let set = SetLevels {
            info: Some(0.9),
            ..SetLevels::default()
        };
        let levels = USUAL.giving_way(set);
        assert_eq!((levels.info, levels.warning), (0.9, 0.9));
        let set = SetLevels {
            error: Some(0.6),
            ..SetLevels::default()
        };
        let levels = USUAL.giving_way(set);
        assert_eq!((levels.info, levels.warning, levels.error), (0.5, 0.6, 0.6));
        assert_eq!(Levels::SILENT.giving_way(set), Levels::SILENT);
    }

    #[test]
    fn the_levels_of_every_card_can_be_set() {
        let mut registry = Registry::builtin();
        for rule in registry.rules_mut() {
            let weighs = rule.cards().iter().any(|card| !card.levels.is_empty());
            assert_eq!(rule.scales().is_some(), weighs, "{}", rule.cards()[0].name);
        }
    }

    #[test]
    fn the_levels_of_the_cards_ascend_and_usual_text_has_the_lowest() {
        for card in Registry::builtin().cards() {
            let Some((first, usual)) = card.levels.first() else {
                continue;
            };
            assert_eq!(*first, Writing::Usual, "{}", card.name);
            for (writing, levels) in card.levels {
                assert!(levels.ascend(), "{} {writing:?}", card.name);
                assert!(usual.info <= levels.info, "{} {writing:?}", card.name);
                for (_, level) in levels.named() {
                    assert!((0.0..=1.0).contains(&level) || level == NEVER);
                }
            }
        }
    }
}
