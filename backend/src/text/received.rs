//! What others write, as text of this instance: Markdown, made safe like everything that is written here.

use std::io::Cursor;

use kring_convert::{Options, Outcome, Piece};

/// Longest HTML that is looked at, in bytes.
const LONGEST: usize = 512 * 1024;

/// The Markdown of what somebody wrote elsewhere: as they wrote it, or made of its HTML. Empty where there is nothing.
pub fn markdown(source: Option<&str>, html: Option<&str>) -> String {
    if let Some(source) = source.filter(|text| !text.trim().is_empty()) {
        return clean(source);
    }
    let Some(html) = html.filter(|html| html.len() <= LONGEST && !html.trim().is_empty()) else {
        return String::new();
    };
    let options = Options {
        name: "text.html",
        most: LONGEST as u64,
        pandoc: None,
        undescribed: "",
    };
    let page = format!("<!DOCTYPE html><html><body>{html}</body></html>");
    match kring_convert::convert(Cursor::new(page.into_bytes()), &options) {
        Ok(Outcome::Document(converted)) => {
            let text = converted.markdown.into_iter().filter_map(|piece| match piece {
                Piece::Text(text) => Some(text),
                Piece::Image(_) => None,
            });
            clean(&text.collect::<String>())
        }
        _ => String::new(),
    }
}

/// The same words at home here: what they say with an address of their own instance alone gets it whole, and what is of
/// this instance (`here`, with its slash) is told as it is everywhere else here.
pub fn at_home(markdown: &str, there: &str, here: &str) -> String {
    let mut told = markdown.to_owned();
    for before in ["](", "]: ", "=\""] {
        told = told.replace(&format!("{before}//"), &format!("{before}\u{0}"));
        told = told.replace(&format!("{before}/"), &format!("{before}{there}"));
        told = told.replace(&format!("{before}\u{0}"), &format!("{before}//"));
        told = told.replace(&format!("{before}{here}"), &format!("{before}/"));
    }
    told
}

/// Without what no text holds.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_counts_and_html_is_read_where_there_is_nothing_else() {
        assert_eq!(markdown(Some("**zo**"), Some("<p>anders</p>")), "**zo**");
        assert_eq!(
            markdown(None, Some("<p>Een <strong>stoep</strong></p><script>x()</script>")),
            "Een **stoep**"
        );
        assert_eq!(markdown(Some(" "), None), "");
        assert_eq!(markdown(Some("a\u{0}b\r\nc"), None), "ab\nc");
    }

    #[test]
    fn what_a_text_shows_is_found_from_here_too() {
        let told = |text: &str| at_home(text, "https://a.example/", "https://b.example/");
        assert_eq!(told("![stoep](/v1/x)"), "![stoep](https://a.example/v1/x)");
        assert_eq!(told("[b](https://b.example/v1/y) [c](//c.example/z)"), "[b](/v1/y) [c](//c.example/z)");
        let own = "![stoep](/v1/x)\n\n[1]: /v1/y";
        assert_eq!(at_home(own, "https://a.example/", "https://a.example/"), own);
    }
}
