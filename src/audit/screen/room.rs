//! How long the lists of the screen are.

/// The most lines of each list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) rules: usize,
    pub(super) files: usize,
    pub(super) repeats: usize,
    pub(super) judged: usize,
    pub(super) changed: usize,
    /// Whether it is said how far stated probabilities hold, and what was missed.
    pub(super) details: bool,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            rules: 6,
            files: 6,
            repeats: 7,
            judged: 6,
            changed: 6,
            details: true,
        }
    }
}

impl Room {
    /// Takes a line from the longest list; whether there was one to take.
    pub(super) fn shrink(&mut self) -> bool {
        for least in [3, 1] {
            let mut lists = [
                &mut self.files,
                &mut self.rules,
                &mut self.judged,
                &mut self.changed,
                &mut self.repeats,
            ];
            let longest = lists.iter_mut().max_by_key(|list| ***list);
            if let Some(longest) = longest.filter(|list| ***list > least) {
                **longest -= 1;
                return true;
            }
        }
        std::mem::take(&mut self.details)
    }
}

#[cfg(test)]
mod tests {
    use super::Room;

    #[test]
    fn it_ends_with_a_line_of_each() {
        let mut room = Room::default();
        let mut steps = 0;
        while room.shrink() {
            steps += 1;
        }
        assert_eq!(steps, 5 + 5 + 6 + 5 + 5 + 1);
        assert_eq!((room.rules, room.repeats, room.details), (1, 1, false));
    }
}
