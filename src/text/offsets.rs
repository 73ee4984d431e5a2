//! From offsets in decoded text back to offsets in the file as it is on disk.

/// One stretch in which every character has the same length in the decoded text and in the file.
#[derive(Clone, Copy, Debug)]
struct Run {
    text: u32,
    file: u32,
    text_step: u8,
    file_step: u8,
}

/// Maps byte offsets of the decoded UTF-8 text to byte offsets of the file.
///
/// UTF-8 files need no table: only a byte-order mark shifts them.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    shift: u32,
    runs: Vec<Run>,
}

impl OffsetMap {
    /// The map of a file whose text is its bytes after a mark of `shift` bytes.
    #[must_use]
    pub fn shifted(shift: usize) -> Self {
        Self {
            shift: u32::try_from(shift).unwrap_or(0),
            runs: Vec::new(),
        }
    }

    /// Notes that a character (or one replaced stretch) begins at `text` in the decoded text and at
    /// `file` in the file, and is `text_len` and `file_len` bytes long there. Calls come in
    /// ascending order.
    pub(super) fn push(&mut self, text: usize, file: usize, text_len: usize, file_len: usize) {
        let (text, file) = (text as u32, file as u32);
        let (text_step, file_step) = (text_len as u8, file_len.min(255) as u8);
        if let Some(last) = self.runs.last() {
            let same = last.text_step == text_step && last.file_step == file_step && text_step > 0;
            if same
                && (text - last.text) / u32::from(text_step) * u32::from(file_step)
                    == file - last.file
            {
                return;
            }
        }
        self.runs.push(Run {
            text,
            file,
            text_step,
            file_step,
        });
    }

    /// The file offset of a text offset.
    #[must_use]
    pub fn to_file(&self, offset: usize) -> usize {
        let Some(run) = self.runs.get(
            self.runs
                .partition_point(|r| r.text as usize <= offset)
                .wrapping_sub(1),
        ) else {
            return offset + self.shift as usize;
        };
        let inside = offset - run.text as usize;
        let step = usize::from(run.text_step).max(1);
        run.file as usize + inside / step * usize::from(run.file_step)
    }
}
