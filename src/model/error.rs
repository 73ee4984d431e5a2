//! Why a model does not open.

use std::path::PathBuf;

use crate::said;

/// The format of the files that this program reads and writes.
pub(super) const FORMAT: u32 = 1;

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file cannot be unpacked.
    #[error("{}", said!("the model cannot be unpacked: {}", .0; "模型无法解压：{}", .0))]
    Packed(#[source] std::io::Error),
    /// The file does not begin as a model does.
    #[error("{}", said!("this is not a language model of kanwu"; "这不是 kanwu 的语言模型"))]
    #[diagnostic(help("{}", said!("a model is written by `kanwu train CORPUS… -o FILE`"; "`kanwu train 语料… -o 文件` 写出模型")))]
    NotAModel,
    /// The file is of another format version.
    #[error("{}", said!("the model has format {found}, this program reads format {FORMAT}"; "模型的格式是 {found}，本程序读格式 {FORMAT}"))]
    #[diagnostic(help("{}", train_again()))]
    Format {
        /// The version found.
        found: u32,
    },
    /// The file ends too early or goes on too long.
    #[error("{}", said!("the model says it has {expected} bytes, the file has {found}: a copy was cut short?"; "模型自称有 {expected} 字节，文件有 {found} 字节：复制不完整？"))]
    Length {
        /// The length that the head of the file gives, in bytes.
        expected: u64,
        /// The length of the file, in bytes.
        found: u64,
    },
    /// The table of parts contradicts itself.
    #[error("{}", said!("the table of parts is damaged"; "部分的目录已损坏"))]
    Table,
    /// The content of a part is not what was written.
    #[error("{}", said!("the part `{part}` is damaged: its checksum is wrong"; "部分 `{part}` 已损坏：校验和不符"))]
    Checksum {
        /// The name of the part.
        part: String,
    },
    /// A part that every model needs is not there.
    #[error("{}", said!("the model has no part `{part}`"; "模型缺少部分 `{part}`"))]
    Missing {
        /// The name of the part.
        part: &'static str,
    },
    /// A part was written by another version of kanwu.
    #[error("{}", said!("the part `{part}` has version {found}, this program reads version {supported}"; "部分 `{part}` 的版本是 {found}，本程序读版本 {supported}"))]
    #[diagnostic(help("{}", train_again()))]
    Version {
        /// The name of the part.
        part: &'static str,
        /// The version found.
        found: u32,
        /// The version that can be read.
        supported: u32,
    },
    /// A part weighs another number of pieces of evidence than this program has.
    #[error("{}", said!("the part `{part}` weighs {found} pieces of evidence, this program has {given}"; "部分 `{part}` 权衡{found}项依据，本程序有{given}项"))]
    #[diagnostic(help("{}", train_again()))]
    Columns {
        /// The name of the part.
        part: &'static str,
        /// How many it weighs.
        found: usize,
        /// How many the program has.
        given: usize,
    },
    /// A part weighs evidence that this program does not have.
    #[error("{}", said!("the part `{part}` weighs `{found}` where this program has `{given}`"; "部分 `{part}` 权衡 `{found}`，而本程序此处是 `{given}`"))]
    #[diagnostic(help("{}", train_again()))]
    Evidence {
        /// The name of the part.
        part: &'static str,
        /// What it weighs.
        found: String,
        /// What the program has in that place.
        given: &'static str,
    },
    /// The content of a part contradicts itself.
    #[error("{}", said!("the part `{part}` is damaged: {what}"; "部分 `{part}` 已损坏：{}", chinese(what)))]
    Damaged {
        /// The name of the part.
        part: &'static str,
        /// What is wrong.
        what: &'static str,
    },
}

fn train_again() -> String {
    said!("train the model again with this version of kanwu"; "请用这个版本的 kanwu 重新训练模型")
}

/// What is wrong with a part, in Chinese.
fn chinese(what: &'static str) -> &'static str {
    match what {
        "it cannot be read" => "无法读取",
        "it cannot be read back" => "写出后无法读回",
        "it is missing" => "缺失",
        "it needs a model with confusable characters" => "需要含易混字的模型",
        "there are no confusable characters to fit with" => "没有可供拟合的易混字",
        "its sections do not add up" => "各段长度不符",
        "its tables have the wrong size" => "表的大小不对",
        "its trees cannot be read" => "决策树无法读取",
        "its lists overlap" => "列表重叠",
        "it holds a character that has no number" => "其中有没有编号的字",
        "it numbers a character that it does not have" => "编号所指的字不存在",
        "it numbers a word that it does not have" => "编号所指的词不存在",
        other => other,
    }
}
