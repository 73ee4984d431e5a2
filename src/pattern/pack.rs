//! Rule packs of users: read at run time, with errors that name file, line and key.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

use super::PatternRules;
use super::declared::{Declared, Kind};
use super::regex::compile;
use super::schema::{Declaration, SchemaError};
use super::toml_table::nearest;
use super::word_list;
use crate::regular_file;
use crate::said;
use crate::text::visible_excerpt;

/// A rule pack that cannot be used.
#[derive(Debug, Error, Diagnostic)]
pub enum PackError {
    /// A file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder without rules.
    #[error("{}", said!("{}: holds no rule: there is no .toml file in it", .0.display(); "{}：其中没有规则：没有 .toml 文件", .0.display()))]
    Empty(PathBuf),
    /// A file that is something else; nothing of it is shown.
    #[error("{}", said!("{}: this is no rule file: it has no `[[patterns]]`", .0.display(); "{}：不是规则文件：没有 `[[patterns]]`", .0.display()))]
    Foreign(PathBuf),
    /// A mistake in a rule file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rule(Box<RuleError>),
}

/// A mistake in a rule file.
#[derive(Debug, Error, Diagnostic)]
#[error("{file}:{line}: {message}")]
pub struct RuleError {
    /// The rule file.
    pub file: String,
    /// The line (from 1).
    pub line: usize,
    /// What is wrong; names the key.
    pub message: String,
    /// What to do.
    #[help]
    pub help: Option<String>,
    /// The rule file's text.
    #[source_code]
    text: NamedSource<String>,
    /// Where.
    #[label("{}", said!("here"; "此处"))]
    span: SourceSpan,
}

/// A rule file, for errors about it.
struct File {
    path: PathBuf,
    text: String,
}

impl File {
    fn error(&self, error: SchemaError) -> PackError {
        let name = self.path.display().to_string();
        let start = error.span.start.min(self.text.len());
        PackError::Rule(Box::new(RuleError {
            line: self.text[..start].matches('\n').count() + 1,
            message: error.message,
            help: error.help,
            text: NamedSource::new(&name, visible_excerpt(&self.text)).with_language("toml"),
            span: (start..error.span.end.clamp(start, self.text.len())).into(),
            file: name,
        }))
    }
}

/// A pack to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// A rule file, or a folder of them.
    pub path: PathBuf,
    /// The folder that it may not lead out of, by links neither.
    pub within: Option<PathBuf>,
}

/// Reads packs that lie anywhere: files, or folders with rule files in them at any depth. `taken`
/// are the names of the rules there are already.
///
/// # Errors
///
/// [`PackError`] for the first mistake; nothing of the packs is used then.
pub fn load(paths: &[PathBuf], taken: &[&'static str]) -> Result<PatternRules, PackError> {
    let anywhere = |path: &PathBuf| Pack {
        path: path.clone(),
        within: None,
    };
    let packs: Vec<_> = paths.iter().map(anywhere).collect();
    load_packs(&packs, taken)
}

/// Reads packs.
///
/// # Errors
///
/// [`PackError`] for the first mistake; nothing of the packs is used then.
pub fn load_packs(packs: &[Pack], taken: &[&'static str]) -> Result<PatternRules, PackError> {
    let mut files = Vec::new();
    for pack in packs {
        let known = files.len();
        collect(&pack.path, &mut files)?;
        if files.len() == known {
            return Err(PackError::Empty(pack.path.clone()));
        }
        if let Some(folder) = &pack.within {
            for file in &files[known..] {
                regular_file::inside(folder, file).map_err(|e| unreadable(file, e))?;
            }
        }
    }
    files.sort();
    files.dedup();
    let mut read = Vec::new();
    let mut names: HashMap<String, String> = taken
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                said!("the rules of kanwu"; "kanwu 自带的规则"),
            )
        })
        .collect();
    for path in files {
        let text = regular_file::read_text(&path, regular_file::WRITTEN)
            .map_err(|source| unreadable(&path, source))?;
        // A configuration may name any file, and its errors stand in public logs.
        if !text.lines().any(|line| line.trim_end() == "[[patterns]]") {
            return Err(PackError::Foreign(path));
        }
        let file = File { path, text };
        let mut rule = Declaration::parse(&file.text).map_err(|e| file.error(e))?;
        read_lists(&file, &mut rule)?;
        let declared = Declared::leak(&rule);
        check_patterns(&rule, &declared).map_err(|e| file.error(e))?;
        let place = file.path.display().to_string();
        if let Some(other) = names.insert(rule.name.clone(), place) {
            return Err(file.error(SchemaError {
                message: said!("`name`: there is a rule `{}` already", rule.name; "`name`：已有规则 `{}`", rule.name),
                help: Some(said!("in {other}; give this one another name"; "见 {other}；请换一个名字")),
                span: rule.name_span.clone(),
            }));
        }
        read.push((file, rule, declared));
    }
    let names: Vec<&str> = names.keys().map(String::as_str).collect();
    for (file, rule, _) in &read {
        if let Some((name, span)) = rule
            .yields_to
            .iter()
            .find(|(n, _)| !names.contains(&n.as_str()))
        {
            return Err(file.error(SchemaError {
                message: said!("`yields-to`: there is no rule `{name}`"; "`yields-to`：没有规则 `{name}`"),
                help: Some(nearest(name, &names)),
                span: span.clone(),
            }));
        }
    }
    let rules: Vec<_> = read.into_iter().map(|(_, _, declared)| declared).collect();
    Ok(PatternRules::new(Box::leak(rules.into_boxed_slice())))
}

