//! Which rules are selected, by their names and those of their groups.

use std::collections::HashSet;

use crate::language::Message;
use crate::rule::{Card, Group};
use crate::told;

/// Which rules speak: names of rules or groups, or `all`.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; empty means the default set.
    pub select: Vec<String>,
    /// These on top.
    pub extend_select: Vec<String>,
    /// Not these; a rule named in `select` or `extend_select` outlasts its group here.
    pub ignore: Vec<String>,
}

impl Selection {
    /// This selection with a later one on top: the command line on the configuration. A later
    /// `select` puts everything before it aside; otherwise a name that is said again counts as it
    /// was said last.
    #[must_use]
    pub fn then(mut self, later: Self) -> Self {
        if !later.select.is_empty() {
            return later;
        }
        self.ignore.retain(|n| !later.extend_select.contains(n));
        self.extend_select.extend(later.extend_select);
        self.ignore.extend(later.ignore);
        self
    }

    /// The names of the selected rules.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] for a name that is neither a rule nor a group.
    pub fn resolve(&self, cards: &[&'static Card]) -> Result<HashSet<&'static str>, UnknownRule> {
        // Specificity decides as in ruff: `all` < a group < a rule; at equal specificity `ignore`
        // wins.
        let mut level: Vec<(u8, bool)> = cards
            .iter()
            .map(|c| (0, self.select.is_empty() && c.default))
            .collect();
        let named = self
            .select
            .iter()
            .chain(&self.extend_select)
            .map(|n| (n, true));
        for (name, on) in named.chain(self.ignore.iter().map(|n| (n, false))) {
            let mut known = false;
            for (card, state) in cards.iter().zip(&mut level) {
                let specificity = match name.as_str() {
                    "all" => 1,
                    n if n == card.group.name() => 2,
                    n if n == card.name => 3,
                    _ => continue,
                };
                known = true;
                if specificity >= state.0 {
                    *state = (specificity, on);
                }
            }
            if !known && !Group::ALL.iter().any(|g| g.name() == name) {
                return Err(UnknownRule::new(name, cards));
            }
        }
        Ok(cards
            .iter()
            .zip(level)
            .filter(|(_, (_, on))| *on)
            .map(|(c, _)| c.name)
            .collect())
    }
}

/// A name that no rule and no group has.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{}", self.message().read(crate::language::spoken()))]
pub struct UnknownRule {
    /// The name as given.
    pub name: String,
    /// The rule or group whose name is most like it.
    pub nearest: Option<String>,
}

impl UnknownRule {
    /// What there is to say about it, in each language.
    #[must_use]
    pub fn message(&self) -> Message {
        let name = &self.name;
        let meant = self.nearest.as_ref().map_or_else(
            Message::default,
            |nearest| told!("; did you mean `{nearest}`?"; "；是否指 `{nearest}`？"),
        );
        told!("there is no rule or group `{name}`"; "没有名为 `{name}` 的规则或组").and(&meant)
    }

    pub(crate) fn new(name: &str, cards: &[&'static Card]) -> Self {
        let names = cards
            .iter()
            .map(|c| c.name)
            .chain(Group::ALL.iter().map(|g| g.name()));
        let nearest = names
            .map(|n| (strsim::damerau_levenshtein(n, name), n))
            .min()
            .filter(|(distance, n)| *distance * 2 <= n.len())
            .map(|(_, n)| n.to_owned());
        Self {
            name: name.to_owned(),
            nearest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;

    fn selection(select: &[&str], extend: &[&str], ignore: &[&str]) -> Selection {
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect();
        Selection {
            select: names(select),
            extend_select: names(extend),
            ignore: names(ignore),
        }
    }

    #[test]
    fn what_is_said_later_counts() {
        let both = selection(&[], &[], &["script"]).then(selection(&[], &["script"], &[]));
        assert_eq!(both.extend_select, ["script"]);
        assert!(both.ignore.is_empty());
        let both = selection(&[], &["script"], &[]).then(selection(&[], &[], &["script"]));
        assert_eq!(both.ignore, ["script"]);
        let both = selection(&["all"], &[], &["script"]).then(selection(&["repeat"], &[], &[]));
        assert_eq!(both.select, ["repeat"]);
        assert!(both.ignore.is_empty());
    }
}
