//! Every key there is, once: the parser, the commented template and the JSON Schema follow this
//! table.

use serde_json::{Map, Value, json};

use crate::formats;
use crate::language::Lang;
use crate::levels::number;
use crate::registry::Registry;
use crate::rule::{Card, Group};
use crate::text::Encoding;

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A list of names of rules and groups, and `all`.
    Rules,
    /// A list of strings.
    Texts,
    /// A string.
    Text,
    /// The name of an encoding.
    Encoding,
    /// A severity.
    Severity,
    /// A language.
    Lang,
    /// A kind of file.
    ReadAs,
    /// A table of severities by rule or group.
    Severities,
    /// A table of settings by rule.
    Settings,
    /// An array of tables with keys of their own.
    PerFile,
}

/// A key of the configuration.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether `[[per-file]]` takes it too.
    pub(super) per_file: bool,
    /// What it does: one or two sentences.
    pub(super) docs: &'static str,
    /// An example value as TOML; of a table its lines.
    pub(super) example: &'static str,
}

/// The keys, in the order of the template.
pub(super) const KEYS: &[Key] = &[
    Key {
        name: "select",
        kind: Kind::Rules,
        per_file: true,
        docs: "Only these rules or groups; \"all\" is every rule. Without it the default set is on.",
        example: r#"["encoding", "repeat", "doubled-character"]"#,
    },
    Key {
        name: "extend-select",
        kind: Kind::Rules,
        per_file: true,
        docs: "These rules or groups on top of the others.",
        example: r#"["corpus"]"#,
    },
    Key {
        name: "ignore",
        kind: Kind::Rules,
        per_file: true,
        docs: "Not these rules or groups. A rule named in select or extend-select outlasts its group here.",
        example: r#"["punctuation"]"#,
    },
    Key {
        name: "encoding",
        kind: Kind::Encoding,
        per_file: true,
        docs: "The encoding of the files; without it each file is looked at. A byte-order mark decides before it.",
        example: r#""gb18030""#,
    },
    Key {
        name: "as",
        kind: Kind::ReadAs,
        per_file: true,
        docs: "The kind that the files are read as; without it the one that the name says, else the content. --as goes before it.",
        example: r#""jsonl""#,
    },
    Key {
        name: "field",
        kind: Kind::Texts,
        per_file: true,
        docs: "The fields of JSON and table records that are read, by name or number of the column; without it those that hold prose. --field goes before it.",
        example: r#"["text", "answer"]"#,
    },
    Key {
        name: "level",
        kind: Kind::Severity,
        per_file: true,
        docs: "What a terminal shows: findings at least so severe, error, warning or info. Without it warnings and errors; programs and editors get all.",
        example: r#""info""#,
    },
    Key {
        name: "lang",
        kind: Kind::Lang,
        per_file: false,
        docs: "The language that people are told in, en or zh; without it that of the locale, in editors the editor's. --lang goes before it.",
        example: r#""zh""#,
    },
    Key {
        name: "model",
        kind: Kind::Text,
        per_file: false,
        docs: "The language model that the text is read with, a file that `kanwu train` wrote; without it the one that comes with kanwu.",
        example: r#""gazettes.model""#,
    },
    Key {
        name: "profile",
        kind: Kind::Text,
        per_file: false,
        docs: "What `kanwu audit --profile` learned of the sites that the text comes from: their lines are masked, their watermarks are found.",
        example: r#""kanwu.profile""#,
    },
    Key {
        name: "baseline",
        kind: Kind::Text,
        per_file: false,
        docs: "The baseline: findings that it knows are passed over, in the editor too. --baseline goes before it.",
        example: r#""kanwu.baseline.json""#,
    },
    Key {
        name: "judgements",
        kind: Kind::Texts,
        per_file: false,
        docs: "Files of judgements that `kanwu judge` or the page of an audit wrote: findings that were judged wrong are passed over, in the editor too.",
        example: r#"["kanwu.judgements.jsonl"]"#,
    },
    Key {
        name: "vocabulary",
        kind: Kind::Texts,
        per_file: false,
        docs: "Words that are right here: names, terms. Nothing is reported inside them.",
        example: r#"["布布依寨", "新新人类"]"#,
    },
    Key {
        name: "vocabulary-files",
        kind: Kind::Texts,
        per_file: false,
        docs: "Files with such words, one a line; `#` begins a comment.",
        example: r#"["words.txt"]"#,
    },
    Key {
        name: "packs",
        kind: Kind::Texts,
        per_file: false,
        docs: "Rule packs: files of declared rules, or folders of them.",
        example: r#"["rules/"]"#,
    },
    Key {
        name: "include",
        kind: Kind::Texts,
        per_file: false,
        docs: "The files that are looked at in folders, as in .gitignore; without it those that hold prose by their endings (.txt, .md, …).",
        example: r#"["*.txt", "*.ocr"]"#,
    },
    Key {
        name: "exclude",
        kind: Kind::Texts,
        per_file: false,
        docs: "Files and folders that are left out, as in .gitignore. Files named on the command line are checked all the same, unless --force-exclude is given.",
        example: r#"["drafts/", "*.orig.txt"]"#,
    },
    Key {
        name: "severity",
        kind: Kind::Severities,
        per_file: true,
        docs: "Another severity for a rule or group: error, warning or info.",
        example: "stray-latin = \"warning\"",
    },
    Key {
        name: "rules",
        kind: Kind::Settings,
        per_file: false,
        docs: "From which probability on a rule speaks, and how loudly; `kanwu explain RULE` shows its levels. What is set counts for all kinds of text.",
        example: "confused-character]\nlevels = { info = 0.5, warning = 0.8, error = \"never\" }",
    },
    Key {
        name: "per-file",
        kind: Kind::PerFile,
        per_file: false,
        docs: "Settings for some files only, by globs as in .gitignore. Later tables win.",
        example: "files = [\"letters/\", \"*.old.txt\"]\nignore = [\"structure\"]",
    },
];

