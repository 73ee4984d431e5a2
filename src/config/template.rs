//! The commented configuration that `kanwu init` writes.

use std::fmt::Write;

use super::keys::{KEYS, Kind};
use crate::language::Lang;

/// A `kanwu.toml` with every key explained and none set.
#[must_use]
pub fn template(lang: Lang) -> String {
    let mut page = String::from(
        "#:schema https://raw.githubusercontent.com/kanwu-lint/kanwu/main/docs/kanwu.schema.json\n",
    );
    page.push_str(lang.pick(
        "# Configuration of kanwu. It applies to the files in this folder and below.\n\
         # Every key is optional; remove the `#` before the ones you want.\n",
        "# kanwu 的配置，适用于本文件夹及其下的文件。\n\
         # 每个键都可不设；要用哪个，就删去它前面的 `#`。\n",
    ));
    for key in KEYS {
        let _ = writeln!(page, "\n# {}", lang.pick(key.docs, key.chinese));
        let _ = match key.kind {
            Kind::Severities => writeln!(page, "# [{}]\n{}", key.name, commented(key.example)),
            Kind::Settings => writeln!(
                page,
                "# [{}.{}",
                key.name,
                commented(key.example).trim_start_matches("# ")
            ),
            Kind::PerFile => writeln!(page, "# [[{}]]\n{}", key.name, commented(key.example)),
            _ => writeln!(page, "# {} = {}", key.name, key.example),
        };
    }
    page
}

fn commented(lines: &str) -> String {
    let lines: Vec<_> = lines.lines().map(|l| format!("# {l}")).collect();
    lines.join("\n")
}
