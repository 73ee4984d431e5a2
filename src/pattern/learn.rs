//! A list of wrong words that grows: what `kanwu learn` writes.

use std::fmt::Write;

use super::word_list::{self, Class, Row};
use crate::said;

/// A list with one wrong word more; nothing if it has the word already.
///
/// # Errors
///
/// What is wrong with the list, or with the word.
pub fn learn(list: &str, wrong: &str, right: &str) -> Result<Option<String>, String> {
    let rows = word_list::read(list).map_err(|error| error.to_string())?;
    let row = Row {
        wrong: wrong.trim().to_owned(),
        right: right.trim().to_owned(),
        class: Class::Never,
        except: String::new(),
    };
    if row.wrong.contains(char::is_control) || row.right.contains(char::is_control) {
        return Err(said!("a word has no line ends and no tabs in it"; "词中不能有换行和制表符"));
    }
    word_list::check(&row)?;
    if rows.iter().any(|known| known.wrong == row.wrong) {
        return Ok(None);
    }
    let mut text = match list.trim().is_empty() {
        true => "wrong\tright\n".to_owned(),
        false => list.to_owned(),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    // The first two columns may stand in another order.
    let head = text.lines().find(|line| !line.starts_with('#'));
    let cells: Vec<&str> = head
        .unwrap_or_default()
        .split('\t')
        .map(|name| match name.trim() {
            "wrong" => row.wrong.as_str(),
            "right" => row.right.as_str(),
            _ => "",
        })
        .collect();
    let _ = writeln!(text, "{}", cells.join("\t").trim_end());
    Ok(Some(text))
}

/// A rule file for a list beside it.
#[must_use]
pub fn pack_of(name: &str, list: &str) -> String {
    format!(
        r#"# Wrong words of this project; `kanwu learn WRONG RIGHT` adds to the list. docs/rule-packs.md describes both files.
name = "{name}"
group = "spelling"
severity = "error"
confidence = "high"
summary = "a form that is wrong in this project"
docs = "The forms of {list}."

[[patterns]]
kind = "wrong-words"
list = "{list}"
message = "{{0}} should read {{1}}"
message-zh = "{{0}}应作{{1}}"
fix = "safe"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::learn;

    #[test]
    fn a_word_is_added_once() {
        let one = learn("", "关健", "关键").expect("a word").expect("a list");
        assert_eq!(one, "wrong\tright\n关健\t关键\n");
        assert_eq!(learn(&one, "关健", "关键"), Ok(None));
        let two = learn("# ours\nright\tclass\twrong", "脉博", "脉搏");
        let two = two.expect("a word").expect("a list");
        assert_eq!(two, "# ours\nright\tclass\twrong\n脉搏\t\t脉博\n");
    }

    #[test]
    fn what_is_no_word_is_told() {
        assert!(learn("", "健", "键").is_err());
        assert!(learn("", "关健", "").is_err());
        assert!(learn("", "关健", "关\t键").is_err());
        assert!(learn("worng\tright\n", "关健", "关键").is_err());
    }
}
