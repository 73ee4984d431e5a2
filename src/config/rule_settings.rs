//! What a configuration says of single rules: their names, and the levels that are set.

use super::{Config, ConfigError, Layer, Located, RuleSettings};
use crate::finding::Severity;
use crate::levels::{Levels, SetLevels, number};
use crate::registry::Registry;
use crate::rule::{Card, Group};
use crate::said;
use crate::selection::UnknownRule;

impl Config {
    pub(super) fn error<T>(
        &self,
        at: &Located<T>,
        message: &str,
        help: Option<String>,
    ) -> ConfigError {
        ConfigError::invalid(&self.path, &self.text, &at.span, message, help)
    }

    fn unknown_rule(&self, at: &Located<String>, unknown: &UnknownRule) -> ConfigError {
        let help = unknown
            .nearest
            .as_ref()
            .map(|near| said!("did you mean `{near}`?"; "是否想写 `{near}`？"));
        let message = said!("there is no rule or group `{}`", unknown.name; "没有规则或组 `{}`", unknown.name);
        self.error(at, &message, help)
    }
}

/// Checks that every name of a layer is that of a rule or a group.
pub(super) fn check_names(
    layer: &Layer,
    cards: &[&'static Card],
    config: &Config,
) -> Result<(), ConfigError> {
    let severities = layer.severity.iter().map(|(name, _)| name);
    for name in layer
        .select
        .iter()
        .chain(&layer.extend_select)
        .chain(&layer.ignore)
        .chain(severities)
    {
        let known = name.value == "all"
            || Group::ALL.iter().any(|g| g.name() == name.value)
            || cards.iter().any(|c| c.name == name.value);
        if !known {
            let unknown = UnknownRule::new(&name.value, cards);
            return Err(config.unknown_rule(name, &unknown));
        }
    }
    Ok(())
}

/// Sets the levels of a rule.
pub(super) fn configure(
    registry: &mut Registry,
    cards: &[&'static Card],
    config: &Config,
    settings: &RuleSettings,
) -> Result<(), ConfigError> {
    let Some(card) = cards.iter().find(|c| c.name == settings.rule.value) else {
        let unknown = UnknownRule::new(&settings.rule.value, cards);
        return Err(config.unknown_rule(&settings.rule, &unknown));
    };
    let Some(first) = settings.levels.first() else {
        return Ok(());
    };
    let Some((_, usual)) = card.levels.first() else {
        let message = said!("`{}` does not weigh: it has no levels", card.name; "`{}` 不作权衡：没有等级", card.name);
        return Err(config.error(first, &message, None));
    };
    let set = in_order(config, settings, *usual)?;
    for rule in registry.rules_mut() {
        if rule.cards().iter().any(|c| c.name == card.name) {
            rule.scales().into_iter().for_each(|s| s.set(card, set));
        }
    }
    Ok(())
}

/// The levels that are set, if they ascend together with those of the card.
fn in_order(
    config: &Config,
    settings: &RuleSettings,
    usual: Levels,
) -> Result<SetLevels, ConfigError> {
    let mut set = SetLevels::default();
    for level in &settings.levels {
        let (severity, probability) = level.value;
        *match severity {
            Severity::Info => &mut set.info,
            Severity::Warning => &mut set.warning,
            Severity::Error => &mut set.error,
        } = Some(probability);
    }
    let all = usual.replaced(set).named();
    for pair in all.windows(2) {
        let [(low, least), (high, most)] = [pair[0], pair[1]];
        let at = settings
            .levels
            .iter()
            .find(|level| least > most && [low, high].contains(&level.value.0));
        if let Some(at) = at {
            let (least, most) = (written(least), written(most));
            let message = said!(
                "levels must ascend: `{low}` is {least}, `{high}` {most}";
                "等级须递增：`{low}` 为 {least}，`{high}` 为 {most}"
            );
            let help = all.map(|(severity, level)| format!("{severity} = {}", written(level)));
            let help = help.join(", ");
            let help = said!(
                "with what the rule has of its own: {help}";
                "与规则自身的等级合在一起：{help}"
            );
            return Err(config.error(at, &message, Some(help)));
        }
    }
    Ok(set)
}

/// A level as it is written.
fn written(level: f32) -> String {
    number(level).map_or_else(|| "\"never\"".to_owned(), |level| level.to_string())
}
