//! The schema of a declared rule: what its TOML may say, read with the place of every mistake.
//!
//! The build script reads the rules of `rules/` through this very file, so it knows nothing of the
//! crate but its own types.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::said;
pub(super) use super::toml_table::{ItemDeclaration, SchemaError};
use super::toml_table::{Reader, choose, wrong};
use super::word_list::{self, Class, Row};

/// A rule as its file declares it.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) name: String,
    /// Its short name in Chinese, and what else is said in Chinese; a pack may leave these out.
    pub(super) name_zh: Option<String>,
    pub(super) summary_zh: Option<String>,
    pub(super) docs_zh: Option<String>,
    /// Where in the file the name stands.
    pub(super) name_span: Range<usize>,
    pub(super) group: &'static str,
    pub(super) severity: &'static str,
    pub(super) confidence: &'static str,
    pub(super) default: bool,
    pub(super) summary: String,
    pub(super) docs: String,
    pub(super) bad: Vec<String>,
    pub(super) good: Vec<String>,
    pub(super) yields_to: Vec<(String, Range<usize>)>,
    pub(super) patterns: Vec<PatternDeclaration>,
}

/// One `[[patterns]]` table.
#[derive(Debug)]
pub(super) struct PatternDeclaration {
    pub(super) kind: &'static str,
    pub(super) scope: &'static str,
    pub(super) items: Vec<ItemDeclaration>,
    /// For wrong words: the rows of `replace`; those of `list` join them when its file is read.
    pub(super) rows: Vec<Row>,
    /// For wrong words: the file that lists them, beside this one.
    pub(super) list: Option<(String, Range<usize>)>,
    pub(super) requires: Vec<String>,
    /// A match right after, or right before, one of these is none.
    pub(super) not_after: Vec<String>,
    pub(super) not_before: Vec<String>,
    pub(super) max_length: usize,
    pub(super) documents: &'static str,
    /// For wrong words: the script of the documents in which they are looked for.
    pub(super) script: &'static str,
    /// Whether a match speaks for itself, or only in company.
    pub(super) alone: bool,
    pub(super) inside: Vec<&'static str>,
    pub(super) at_least: usize,
    pub(super) per: &'static str,
    pub(super) message: String,
    pub(super) message_span: Range<usize>,
    pub(super) message_zh: Option<String>,
    pub(super) help: Option<String>,
    pub(super) help_zh: Option<String>,
    pub(super) severity: Option<&'static str>,
    pub(super) fix: Option<&'static str>,
}

const GROUPS: &[&str] = &[
    "encoding",
    "script",
    "repeat",
    "structure",
    "punctuation",
    "spelling",
    "residue",
    "corpus",
];
const SEVERITIES: &[&str] = &["info", "warning", "error"];
const CONFIDENCES: &[&str] = &["low", "medium", "high"];
const KINDS: &[&str] = &[
    "literals",
    "regexes",
    "substitutions",
    "densities",
    "wrong-words",
];
const SCOPES: &[&str] = &[
    "anywhere",
    "paragraph",
    "paragraph-start",
    "paragraph-end",
    "line",
    "document-start",
    "document-end",
];
const SCRIPTS: &[&str] = &["any", "simplified", "traditional"];
const DOCUMENTS: &[&str] = &["any", "plain", "scraped", "markdown"];
const MASKS: &[&str] = &["code", "url", "html", "formula"];
const PER: &[&str] = &["document", "1000 characters"];
const SAFETIES: &[&str] = &["safe", "unsafe"];
/// Furniture is short: where nothing else is said, a pattern over a whole paragraph or line looks
/// at no longer one (characters).
const USUAL_LENGTH: usize = 60;

impl Declaration {
    /// Whether it looks for wrong words, of which some are weighed.
    pub(super) fn has_list(&self) -> bool {
        self.patterns.iter().any(|p| p.kind == "wrong-words")
    }