/// Reads the lists of wrong words that lie beside a rule file.
fn read_lists(file: &File, rule: &mut Declaration) -> Result<(), PackError> {
    for pattern in &mut rule.patterns {
        let Some((name, span)) = &pattern.list else {
            continue;
        };
        let path = file.path.with_file_name(name);
        let text = regular_file::read_text(&path, regular_file::WRITTEN).map_err(|e| {
            file.error(SchemaError {
                message: format!("`list`: {}: {e}", path.display()),
                help: Some(said!("a file beside this one, with tab-separated columns"; "与本文件同处的文件，各列以制表符分隔")),
                span: span.clone(),
            })
        })?;
        let rows = word_list::read(&text).map_err(|error| {
            file.error(SchemaError {
                message: format!("`list`: {}, {error}", path.display()),
                help: None,
                span: span.clone(),
            })
        })?;
        pattern.rows.extend(rows);
    }
    Ok(())
}

fn unreadable(path: &Path, source: io::Error) -> PackError {
    PackError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), PackError> {
    let unreadable = |source| unreadable(path, source);
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let kind = entry.file_type().map_err(unreadable)?;
        let inner = entry.path();
        if kind.is_dir() {
            collect(&inner, files)?;
        } else if inner.extension().is_some_and(|e| e == "toml") {
            files.push(inner);
        }
    }
    Ok(())
}

/// Regexes compile, and messages name captures that there are.
fn check_patterns(rule: &Declaration, declared: &Declared) -> Result<(), SchemaError> {
    for (pattern, declaration) in declared.patterns.iter().zip(&rule.patterns) {
        let mut captures = 1;
        if pattern.kind == Kind::Regexes {
            for item in &declaration.items {
                let regex = compile(&item.text, pattern.scope).map_err(|e| SchemaError {
                    message: said!("`match`: this regex does not compile"; "`match`：正则无法编译"),
                    help: Some((e.syntax_error()).map_or_else(|| e.to_string(), |e| e.to_string())),
                    span: item.span.clone(),
                })?;
                captures = captures.max(regex.captures_len());
            }
        }
        if pattern.kind == Kind::WrongWords {
            captures = 2;
        }
        for n in captures..10 {
            if declaration.message.contains(&format!("{{{n}}}")) {
                return Err(SchemaError {
                    message: said!("`message`: there is no capture {{{n}}}"; "`message`：没有捕获组 {{{n}}}"),
                    help: Some(
                        said!("the pattern has {} of them", captures - 1; "该模式有{}个", captures - 1),
                    ),
                    span: declaration.message_span.clone(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{PackError, load};
    use crate::document::Document;
    use crate::finding::Findings;
    use crate::reading::Reading;
    use crate::rule::Rule;

    const RULE: &str = "name = \"house-style\"\ngroup = \"residue\"\nseverity = \"warning\"\nconfidence = \"medium\"\nsummary = \"s\"\ndocs = \"d\"\n\
        [[patterns]]\nkind = \"regexes\"\nscope = \"paragraph\"\nrequires = [\"供稿\"]\nmatch = ['本刊(.{0,6})供稿']\nmessage = \"credit of {1}\"\n";

    /// What `load` says about a file with this text: line and message.
    fn complaint(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rule.toml");
        fs::write(&path, text).expect("a file");
        match load(&[path], &["stray-latin"]) {
            Err(PackError::Rule(error)) => {
                format!(
                    "{}: {} {}",
                    error.line,
                    error.message,
                    error.help.clone().unwrap_or_default()
                )
            }
            Err(error) => error.to_string(),
            Ok(_) => String::new(),
        }
    }

    #[test]
    fn a_pack_speaks_with_captures() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.toml"), RULE).expect("a file");
        let rules = load(&[folder.path().to_owned()], &[]).expect("a pack");
        let mut findings = Findings::default();
        rules.check(
            &Reading::of(&Document::new(
                "a.txt",
                "杜鹃开了。\n本刊春天供稿\n他为本刊供稿三十年。\n",
            )),
            &mut findings,
        );
        let messages: Vec<_> = findings.as_slice().iter().map(|f| f.message.en()).collect();
        assert_eq!(messages, ["credit of 春天"]);
    }

    #[test]
    fn mistakes_are_told_with_line_and_key() {
        assert_eq!(complaint(RULE), "");
        for (from, to, expected) in [
            (
                "summary",
                "sumary",
                "5: there is no key `sumary` did you mean `summary`?",
            ),
            (
                "\"regexes\"",
                "\"regexs\"",
                "8: `kind` cannot be `regexs` did you mean `regexes`?",
            ),
            ("group = \"residue\"\n", "", "1: `group` is missing "),
            ("\"warning\"", "3", "3: `severity` must be a string "),
            (
                "house-style",
                "stray-latin",
                "1: `name`: there is a rule `stray-latin` already",
            ),
            (
                "{1}",
                "{2}",
                "12: `message`: there is no capture {2} the pattern has 1 of them",
            ),
            (
                "(.{0,6})",
                "(.{0,6}",
                "11: `match`: this regex does not compile",
            ),
            (
                "\"paragraph\"\nrequires = [\"供稿\"]",
                "\"anywhere\"",
                "7: `requires` is missing",
            ),
            (
                "docs = \"d\"",
                "docs = \"d\"\nyields-to = [\"stray-latn\"]",
                "7: `yields-to`: there is no rule `stray-latn` did you mean `stray-latin`?",
            ),
        ] {
            let got = complaint(&RULE.replacen(from, to, 1));
            assert!(got.starts_with(expected), "{to}: {got}");
        }
    }
}
