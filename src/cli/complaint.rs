//! An error as people read it: each of its words visible and in their language, and nothing said
//! twice.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use miette::{Diagnostic, LabeledSpan, MietteHandlerOpts, ReportHandler, Severity, SourceCode};

use crate::language::{Lang, spoken};
use crate::text::visible;

/// What systems and parsers say, in English and in Chinese.
const FOREIGN: &[(&str, &str)] = &[
    ("No such file or directory", "没有这个文件或文件夹"),
    ("entity not found", "没有这个文件或文件夹"),
    ("Permission denied", "没有权限"),
    ("Operation not permitted", "不允许这样操作"),
    ("is a directory", "这是文件夹"),
    ("Is a directory", "这是文件夹"),
    ("Not a directory", "这不是文件夹"),
    ("Directory not empty", "文件夹不为空"),
    ("File exists", "文件已存在"),
    ("File name too long", "文件名太长"),
    ("File too large", "文件太大"),
    ("Too many open files", "打开的文件太多"),
    ("Too many levels of symbolic links", "符号链接层数太多"),
    ("No space left on device", "磁盘已满"),
    ("Disk quota exceeded", "超出磁盘配额"),
    ("Read-only file system", "文件系统只读"),
    ("Input/output error", "读写出错"),
    ("Device or resource busy", "设备或资源正忙"),
    ("Cannot allocate memory", "内存不足"),
    ("Resource temporarily unavailable", "资源暂时不可用"),
    ("Broken pipe", "管道已断开"),
    ("Invalid argument", "参数无效"),
    ("stream did not contain valid UTF-8", "不是 UTF-8 文本"),
    ("invalid digit found in string", "不是数字"),
    ("cannot parse integer from empty string", "不是数字"),
    ("number too large to fit in target type", "数字太大"),
    ("invalid float literal", "不是数字"),
    // JSON
    ("EOF while parsing a value", "值没有写完"),
    ("EOF while parsing an object", "对象没有结束"),
    ("EOF while parsing a list", "列表没有结束"),
    ("EOF while parsing a string", "字符串没有结束"),
    ("expected value", "缺少值"),
    ("expected ident", "无法识别的值"),
    ("expected `,` or `}`", "缺少 `,` 或 `}`"),
    ("expected `,` or `]`", "缺少 `,` 或 `]`"),
    ("expected `:`", "缺少 `:`"),
    ("key must be a string", "键必须是字符串"),
    ("trailing characters", "后面还有多余的内容"),
    ("trailing comma", "多余的逗号"),
    ("invalid escape", "无效的转义"),
    ("invalid number", "无效的数字"),
    ("recursion limit exceeded", "嵌套过深"),
    ("missing field", "缺少键"),
    ("unknown field", "没有键"),
    ("duplicate field", "重复的键"),
    ("invalid type: ", "类型不对："),
    ("invalid value: ", "值不对："),
    (" at line ", "，第 "),
    (" column ", " 行，列 "),
    // TOML
    ("TOML parse error", "TOML 语法错误"),
    ("key with no value", "键没有值"),
    ("duplicate key", "重复的键"),
    ("string values must be quoted", "字符串要加引号"),
    ("invalid basic string", "无效的字符串"),
    ("unclosed array", "数组没有结束"),
    ("unclosed inline table", "内联表没有结束"),
    ("unexpected key or value", "多余的键或值"),
    ("missing value", "缺少值"),
    ("missing opening quote", "缺少前引号"),
    ("missing closing quote", "缺少后引号"),
    (
        "non-double-quote visible characters",
        "双引号以外的可见字符",
    ),
    ("literal string", "字面字符串"),
    ("expected newline", "应为换行"),
    (", expected ", "，应为 "),
];

/// Words of which some may come from the system, in the language that is spoken.
pub(super) fn in_language(words: &str) -> Cow<'_, str> {
    let mut words = Cow::Borrowed(words);
    if spoken() == Lang::Zh {
        for &(english, chinese) in FOREIGN {
            if words.contains(english) {
                words = Cow::Owned(words.replace(english, chinese));
            }
        }
    }
    words
}

/// The words of an error: line by line, with nothing in them that steers a terminal.
fn words(said: &str) -> String {
    let said = in_language(said);
    let lines: Vec<_> = said.lines().map(visible).collect();
    lines.join("\n")
}

/// An error, ready to be shown.
pub(super) struct Complaint<'e> {
    error: &'e miette::Report,
    words: String,
    help: Option<String>,
    cause: Option<Cause>,
}

/// Why, and why that.
#[derive(Debug)]
struct Cause {
    words: String,
    cause: Option<Box<Self>>,
}

impl<'e> Complaint<'e> {
    pub(super) fn new(error: &'e miette::Report) -> Self {
        let mut said: Vec<String> = Vec::new();
        for link in error.chain() {
            let link = words(&link.to_string());
            if !said.iter().any(|before| before.contains(&link)) {
                said.push(link);
            }
        }
        let mut cause = None;
        while said.len() > 1 {
            cause = said.pop().map(|words| Cause {
                words,
                cause: cause.map(Box::new),
            });
        }
        Self {
            error,
            words: said.pop().unwrap_or_default(),
            help: error.help().map(|help| words(&help.to_string())),
            cause,
        }
    }
}

impl fmt::Display for Complaint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl fmt::Debug for Complaint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        MietteHandlerOpts::new().build().debug(self, f)
    }
}

impl Error for Complaint<'_> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

impl Diagnostic for Complaint<'_> {
    fn severity(&self) -> Option<Severity> {
        self.error.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.error.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.error.labels()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::Complaint;

    #[test]
    fn an_error_is_visible_and_said_once() {
        let missing = std::io::Error::from_raw_os_error(2);
        let error = miette::Report::msg("a\u{1b}[31m.toml: it says why")
            .wrap_err(format!("cannot read a.toml: {missing}"));
        let shown = format!("{:?}", Complaint::new(&error));
        assert!(shown.contains("a␛[31m.toml: it says why"), "{shown}");
        let twice = miette::Report::msg("why").wrap_err("cannot read a.toml: why");
        let shown = format!("{:?}", Complaint::new(&twice));
        assert_eq!(shown.matches("why").count(), 1, "{shown}");
    }
}
