//! Packed files: each file inside one is checked by itself, and none is mended.

use super::input::{Checked, Input, Job, Outcome};
use super::mend::FixOptions;
use crate::formats::Packing;
use crate::said;
use crate::text::{self, visible_name};

/// Unpacks and checks an input with so many threads.
pub(super) fn check(
    job: &Job,
    packing: Packing,
    bytes: &[u8],
    fixes: &FixOptions,
    threads: usize,
) -> Outcome {
    let Job { input, profile } = job;
    let members = packing.unpack(bytes).map_err(|e| input.skipped(e))?;
    let mut whole = Checked::default();
    let mut fixable = 0;
    for member in members {
        let name = match &member.path {
            Some(path) => format!("{}/{path}", input.name()),
            None => input.name().into_owned(),
        };
        let decoded =
            text::decode(&member.bytes, profile.encoding).map_err(|e| input.skipped(e))?;
        let outcome = profile.check(&name, &decoded, threads);
        fixable += outcome
            .findings
            .iter()
            .filter(|f| !f.fixes.is_empty())
            .count();
        let mut checked = Checked::default();
        checked.take(name, decoded, outcome);
        whole.members.push(checked);
    }
    if fixes.any() && fixable > 0 {
        let name = input.name();
        let name = visible_name(&name);
        whole.notes.push(said!(
            "kanwu: {name}: {fixable} findings with fixes; a packed file is not written to";
            "kanwu: {name}: {fixable}处有修改；打包的文件不写入"
        ));
    }
    if fixes.any() && !fixes.only_diff() && matches!(input, Input::Stdin(_)) {
        whole.raw = bytes.to_vec();
    }
    Ok(whole)
}
