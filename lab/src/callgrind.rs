//! What `valgrind --tool=callgrind` wrote: instructions of functions with all that they call.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The profile of one run.
#[derive(Debug, Default)]
pub struct Profile {
    /// Instructions of the whole run.
    pub total: u64,
    /// For the number of a caller and of what it calls: instructions of all these calls.
    calls: HashMap<(u32, u32), u64>,
    names: HashMap<u32, String>,
}

/// The allocator by the same steps on any machine: not by the number of its processors, nor by the
/// clock.
const ALLOCATOR: (&str, &str) = (
    "_RJEM_MALLOC_CONF",
    "narenas:1,dirty_decay_ms:-1,muzzy_decay_ms:-1",
);

impl Profile {
    /// Runs a program and counts.
    ///
    /// # Errors
    ///
    /// What keeps valgrind from running, and what it says where it fails.
    pub fn of(program: &Path, arguments: &[&str], folder: &Path) -> Result<Self, String> {
        let file = folder.join("callgrind.out");
        let output = Command::new("valgrind")
            .arg("--tool=callgrind")
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(program)
            .args(arguments)
            .env(ALLOCATOR.0, ALLOCATOR.1)
            .stdout(Stdio::null())
            .output()
            .map_err(|error| format!("valgrind: {error}"))?;
        // 1: something was found
        if output.status.code().is_none_or(|code| code > 1) {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(Self::parse(&text))
    }

    /// Reads a profile in callgrind's format, in which a name is written out once and then is a
    /// number.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut profile = Self::default();
        let (mut caller, mut callee, mut called) = (0, 0, false);
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("fn=") {
                caller = profile.function(name);
            } else if let Some(name) = line.strip_prefix("cfn=") {
                callee = profile.function(name);
            } else if let Some(total) = line.strip_prefix("totals: ") {
                profile.total = total.trim().parse().unwrap_or_default();
            } else if line.starts_with("calls=") {
                called = true;
            } else if std::mem::take(&mut called) {
                let cost = line.split(' ').nth(1).and_then(|cost| cost.parse().ok());
                *profile.calls.entry((caller, callee)).or_default() += cost.unwrap_or(0);
            }
        }
        profile
    }

    /// `(12) name` or `(12)`.
    fn function(&mut self, text: &str) -> u32 {
        let (number, name) = text.split_once(')').unwrap_or((text, ""));
        let number = number.trim_start_matches('(').parse().unwrap_or_default();
        if !name.is_empty() {
            self.names.insert(number, name.trim().to_owned());
        }
        number
    }

    /// Instructions of the functions whose names hold a text, with all that they call; calls among
    /// themselves count once. None where there is no such function: it was not called, or is no
    /// function of its own any more.
    #[must_use]
    pub fn inclusive(&self, name: &str) -> Option<u64> {
        let is = |number: &u32| self.names.get(number).is_some_and(|n| n.contains(name));
        let from_outside = |(caller, callee): &&(u32, u32)| is(callee) && !is(caller);
        let calls = self.calls.keys().filter(from_outside);
        let costs: Vec<u64> = calls.map(|call| self.calls[call]).collect();
        (!costs.is_empty()).then(|| costs.iter().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn calls_among_themselves_count_once() {
        let text = "fn=(1) main\n1 5\ncfn=(2) kanwu::scan\ncalls=2 7\n3 40\nfn=(2)\n7 30\ncfn=(3) kanwu::scan'2\ncalls=1 7\n8 10\n\ntotals: 45\n";
        let profile = Profile::parse(text);
        assert_eq!(profile.total, 45);
        assert_eq!(profile.inclusive("kanwu::scan"), Some(40));
        assert_eq!(profile.inclusive("kanwu::other"), None);
    }
}
