//! Every rule and every card.

use crate::model::Model;
use crate::pattern;
use crate::rule::{Card, Rule};
use crate::rules;
use crate::selection::UnknownRule;

/// All rules there are: the coded ones, the declared ones embedded in the binary, and those of user
/// packs.
pub struct Registry {
    rules: Vec<Box<dyn Rule>>,
}

impl Registry {
    /// The rules that come with kanwu.
    #[must_use]
    pub fn builtin() -> Self {
        let mut rules = rules::all();
        rules.push(Box::new(pattern::PatternRules::builtin()));
        Self { rules }
    }

    /// Adds rules, such as those of a user pack.
    pub fn add(&mut self, rule: Box<dyn Rule>) {
        self.rules.push(rule);
    }

    /// All cards by group, then by name.
    #[must_use]
    pub fn cards(&self) -> Vec<&'static Card> {
        let mut cards: Vec<_> = self
            .rules
            .iter()
            .flat_map(|r| r.cards().iter().copied())
            .collect();
        cards.sort_by_key(|c| (c.group, c.name));
        cards
    }

    /// The card of a name.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] with the nearest name.
    pub fn card(&self, name: &str) -> Result<&'static Card, UnknownRule> {
        let cards = self.cards();
        cards
            .iter()
            .find(|c| c.name == name)
            .copied()
            .ok_or_else(|| UnknownRule::new(name, &cards))
    }

    /// Gives up the rules themselves.
    #[must_use]
    pub fn into_rules(self) -> Vec<Box<dyn Rule>> {
        self.rules
    }

    /// The rules, to be configured.
    pub fn rules_mut(&mut self) -> &mut [Box<dyn Rule>] {
        &mut self.rules
    }
}

/// The rules that a language model makes silent, each with the parts that the model lacks.
#[must_use]
pub fn silent(
    cards: impl IntoIterator<Item = &'static Card>,
    model: &Model,
) -> Vec<(&'static str, Vec<&'static str>)> {
    let lacks = |card: &'static Card| {
        let parts = rules::needs(card.name).iter().copied();
        let missing: Vec<_> = parts.filter(|part| model.part(part).is_none()).collect();
        (!missing.is_empty()).then_some((card.name, missing))
    };
    cards.into_iter().filter_map(lacks).collect()
}
