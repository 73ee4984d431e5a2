//! PAGE XML: regions and lines of a page, in the reading order that the file gives.

use std::collections::HashMap;
use std::ops::Range;

use quick_xml::events::{BytesStart, Event};

use super::Malformed;
use super::builder::Builder;
use super::escape::Escape;
use super::map::Place;
use super::xml_tokens::{Token, attribute, tokens};

/// A region of text.
#[derive(Default)]
struct Region {
    id: String,
    lines: Vec<Line>,
    /// The text of the region as a whole: read where no line has any.
    whole: Vec<Range<usize>>,
}

/// A line of a region.
struct Line {
    number: u32,
    text: Vec<Range<usize>>,
}

/// A page of the file as it is read.
#[derive(Default)]
struct Page {
    regions: Vec<Region>,
    /// The names of regions in reading order.
    order: Vec<String>,
    lines: u32,
}

struct Pages<'s> {
    source: &'s str,
    done: Vec<Page>,
    /// The local names of the open elements.
    open: Vec<String>,
    /// Whether the text at hand is a second reading: an alternative with a higher index.
    other: bool,
}

/// Reads a file.
pub(super) fn read(source: &str, builder: &mut Builder<'_>) -> Vec<Malformed> {
    let mut pages = Pages {
        source,
        done: Vec::new(),
        open: Vec::new(),
        other: false,
    };
    let malformed = tokens(source, |token| pages.take(token));
    for (number, page) in pages.done.iter_mut().enumerate() {
        let ids = page.order.iter().enumerate();
        let ranks: HashMap<_, _> = ids.map(|(rank, id)| (id.as_str(), rank)).collect();
        // Regions that the order does not name come last, as they stand.
        let rank = |region: &Region| ranks.get(region.id.as_str()).copied();
        page.regions.sort_by_key(|r| rank(r).unwrap_or(usize::MAX));
        for region in &page.regions {
            builder.paragraph();
            let mut empty = true;
            for line in region.lines.iter().filter(|l| !l.text.is_empty()) {
                empty = false;
                builder.soft_break(line.text[0].start);
                builder.place(Place {
                    page: number as u32 + 1,
                    line: line.number,
                });
                for range in &line.text {
                    builder.flowing(range.clone(), Escape::Markup);
                }
            }
            for range in region.whole.iter().filter(|_| empty) {
                builder.flowing(range.clone(), Escape::Markup);
            }
        }
    }
    malformed
}

impl<'s> Pages<'s> {
    fn take(&mut self, token: Token<'s>) {
        match &token.event {
            Event::Start(tag) => {
                self.begin(tag, &token.range);
                let name = tag.local_name().as_ref().to_owned();
                self.open.push(name);
            }
            Event::Empty(tag) => self.begin(tag, &token.range),
            Event::End(_) => {
                self.open.pop();
            }
            Event::Text(_) | Event::GeneralRef(_) => self.text(token.range),
            _ => {}
        }
    }

    fn begin(&mut self, tag: &BytesStart<'_>, range: &Range<usize>) {
        let value = |name| attribute(tag, range, name).map(|at| self.source[at].to_owned());
        match tag.local_name().as_ref() {
            "Page" => self.done.push(Page::default()),
            "RegionRefIndexed" | "RegionRef" => {
                let id = value("regionRef");
                if let (Some(page), Some(id)) = (self.done.last_mut(), id) {
                    page.order.push(id);
                }
            }
            "TextRegion" => {
                let id = value("id").unwrap_or_default();
                if let Some(page) = self.done.last_mut() {
                    page.regions.push(Region {
                        id,
                        ..Region::default()
                    });
                }
            }
            "TextLine" => {
                if let Some(page) = self.done.last_mut() {
                    page.lines += 1;
                    let number = page.lines;
                    if let Some(region) = page.regions.last_mut() {
                        region.lines.push(Line {
                            number,
                            text: Vec::new(),
                        });
                    }
                }
            }
            "TextEquiv" => self.other = value("index").is_some_and(|i| !matches!(&*i, "0" | "1")),
            _ => {}
        }
    }

    /// The text of a line or region; that of words and glyphs says the same again.
    fn text(&mut self, range: Range<usize>) {
        let [.., owner, equivalent, unicode] = self.open.as_slice() else {
            return;
        };
        if unicode != "Unicode" || equivalent != "TextEquiv" || self.other {
            return;
        }
        let Some(region) = self.done.last_mut().and_then(|p| p.regions.last_mut()) else {
            return;
        };
        match owner.as_str() {
            "TextLine" => {
                if let Some(line) = region.lines.last_mut() {
                    line.text.push(range);
                }
            }
            "TextRegion" => region.whole.push(range),
            _ => {}
        }
    }
}