    /// Reads a rule file.
    pub(super) fn parse(text: &str) -> Result<Self, SchemaError> {
        let root = DeTable::parse(text).map_err(|e| SchemaError {
            message: e.message().to_owned(),
            help: None,
            span: e.span().unwrap_or(0..0),
        })?;
        let rule = Reader::new(root.get_ref(), 0..0);
        rule.known(&[
            "name",
            "name-zh",
            "group",
            "severity",
            "confidence",
            "default",
            "summary",
            "summary-zh",
            "docs",
            "docs-zh",
            "bad",
            "good",
            "yields-to",
            "patterns",
        ])?;
        let (name, name_span) = rule.text("name")?;
        let kebab = name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()));
        if !kebab {
            return Err(SchemaError {
                message: said!("`name`: `{name}` is not in kebab-case"; "`name`：`{name}` 不是小写连字符形式"),
                help: Some(
                    said!("lower-case words of a to z with hyphens between them"; "由 a 到 z 的小写单词组成，用连字符相连"),
                ),
                span: name_span,
            });
        }
        let patterns = patterns(&rule)?;
        Ok(Self {
            name,
            name_zh: rule.optional("name-zh")?,
            summary_zh: rule.optional("summary-zh")?,
            docs_zh: rule.optional("docs-zh")?,
            name_span,
            group: rule.choice("group", GROUPS, None)?,
            severity: rule.choice("severity", SEVERITIES, None)?,
            confidence: rule.choice("confidence", CONFIDENCES, None)?,
            default: rule.flag("default", true)?,
            summary: rule.text("summary")?.0,
            docs: rule.text("docs")?.0,
            bad: bare(rule.texts("bad")?),
            good: bare(rule.texts("good")?),
            yields_to: rule.texts("yields-to")?,
            patterns,
        })
    }
}

/// Reads a file that holds nothing but further patterns of a rule.
#[allow(
    dead_code,
    reason = "only the rules of the project itself lie in several files"
)]
pub(super) fn part(text: &str) -> Result<Vec<PatternDeclaration>, SchemaError> {
    let root = DeTable::parse(text).map_err(|e| SchemaError {
        message: e.message().to_owned(),
        help: None,
        span: e.span().unwrap_or(0..0),
    })?;
    let part = Reader::new(root.get_ref(), 0..0);
    part.known(&["patterns"])?;
    patterns(&part)
}

fn patterns(root: &Reader<'_>) -> Result<Vec<PatternDeclaration>, SchemaError> {
    let list = root.required("patterns")?;
    let DeValue::Array(tables) = list.get_ref() else {
        return Err(wrong(
            "patterns",
            &said!("an array of tables, `[[patterns]]`"; "表的数组 `[[patterns]]`"),
            list,
        ));
    };
    tables
        .iter()
        .map(|table| match table.get_ref() {
            DeValue::Table(inner) => pattern(&Reader::new(inner, table.span())),
            _ => Err(wrong("patterns", &said!("a table"; "表"), table)),
        })
        .collect()
}

fn pattern(table: &Reader<'_>) -> Result<PatternDeclaration, SchemaError> {
    table.known(KEYS)?;
    let kind = table.choice("kind", KINDS, None)?;
    let scope = table.choice("scope", SCOPES, Some("anywhere"))?;
    fits(table, kind)?;
    let fix = match table.get("fix") {
        Some(_) => Some(table.choice("fix", SAFETIES, None)?),
        None => None,
    };
    let replacement = match table.get("replacement") {
        Some(_) => Some(table.text("replacement")?.0),
        None => fix.map(|_| String::new()),
    };
    let list = match table.get("list") {
        Some(_) => Some(table.text("list")?),
        None => None,
    };
    let rows = match (kind, &list) {
        ("wrong-words", Some(_)) if table.get("replace").is_none() => Vec::new(),
        ("wrong-words", _) => rows(table.pairs("replace")?)?,
        _ => Vec::new(),
    };
    let items = items(table, kind, replacement.as_deref())?;
    let requires = bare(table.texts("requires")?);
    suits(table, kind, scope)?;
    let (message, message_span) = table.text("message")?;
    let inside = table
        .texts("inside")?
        .iter()
        .map(|(text, span)| choose("inside", text, MASKS, span))
        .collect::<Result<_, _>>()?;
    Ok(PatternDeclaration {
        kind,
        scope,
        items,
        rows,
        list,
        requires,
        not_after: bare(table.texts("not-after")?),
        not_before: bare(table.texts("not-before")?),
        max_length: table.number(
            "max-length",
            match scope {
                "paragraph" | "line" => USUAL_LENGTH,
                _ => u32::MAX as usize,
            },
        )?,
        documents: table.choice("documents", DOCUMENTS, Some("any"))?,
        script: table.choice("script", SCRIPTS, Some("any"))?,
        alone: table.flag("alone", true)?,
        inside,
        at_least: table.number("at-least", 1)?,
        per: table.choice("per", PER, Some("document"))?,
        message,
        message_span,
        message_zh: table.optional("message-zh")?,
        help: table.optional("help")?,
        help_zh: table.optional("help-zh")?,
        severity: match table.get("severity") {
            Some(_) => Some(table.choice("severity", SEVERITIES, None)?),
            None => None,
        },
        fix,
    })
}

