//! `--help` and complaints about arguments in Chinese. The English ones are clap's, out of the
//! comments on the arguments; the Chinese wording of each stands beside its English one in
//! `help.zh.txt`, and is looked up only where somebody wants to read it.

use std::collections::HashMap;
use std::error::Error;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Parser};

use super::complaint::in_language;
use super::speech;
use crate::language::Lang;

const WORDINGS: &str = include_str!("help.zh.txt");

const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// Understands arguments, the first of which is the name of the program. Ends the process where
/// they cannot be understood or ask for help.
pub(super) fn parse<A: Parser>(words: &[OsString]) -> A {
    let error = match A::try_parse_from(words) {
        Ok(arguments) => return arguments,
        Err(error) => error,
    };
    if speech::here(asked(words)) == Lang::En {
        error.exit();
    }
    let mut words = words.to_vec();
    // `kanwu help check` is `kanwu check --help`
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    match chinese(A::command()).try_get_matches_from_mut(words) {
        Err(error) => match complaint(&error) {
            Some(said) => {
                super::output::note(&said);
                std::process::exit(error.exit_code());
            }
            None => error.exit(),
        },
        Ok(_) => error.exit(),
    }
}

/// The language that arguments ask for which are not understood as a whole.
fn asked(words: &[OsString]) -> Option<Lang> {
    let mut words = words.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let name = match word.split_once('=') {
            Some(("--lang", name)) => Some(name),
            None if word == "--lang" => words.next(),
            _ => None,
        };
        let known = |lang: &Lang| name == Some(lang.name());
        if let Some(lang) = Lang::ALL.into_iter().find(known) {
            return Some(lang);
        }
    }
    None
}

/// The wordings by their English ones.
fn wordings() -> HashMap<&'static str, &'static str> {
    let mut lines = WORDINGS.lines().filter(|line| !line.is_empty());
    let mut wordings = HashMap::new();
    while let (Some(english), Some(chinese)) = (lines.next(), lines.next()) {
        wordings.insert(english, chinese);
    }
    wordings
}

/// A command whose help is Chinese.
fn chinese(command: Command) -> Command {
    let mut command = worded(command, &wordings());
    command.build();
    name_options(&mut command);
    command
}

fn worded(command: Command, wordings: &HashMap<&str, &'static str>) -> Command {
    let about = command.get_about().map(ToString::to_string);
    let about = about.and_then(|about| wordings.get(about.as_str()).copied());
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help_heading("选项")
        .help("显示帮助");
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .mut_args(|arg| argument(arg, wordings))
        .arg(help);
    if let Some(about) = about {
        command = command.about(about).long_about(None);
    }
    command.mut_subcommands(|sub| worded(sub, wordings))
}

fn argument(arg: Arg, wordings: &HashMap<&str, &'static str>) -> Arg {
    let heading = if arg.is_positional() {
        "参数"
    } else {
        "选项"
    };
    let english = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut help = wordings
        .get(english.as_str())
        .copied()
        .unwrap_or(&english)
        .to_owned();
    let takes_value = arg.get_action().takes_values();
    let values: Vec<_> = arg
        .get_possible_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| match value.get_help().map(ToString::to_string) {
            Some(meaning) => {
                let meaning = wordings.get(meaning.as_str()).copied().unwrap_or(&meaning);
                format!("{}（{meaning}）", value.get_name())
            }
            None => value.get_name().to_owned(),
        })
        .collect();
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .filter(|value| takes_value && !value.is_empty())
        .map(|value| value.to_string_lossy())
        .collect();
    if !defaults.is_empty() {
        help.push_str(&format!("［默认：{}］", defaults.join("、")));
    }
    if !values.is_empty() {
        help.push_str(&format!("［可选：{}］", values.join("、")));
    }
    arg.help(help)
        .long_help(None)
        .help_heading(heading)
        .hide_default_value(takes_value)
        .hide_possible_values(takes_value)
}

/// The usage of a command and of those below it, once their names are known.
fn name_options(command: &mut Command) {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    let usage = usage.replace("[OPTIONS]", "[选项]");
    *command = std::mem::take(command).override_usage(usage);
    command.get_subcommands_mut().for_each(name_options);
}