/// The key of a `[[per-file]]` table that names the files.
pub(super) const FILES: &str = "files";

/// The most like one of `names`, as far as it is like `name` at all.
pub(super) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    names
        .into_iter()
        .map(|n| (strsim::damerau_levenshtein(n, name), n))
        .min()
        .filter(|(distance, n)| *distance * 2 <= n.len())
        .map(|(_, n)| n)
}

/// The JSON Schema of `kanwu.toml`, by which editors complete and check it.
#[must_use]
pub fn json_schema(registry: &Registry) -> Value {
    let cards = registry.cards();
    let mut names: Vec<&str> = vec!["all"];
    names.extend(Group::ALL.iter().map(|g| g.name()));
    names.extend(cards.iter().map(|c| c.name));
    let properties = |keys: &mut dyn Iterator<Item = &Key>| -> Map<String, Value> {
        keys.map(|key| (key.name.to_owned(), property(key, &cards)))
            .collect()
    };
    let mut per_file = properties(&mut KEYS.iter().filter(|k| k.per_file));
    per_file.insert(
        FILES.to_owned(),
        json!({"description": "The files, by globs as in .gitignore.", "type": "array", "items": {"type": "string"}, "minItems": 1}),
    );
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "kanwu.toml",
        "description": "The configuration of kanwu, a linter for damaged Chinese text.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties(&mut KEYS.iter()),
        "definitions": {
            // Rule packs bring names of their own, so any name is allowed and the known ones are
            // offered.
            "name": {"anyOf": [{"enum": names}, {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"}]},
            "severity": {"enum": ["error", "warning", "info"]},
            "per-file": {"type": "object", "additionalProperties": false, "required": [FILES], "properties": per_file},
        },
    })
}

fn property(key: &Key, cards: &[&'static Card]) -> Value {
    let mut value = match key.kind {
        Kind::Rules => json!({"type": "array", "items": {"$ref": "#/definitions/name"}}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Text => json!({"type": "string"}),
        Kind::Encoding => json!({"enum": Encoding::ALL.map(Encoding::name)}),
        Kind::ReadAs => json!({"enum": formats::Kind::ALL.map(formats::Kind::name)}),
        Kind::Lang => json!({"enum": Lang::ALL.map(Lang::name)}),
        Kind::Severity => json!({"$ref": "#/definitions/severity"}),
        Kind::Severities => {
            json!({"type": "object", "additionalProperties": {"$ref": "#/definitions/severity"}})
        }
        Kind::Settings => {
            let rules: Map<String, Value> = cards
                .iter()
                .filter(|c| !c.levels.is_empty())
                .map(|c| (c.name.to_owned(), settings(c)))
                .collect();
            json!({"type": "object", "properties": rules, "additionalProperties": {"type": "object", "maxProperties": 0}})
        }
        Kind::PerFile => json!({"type": "array", "items": {"$ref": "#/definitions/per-file"}}),
    };
    value["description"] = key.docs.into();
    value
}

/// The table of a rule that weighs.
fn settings(card: &Card) -> Value {
    let usual = card.levels.first().map(|(_, levels)| levels.named());
    let levels = usual.into_iter().flatten().map(|(severity, level)| {
        let default = number(level).map_or(json!("never"), Value::from);
        let value = json!({
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"const": "never"}],
            "default": default,
        });
        (severity.name().to_owned(), value)
    });
    let levels = json!({
        "type": "object", "additionalProperties": false, "properties": levels.collect::<Map<_, _>>(),
        "description": "From which probability on a finding is a note, a warning, an error: ascending.",
    });
    json!({
        "type": "object", "additionalProperties": false, "description": card.summary,
        "properties": {"levels": levels},
    })
}

#[cfg(test)]
mod tests {
    use super::{KEYS, Kind, nearest};

    #[test]
    fn keys_are_named_once() {
        let mut names: Vec<_> = KEYS.iter().map(|k| k.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KEYS.len());
        let table = |k: Kind| matches!(k, Kind::Severities | Kind::Settings | Kind::PerFile);
        let first = KEYS.iter().position(|k| table(k.kind)).expect("tables");
        assert!(
            KEYS[first..].iter().all(|k| table(k.kind)),
            "TOML wants tables last"
        );
    }

    #[test]
    fn a_slip_is_recognised_and_nonsense_is_not() {
        let names = || KEYS.iter().map(|k| k.name);
        assert_eq!(nearest("selct", names()), Some("select"));
        assert_eq!(nearest("exclud", names()), Some("exclude"));
        assert_eq!(nearest("zzzzzzzz", names()), None);
    }
}
