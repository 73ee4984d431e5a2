//! Characters lost or changed by encodings and fonts.

use encoding_rs::{GBK, WINDOWS_1252};

use super::Sources;
use super::radicals::look_alike;
use crate::han::{clauses, first_chars, is_han, length};
use crate::page::Page;
use crate::random::Random;

/// A random Han character of a free paragraph: block, offset, character.
fn han_place(
    page: &Page,
    random: &mut Random,
    wanted: impl Fn(char) -> bool,
) -> Option<(usize, usize, char)> {
    for index in page.free(20, random) {
        let text = &page.blocks[index].text;
        let places: Vec<(usize, char)> = text
            .char_indices()
            .filter(|&(at, c)| at > 0 && is_han(c) && wanted(c))
            .collect();
        if let Some(&(at, c)) = random.pick(&places) {
            return Some((index, at, c));
        }
    }
    None
}

/// Writes `with` over the character and records it.
fn put(
    page: &mut Page,
    (index, at, old): (usize, usize, char),
    with: &str,
    insert: bool,
    class: &'static str,
    kind: &'static str,
) {
    let end = if insert { at } else { at + old.len_utf8() };
    page.replace(index, at..end, with);
    page.blocks[index].used = true;
    page.mark(class, kind, index, at..at + with.len()).fix = Some(if insert {
        String::new()
    } else {
        old.to_string()
    });
}

pub(super) fn replacement(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let place = han_place(page, random, |_| true)?;
    let (with, kind) = random.one_of(&[
        ("\u{FFFD}", "U+FFFD"),
        ("\u{FFFD}\u{FFFD}", "U+FFFD"),
        ("\u{FFFD}", "U+FFFD"),
        ("〓", "geta"),
        ("□", "box"),
    ]);
    put(page, place, with, false, "replacement-character", kind);
    Some(())
}

pub(super) fn invisible(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    const INVISIBLE: [(&str, &str); 12] = [
        ("\u{200B}", "zero-width"),
        ("\u{200B}", "zero-width"),
        ("\u{FEFF}", "zero-width"),
        ("\u{200C}", "zero-width"),
        ("\u{200D}", "zero-width"),
        ("\u{2060}", "zero-width"),
        ("\u{00AD}", "soft hyphen"),
        ("\u{200E}", "direction"),
        ("\u{202A}", "direction"),
        ("\u{0008}", "control"),
        ("\u{0003}", "control"),
        ("\u{007F}", "control"),
    ];
    let place = han_place(page, random, |_| true)?;
    let (with, kind) = random.one_of(&INVISIBLE);
    put(page, place, with, true, "invisible-character", kind);
    Some(())
}

pub(super) fn private_use(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let place = han_place(page, random, |_| true)?;
    let code = 0xE000 + random.below(0x1900) as u32;
    let with = char::from_u32(code)?.to_string();
    let insert = random.chance(0.4);
    put(
        page,
        place,
        &with,
        insert,
        "private-use-character",
        if insert { "inserted" } else { "replaced" },
    );
    Some(())
}

pub(super) fn compatibility(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let place = han_place(page, random, |c| look_alike(c).is_some())?;
    let (with, kind) = look_alike(place.2)?;
    put(
        page,
        place,
        &with.to_string(),
        false,
        "compatibility-character",
        kind,
    );
    Some(())
}

/// A clause of three to twelve characters to be garbled whole.
fn clause_place(page: &Page, random: &mut Random) -> Option<(usize, usize, String)> {
    for index in page.free(20, random) {
        let text = &page.blocks[index].text;
        let mut parts = clauses(text);
        parts.retain(|part| {
            length(&text[part.clone()]) >= 5 && text[part.clone()].chars().all(is_han)
        });
        if let Some(part) = random.pick(&parts) {
            let wanted = random.between(4, 12);
            let end = part.start + first_chars(&text[part.clone()], wanted);
            return Some((index, part.start, text[part.start..end].to_owned()));
        }
    }
    None
}

fn garble(
    page: &mut Page,
    random: &mut Random,
    kind: &'static str,
    garble: impl Fn(&str) -> String,
) -> Option<()> {
    let (index, at, original) = clause_place(page, random)?;
    let garbled = garble(&original);
    page.replace(index, at..at + original.len(), &garbled);
    page.blocks[index].used = true;
    page.mark("mojibake", kind, index, at..at + garbled.len())
        .fix = Some(original);
    Some(())
}

pub(super) fn utf8_as_latin(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    if random.chance(0.5) {
        garble(page, random, "cp1252", |text| {
            WINDOWS_1252
                .decode_without_bom_handling(text.as_bytes())
                .0
                .into_owned()
        })
    } else {
        garble(page, random, "latin-1", |text| {
            text.bytes().map(char::from).collect()
        })
    }
}

pub(super) fn utf8_as_gbk(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let question = random.chance(0.5);
    garble(page, random, "gbk", |text| {
        let decoded = GBK.decode_without_bom_handling(text.as_bytes()).0;
        if question {
            decoded.replace('\u{FFFD}', "?")
        } else {
            decoded.into_owned()
        }
    })
}

/// Replacement characters of a first wrong decoding, read as GBK by a second one.
pub(super) fn kun_jin_kao(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    garble(page, random, "锟斤拷", |text| {
        let lost = "\u{FFFD}".repeat(text.chars().count() & !1);
        GBK.decode_without_bom_handling(lost.as_bytes())
            .0
            .into_owned()
    })
}
