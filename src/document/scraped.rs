//! Whether a document was a page of the web: what those leave who save it shows that.

use memchr::memmem;

/// Servers that keep the pictures of WeChat, Zhihu, Weibo, Baidu and Toutiao.
const PICTURES: [&str; 6] = [
    "mmbiz.qpic.cn",
    "mmbiz.qlogo.cn",
    ".zhimg.com/",
    ".sinaimg.cn/",
    "bkimg.cdn.bcebos.com",
    ".toutiaoimg.com/",
];
/// What converters write above or below the text.
const CONVERTERS: [&str; 5] = [
    "转码， 原文地址",
    "使用 [简悦",
    "由 [简悦",
    "Clipped from",
    "> 原文链接",
];
/// Keys of a front matter that name the page a file was taken from.
const SOURCES: [&str; 9] = [
    "url",
    "source",
    "source_url",
    "source-url",
    "original_url",
    "clipped_from",
    "link",
    "原文",
    "原文链接",
];
/// How much of the head of a document is searched for its front matter, in bytes.
const HEAD: usize = 4096;

pub(super) fn is_scraped(text: &str) -> bool {
    let holds = |mark: &&str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    names_its_source(text) || PICTURES.iter().any(&holds) || CONVERTERS.iter().any(holds)
}

/// Whether the front matter names the address of a page.
fn names_its_source(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let mut read = 0;
    lines.next().is_some_and(|line| line.trim_end() == "---")
        && lines
            .take_while(|line| {
                read += line.len();
                line.trim_end() != "---" && read < HEAD
            })
            .any(|line| {
                line.split_once(':').is_some_and(|(key, value)| {
                    let value = value.trim().trim_matches(['"', '\'']);
                    SOURCES.contains(&key.trim()) && value.starts_with("http")
                })
            })
}

#[cfg(test)]
mod tests {
    use super::is_scraped;

    #[test]
    fn a_saved_page_names_where_it_was() {
        assert!(is_scraped(
            "---\ntitle: 水渠\nurl: \"https://example.com/1\"\n---\n正文。"
        ));
        assert!(is_scraped("![图](https://mmbiz.qpic.cn/abc/0)\n\n正文。"));
    }

    #[test]
    fn a_written_page_does_not() {
        assert!(!is_scraped(
            "---\ntitle: 水渠\nurl: /guide/water\n---\n正文。"
        ));
        assert!(!is_scraped("# 水渠\n\nurl: https://example.com 是示例。"));
    }
}