/// The keys of a pattern.
const KEYS: &[&str] = &[
    "kind",
    "scope",
    "match",
    "replace",
    "list",
    "requires",
    "not-after",
    "not-before",
    "max-length",
    "documents",
    "script",
    "alone",
    "inside",
    "at-least",
    "per",
    "message",
    "message-zh",
    "help",
    "help-zh",
    "severity",
    "fix",
    "replacement",
];

/// Checks that what is said belongs to the kind.
fn fits(table: &Reader<'_>, kind: &str) -> Result<(), SchemaError> {
    let belongs = |key: &str, kinds: &[&str]| match table.get(key) {
        Some(value) if !kinds.contains(&kind) => Err(SchemaError {
            message: said!("`{key}` means nothing for the kind `{kind}`"; "`{key}` 对类型 `{kind}` 没有意义"),
            help: Some(said!("it belongs to {}", kinds.join(", "); "它属于 {}", kinds.join("、"))),
            span: value.span(),
        }),
        _ => Ok(()),
    };
    belongs("match", &["literals", "regexes", "densities"])?;
    belongs("replace", &["substitutions", "wrong-words"])?;
    belongs("list", &["wrong-words"])?;
    belongs("script", &["wrong-words"])?;
    belongs("requires", &["regexes"])?;
    belongs("at-least", &["densities"])?;
    belongs("per", &["densities"])?;
    belongs("replacement", &["literals", "regexes"])?;
    Ok(())
}

/// Checks what a kind asks of the scope.
fn suits(table: &Reader<'_>, kind: &str, scope: &str) -> Result<(), SchemaError> {
    if kind == "regexes" && scope == "anywhere" && table.texts("requires")?.is_empty() {
        return Err(SchemaError {
            message: said!("`requires` is missing: a regex that may match anywhere needs literals of which one is always part of it"; "缺少 `requires`：可在任何位置匹配的正则要列出必含其一的文字"),
            help: Some(
                said!("without them the regex would run over all text; or give it a narrower `scope`"; "否则正则要扫描全文；也可以给它较窄的 `scope`"),
            ),
            span: table.span.clone(),
        });
    }
    if kind == "densities" && scope != "anywhere" {
        return Err(SchemaError {
            message: said!("a density counts in the whole document: `scope` must be `anywhere`"; "密度按全文计算：`scope` 必须是 `anywhere`"),
            help: None,
            span: table.span.clone(),
        });
    }
    if table.get("alone").is_some() && !matches!(scope, "line" | "paragraph") {
        return Err(SchemaError {
            message: said!("`alone` is said of lines that may stand beside others: `scope` must be `line` or `paragraph`"; "`alone` 只用于可与他行相邻的行：`scope` 必须是 `line` 或 `paragraph`"),
            help: None,
            span: table.span.clone(),
        });
    }
    Ok(())
}

/// What is looked for; nothing of wrong words, which have a table of their own.
fn items(
    table: &Reader<'_>,
    kind: &str,
    replacement: Option<&str>,
) -> Result<Vec<ItemDeclaration>, SchemaError> {
    let items = if kind == "wrong-words" {
        Vec::new()
    } else if kind == "substitutions" {
        table.pairs("replace")?
    } else {
        let list = table.required("match").and_then(|_| table.texts("match"))?;
        list.into_iter()
            .map(|(text, span)| ItemDeclaration {
                text,
                replacement: replacement.map(str::to_owned),
                span,
            })
            .collect()
    };
    if let Some(empty) = items.iter().find(|item| item.text.is_empty()) {
        return Err(SchemaError {
            message: said!("an empty pattern matches everywhere"; "空的模式处处匹配"),
            help: None,
            span: empty.span.clone(),
        });
    }
    Ok(items)
}

/// Wrong words that stand in the rule file itself: all of them are never right.
fn rows(pairs: Vec<ItemDeclaration>) -> Result<Vec<Row>, SchemaError> {
    let row = |pair: ItemDeclaration| {
        let row = Row {
            wrong: pair.text,
            right: pair.replacement.unwrap_or_default(),
            class: Class::Never,
            except: String::new(),
        };
        word_list::check(&row).map_err(|message| SchemaError {
            message: format!("`replace`: {message}"),
            help: None,
            span: pair.span,
        })?;
        Ok(row)
    };
    pairs.into_iter().map(row).collect()
}

fn bare(texts: Vec<(String, Range<usize>)>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}
