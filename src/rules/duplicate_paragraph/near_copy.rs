//! Paragraphs that are nearly the same, or of which one is a piece of the other.

use super::report;
use crate::document::Paragraph;
use crate::finding::Finding;
use crate::language::Message;
use crate::reading::Reading;
use crate::text::{Cover, Hunk, content, cover, is_han, is_numeral, is_sentence_end};
use crate::told;

/// The most edits that the alignment of two paragraphs may take.
const EDITS: usize = 96;

/// How the shorter of two paragraphs lies in the longer one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// From beginning to end.
    Over,
    /// On its beginning: the tail is missing.
    Head,
    /// On its end: the head is missing.
    Tail,
}

/// What there is to say of two paragraphs of which one is nearly the other, or a part of it.
pub(super) fn near_copy(
    document: &Reading<'_>,
    first: &Paragraph,
    second: &Paragraph,
) -> Option<Finding> {
    let (a, b) = (
        document.slice(first.content),
        document.slice(second.content),
    );
    let (mut left, mut right): (Vec<char>, Vec<char>) =
        (content(a).collect(), content(b).collect());
    // The shorter one is the damaged copy; of two about equally long ones the second.
    let first_is_cut = left.len() * 20 < right.len() * 19;
    let (original, copy) = if first_is_cut {
        (second, first)
    } else {
        (first, second)
    };
    if left.len() > right.len() {
        std::mem::swap(&mut left, &mut right);
    }
    let (cover, lies) = laid_over(&mut left, &mut right)?;
    if !is_misreading(&cover.hunks, &left, &right, lies) {
        return None;
    }
    let whole = document.slice(original.content);
    let rest = right.len() - cover.covered;
    let one_clause = left.len() < 26
        && !document
            .slice(copy.content)
            .contains(['，', ',', '。', '；', ';', '、']);
    if !is_cut(whole, document.slice(copy.content), rest, lies)
        || (lies != Lies::Over && one_clause)
    {
        return None;
    }
    let matched = left.len() - cover.hunks.iter().map(|h| h.left).sum::<usize>();
    let likeness = 2.0 * matched as f64 / (left.len() + cover.covered) as f64;
    let line = document.line(original.span.start());
    let percent = (likeness * 100.0).floor();
    let alike = if likeness < 1.0 {
        told!(", {percent} % alike"; "，相似 {percent}%")
    } else {
        Message::default()
    };
    let message = match lies {
        Lies::Over => told!(
            "nearly the same paragraph as at line {line}: {percent} % alike";
            "与第{line}行的段落几乎相同：相似 {percent}%"
        ),
        Lies::Tail => told!(
            "the end of the paragraph at line {line} once more, without its first {rest} characters";
            "第{line}行段落的后半再次出现，缺开头{rest}字"
        )
        .and(&alike),
        Lies::Head => told!(
            "the beginning of the paragraph at line {line} once more, without its last {rest} characters";
            "第{line}行段落的前半再次出现，缺末尾{rest}字"
        )
        .and(&alike),
    };
    Some(report(document, original, copy, message, likeness))
}

/// How the shorter of two texts lies in the longer one. Where it lies on its end, both are left
/// reversed.
fn laid_over(left: &mut [char], right: &mut [char]) -> Option<(Cover, Lies)> {
    let limit = EDITS.min(left.len() / 3);
    let head = cover(left, right, limit);
    let enough = head.as_ref().is_some_and(|c| c.hunks.is_empty());
    let tail = if enough {
        None
    } else {
        left.reverse();
        right.reverse();
        let tail = cover(left, right, limit);
        left.reverse();
        right.reverse();
        tail
    };
    let edits = |c: &Cover| c.hunks.iter().map(|h| h.left + h.right).sum::<usize>();
    let (cover, from_end) = match (head, tail) {
        (Some(h), Some(t)) if edits(&t) < edits(&h) => (t, true),
        (Some(h), _) => (h, false),
        (None, Some(t)) => (t, true),
        (None, None) => return None,
    };
    if from_end {
        left.reverse();
        right.reverse();
    }
    let lies = if cover.covered == right.len() {
        Lies::Over
    } else if from_end {
        Lies::Tail
    } else {
        Lies::Head
    };
    Some((cover, lies))
}

