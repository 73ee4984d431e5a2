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
    /// The same in Chinese.
    pub(super) chinese: &'static str,
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
        chinese: "只用这些规则或规则组；\"all\" 是全部规则。不设时用默认的一套。",
        example: r#"["encoding", "repeat", "doubled-character"]"#,
    },
    Key {
        name: "extend-select",
        kind: Kind::Rules,
        per_file: true,
        docs: "These rules or groups on top of the others.",
        chinese: "在其余之外再加这些规则或规则组。",
        example: r#"["corpus"]"#,
    },
    Key {
        name: "ignore",
        kind: Kind::Rules,
        per_file: true,
        docs: "Not these rules or groups. A rule named in select or extend-select outlasts its group here.",
        chinese: "不用这些规则或规则组。在 select 或 extend-select 中点名的规则，不因其所属的组列在这里而关闭。",
        example: r#"["punctuation"]"#,
    },
    Key {
        name: "encoding",
        kind: Kind::Encoding,
        per_file: true,
        docs: "The encoding of the files; without it each file is looked at. A byte-order mark decides before it.",
        chinese: "文件的编码；不设时逐个文件判断。字节顺序标记优先于它。",
        example: r#""gb18030""#,
    },
    Key {
        name: "as",
        kind: Kind::ReadAs,
        per_file: true,
        docs: "The kind that the files are read as; without it the one that the name says, else the content. --as goes before it.",
        chinese: "文件按哪一种读；不设时看文件名，再看内容。--as 优先于它。",
        example: r#""jsonl""#,
    },
    Key {
        name: "field",
        kind: Kind::Texts,
        per_file: true,
        docs: "The fields of JSON and table records that are read, by name or number of the column; without it those that hold prose. --field goes before it.",
        chinese: "JSON 和表格的记录读哪些字段，用字段名或列号；不设时读有文章的字段。--field 优先于它。",
        example: r#"["text", "answer"]"#,
    },
    Key {
        name: "level",
        kind: Kind::Severity,
        per_file: true,
        docs: "What a terminal shows: findings at least so severe, error, warning or info. Without it warnings and errors; programs and editors get all.",
        chinese: "终端上显示的最低级别：error、warning 或 info。不设时显示警告和错误；程序和编辑器得到全部。",
        example: r#""info""#,
    },
    Key {
        name: "lang",
        kind: Kind::Lang,
        per_file: false,
        docs: "The language that people are told in, en or zh; without it that of the locale, in editors the editor's. --lang goes before it.",
        chinese: "消息的语言，en 或 zh；不设时随系统区域，在编辑器中随编辑器。--lang 优先于它。",
        example: r#""zh""#,
    },
    Key {
        name: "model",
        kind: Kind::Text,
        per_file: false,
        docs: "The language model that the text is read with, a file that `kanwu train` wrote; without it the one that comes with kanwu.",
        chinese: "读文章用的语言模型，即 `kanwu train` 写出的文件；不设时用 kanwu 自带的。",
        example: r#""gazettes.model""#,
    },
    Key {
        name: "profile",
        kind: Kind::Text,
        per_file: false,
        docs: "What `kanwu audit --profile` learned of the sites that the text comes from: their lines are masked, their watermarks are found.",
        chinese: "`kanwu audit --profile` 从文章的来源网站学到的内容：其固定行被屏蔽，其水印会被找出。",
        example: r#""kanwu.profile""#,
    },
    Key {
        name: "baseline",
        kind: Kind::Text,
        per_file: false,
        docs: "The baseline: findings that it knows are passed over, in the editor too. --baseline goes before it.",
        chinese: "基线：其中已有的问题不再报告，编辑器中也一样。--baseline 优先于它。",
        example: r#""kanwu.baseline.json""#,
    },
    Key {
        name: "judgements",
        kind: Kind::Texts,
        per_file: false,
        docs: "Files of judgements that `kanwu judge` or the page of an audit wrote: findings that were judged wrong are passed over, in the editor too.",
        chinese: "`kanwu judge` 或审计页面写出的判断文件：判为误报的不再报告，编辑器中也一样。",
        example: r#"["kanwu.judgements.jsonl"]"#,
    },
    Key {
        name: "vocabulary",
        kind: Kind::Texts,
        per_file: false,
        docs: "Words that are right here: names, terms. Nothing is reported inside them.",
        chinese: "此处正确的词语：人名、地名、术语。其中的内容一概不报。",
        example: r#"["布布依寨", "新新人类"]"#,
    },
    Key {
        name: "vocabulary-files",
        kind: Kind::Texts,
        per_file: false,
        docs: "Files with such words, one a line; `#` begins a comment.",
        chinese: "列有这类词语的文件，一行一个；`#` 之后为注释。",
        example: r#"["words.txt"]"#,
    },
    Key {
        name: "packs",
        kind: Kind::Texts,
        per_file: false,
        docs: "Rule packs: files of declared rules, or folders of them.",
        chinese: "规则包：写有规则的文件，或放这些文件的文件夹。",
        example: r#"["rules/"]"#,
    },
    Key {
        name: "include",
        kind: Kind::Texts,
        per_file: false,
        docs: "The files that are looked at in folders, as in .gitignore; without it those that hold prose by their endings (.txt, .md, …).",
        chinese: "在文件夹中查看哪些文件，写法同 .gitignore；不设时按扩展名查看有文章的文件（.txt、.md 等）。",
        example: r#"["*.txt", "*.ocr"]"#,
    },
    Key {
        name: "exclude",
        kind: Kind::Texts,
        per_file: false,
        docs: "Files and folders that are left out, as in .gitignore. Files named on the command line are checked all the same, unless --force-exclude is given.",
        chinese: "略过哪些文件和文件夹，写法同 .gitignore。命令行上点名的文件照样检查，除非给出 --force-exclude。",
        example: r#"["drafts/", "*.orig.txt"]"#,
    },
    Key {
        name: "severity",
        kind: Kind::Severities,
        per_file: true,
        docs: "Another severity for a rule or group: error, warning or info.",
        chinese: "为某规则或规则组另定级别：error、warning 或 info。",
        example: "stray-latin = \"warning\"",
    },
    Key {
        name: "rules",
        kind: Kind::Settings,
        per_file: false,
        docs: "From which probability on a rule speaks, and how loudly; `kanwu explain RULE` shows its levels. What is set counts for all kinds of text.",
        chinese: "规则从多大的概率起报告、报为哪一级；`kanwu explain 规则名` 显示其分级。所设的值适用于各类文章。",
        example: "confused-character]\nlevels = { info = 0.5, warning = 0.8, error = \"never\" }",
    },
    Key {
        name: "per-file",
        kind: Kind::PerFile,
        per_file: false,
        docs: "Settings for some files only, by globs as in .gitignore. Later tables win.",
        chinese: "只用于部分文件的设置，按通配符选文件，写法同 .gitignore。后面的表优先。",
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
