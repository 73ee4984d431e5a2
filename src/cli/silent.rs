//! What a language model cannot do: rules that find nothing with it are named, once.

use std::fmt::Write;

use super::input::Job;
use super::output;
use crate::model::Model;
use crate::registry::silent;
use crate::rule::Card;
use crate::said;

/// A run in which nothing could be found.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{}", said!("the language model has nothing that the selected rules need: {}", .0; "语言模型中没有所选规则需要的内容：{}", .0))]
#[diagnostic(help("{}", said!("`kanwu model info FILE` shows what a model holds; `kanwu train` makes a whole one"; "`kanwu model info 文件` 显示模型的内容；`kanwu train` 训练完整的模型")))]
struct AllSilent(String);

/// Says of each model of a run which of the selected rules are silent with it.
///
/// # Errors
/// If all of them are.
pub(super) fn tell(jobs: &[Job]) -> miette::Result<()> {
    let mut told: Vec<*const Model> = Vec::new();
    for job in jobs {
        let model = job.profile.model();
        if told.contains(&std::ptr::from_ref(model)) {
            continue;
        }
        told.push(model);
        let cards: Vec<&'static Card> = job.profile.linter.cards().collect();
        let silent = silent(cards.iter().copied(), model);
        if silent.is_empty() {
            continue;
        }
        if silent.len() == cards.len() {
            return Err(AllSilent(listed(&silent)).into());
        }
        output::note(&said!(
            "kanwu: the language model lacks parts; silent: {}", listed(&silent);
            "kanwu: 语言模型缺少部分；不发声的规则：{}", listed(&silent)
        ));
    }
    Ok(())
}

/// Rules with what they lack: `garbled-text (garbled), …`.
pub(super) fn listed(silent: &[(&str, Vec<&str>)]) -> String {
    let mut list = String::new();
    for (rule, parts) in silent {
        let comma = if list.is_empty() { "" } else { ", " };
        let _ = write!(list, "{comma}{rule} ({})", parts.join(", "));
    }
    list
}