/// Whether two alike passages differ as copies do, by a few misread characters or a piece left out,
/// and not as two passages of one pattern do, by other words, names and numbers.
fn is_misreading(hunks: &[Hunk], left: &[char], right: &[char], lies: Lies) -> bool {
    // The weight of what was misread, in half characters.
    let (mut misread, mut dropped) = (0, 0);
    for hunk in hunks {
        let (a, b) = (
            &left[hunk.left_at..hunk.left_at + hunk.left],
            &right[hunk.right_at..hunk.right_at + hunk.right],
        );
        let small = hunk.left.max(hunk.right) < 4 || hunk.left.min(hunk.right) > 0;
        // A numeral for another is another number; a numeral for another character (一 for 工) was
        // misread.
        let other_thing = a.iter().any(is_name_or_number) && b.iter().any(is_name_or_number);
        if small && (other_thing || are_opposites(a, b)) {
            return false;
        }
        match (hunk.left, hunk.right) {
            (1, 1) => misread += 2,
            (0, n) | (n, 0) if n <= 3 => misread += 2 + n,
            (0, _) | (_, 0) => dropped += 1,
            (a, b) if a + b == 3 => misread += 4,
            _ => return false,
        }
    }
    // A few words before or after are what leads over to a quotation; a copy that was cut begins
    // and ends clean.
    let at_edge = hunks.iter().any(|h| {
        let (first, last) = (
            h.left_at.min(h.right_at) == 0,
            h.left_at + h.left + 3 > left.len(),
        );
        last || (first && h.left.max(h.right) > 1)
    });
    let most = (left.len() / 15).max(6);
    !at_edge
        && misread <= most
        && dropped <= usize::from(lies == Lies::Over)
        && (hunks.is_empty() || left.len() >= 30)
}

/// Numbers, and Latin letters: another one of them is another thing.
fn is_name_or_number(c: &char) -> bool {
    let number = |c| is_numeral(c) && !matches!(c, '零' | '半' | '几');
    !is_han(*c) || number(*c) || matches!(c, '甲' | '乙' | '丙' | '丁')
}

/// Characters by which two passages of one pattern tell opposite things.
fn are_opposites(a: &[char], b: &[char]) -> bool {
    const PAIRS: &str = "上下前后左右男女大小起止进出入出增减升降买卖东西南北内外正反新旧多少长短高低快慢老少父母夫妻兄弟姐妹早晚首末始终开关他她他它她它有无是否省市市县县乡主次公私原被";
    let ([a], [b]) = (a, b) else {
        return false;
    };
    let mut chars = PAIRS.chars();
    while let (Some(x), Some(y)) = (chars.next(), chars.next()) {
        if (x, y) == (*a, *b) || (y, x) == (*a, *b) {
            return true;
        }
    }
    false
}

/// Whether a copy that covers a paragraph but for `rest` content characters was cut off rather than
/// set apart: a cut goes through a sentence, and the copy ends as the original does at that place.
/// A sentence set apart as a quotation, summary or caption begins and ends as a sentence of its
/// own, and so does the title that a sentence names in 《》.
fn is_cut(whole: &str, copy: &str, rest: usize, lies: Lies) -> bool {
    let last = |text: &str| {
        text.chars()
            .rev()
            .take_while(|c| content_of(*c).is_none())
            .any(is_sentence_end)
    };
    match lies {
        Lies::Over => true,
        Lies::Tail => last(whole) == last(copy) && cut_inside_sentence(whole, rest, lies),
        Lies::Head => !last(copy) && cut_inside_sentence(whole, rest, lies),
    }
}

fn content_of(c: char) -> Option<char> {
    content(c.encode_utf8(&mut [0; 4])).next()
}

/// Whether the paragraph is cut inside a sentence `rest` content characters from its beginning
/// (`Lies::Tail`) or end. What is set apart as a whole sentence is a quotation or a summary.
fn cut_inside_sentence(whole: &str, rest: usize, lies: Lies) -> bool {
    let mut passed = 0;
    let mut end_before = false;
    let chars: &mut dyn Iterator<Item = char> = if lies == Lies::Tail {
        &mut whole.chars()
    } else {
        &mut whole.chars().rev()
    };
    for c in chars {
        if content_of(c).is_some() {
            if passed == rest {
                return !end_before;
            }
            passed += 1;
            end_before = false;
        } else {
            // A sentence end at the cut means that whole sentences were left out; 《 or “, that a
            // title or quotation is set apart. A whole clause is most often quoted.
            end_before |= is_sentence_end(c)
                || matches!(
                    c,
                    '，' | ',' | '《' | '》' | '“' | '”' | '：' | ':' | '\n' | ' '
                );
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Lies, cut_inside_sentence};

    #[test]
    fn cuts_between_sentences_are_quotations() {
        let whole = "雨下了三天。田里的水退了，“秧苗保住了。”";
        assert!(!cut_inside_sentence(whole, 5, Lies::Tail));
        assert!(cut_inside_sentence(whole, 4, Lies::Tail));
        assert!(!cut_inside_sentence(whole, 11, Lies::Head));
        assert!(cut_inside_sentence(whole, 8, Lies::Head));
    }
}