/// What is wrong with arguments; nothing where clap says it itself: help, and what hardly happens.
fn complaint(error: &clap::Error) -> Option<String> {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(list)) => Some(list.join("、")),
        _ => None,
    };
    let argument = of(ContextKind::InvalidArg).unwrap_or_default();
    let value = of(ContextKind::InvalidValue).unwrap_or_default();
    let mut said = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 `{argument}`"),
        ErrorKind::InvalidSubcommand => {
            let name = of(ContextKind::InvalidSubcommand)?;
            format!("没有命令 `{name}`")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("`{argument}` 缺少值")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let why = error.source().map(|why| format!("：{why}"));
            format!(
                "`{argument}` 的值 `{value}` 无效{}",
                why.unwrap_or_default()
            )
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{argument}"),
        ErrorKind::ArgumentConflict => {
            let other = of(ContextKind::PriorArg).unwrap_or_default();
            format!("`{argument}` 不能与 `{other}` 同用")
        }
        _ => return None,
    };
    if let Some(valid) = of(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
        said.push_str(&format!("［可选：{valid}］"));
    }
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
    ];
    if let Some(near) = near.into_iter().find_map(of) {
        said.push_str(&format!("；是否想写 `{near}`？"));
    }
    let said = in_language(&said);
    let said = crate::text::visible(&said);
    Some(format!("错误：{said}\n\n详见 `--help`。"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Command, CommandFactory};

    use super::{asked, chinese, complaint, wordings};
    use crate::cli::Arguments;
    use crate::language::Lang;

    fn texts(command: &Command, into: &mut BTreeSet<String>) {
        into.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            into.extend(arg.get_help().map(ToString::to_string));
            for value in arg.get_possible_values() {
                into.extend(value.get_help().map(ToString::to_string));
            }
        }
        command.get_subcommands().for_each(|sub| texts(sub, into));
    }

    #[test]
    fn all_help_has_its_chinese_and_no_other_stands_there() {
        let mut english = BTreeSet::new();
        texts(&Arguments::command(), &mut english);
        let wordings = wordings();
        let missing: Vec<_> = english
            .iter()
            .filter(|t| !wordings.contains_key(t.as_str()))
            .collect();
        assert!(
            missing.is_empty(),
            "src/cli/help.zh.txt lacks:\n{missing:#?}"
        );
        let gone: Vec<_> = wordings.keys().filter(|t| !english.contains(**t)).collect();
        assert!(
            gone.is_empty(),
            "src/cli/help.zh.txt has what nobody says:\n{gone:#?}"
        );
    }

    #[test]
    fn help_is_chinese_throughout() {
        let mut command = chinese(Arguments::command());
        let help = |words: &[&str], command: &mut Command| {
            let error = command.try_get_matches_from_mut(words).unwrap_err();
            error.render().to_string()
        };
        let said = help(&["kanwu", "check", "--help"], &mut command);
        assert!(
            said.contains("用法：kanwu check [选项] [PATHS]..."),
            "{said}"
        );
        for english in [
            "Usage",
            "Options",
            "Arguments",
            "[default",
            "possible values",
            "Print",
        ] {
            assert!(!said.contains(english), "{english}: {said}");
        }
    }

    #[test]
    fn complaints_are_chinese() {
        let mut command = chinese(Arguments::command());
        for (words, wanted) in [
            (
                vec!["kanwu", "check", "--selct", "x"],
                "没有参数 `--selct`；是否想写 `--select`？",
            ),
            (vec!["kanwu", "chekc"], "没有命令 `chekc`"),
            (
                vec!["kanwu", "check", "--color", "red"],
                "的值 `red` 无效［可选：auto、always、never］",
            ),
            (vec!["kanwu", "learn", "关健"], "缺少必需的参数：<RIGHT>"),
            (
                vec!["kanwu", "check", "--config", "a", "--no-config"],
                "不能与",
            ),
        ] {
            let error = command.try_get_matches_from_mut(&words).unwrap_err();
            let said = complaint(&error).unwrap_or_default();
            assert!(said.contains(wanted), "{words:?}: {said}");
        }
    }

    #[test]
    fn the_language_is_known_before_the_arguments_are() {
        let of = |words: &[&str]| asked(&words.iter().map(Into::into).collect::<Vec<_>>());
        assert_eq!(of(&["kanwu", "--lang=zh", "--what"]), Some(Lang::Zh));
        assert_eq!(
            of(&["kanwu", "check", "--lang", "en", "--help"]),
            Some(Lang::En)
        );
        assert_eq!(of(&["kanwu", "check"]), None);
    }
}
