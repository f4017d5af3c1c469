//! What a text needs to be read on a narrow screen and on paper, besides a style sheet.

/// HTML of [`super::markdown::render`], in which a table that is wider than the screen scrolls by itself, by keyboard too
/// (WCAG 1.4.10, 2.1.1), and calls itself `table` then; and links that need no address behind them on paper are marked.
pub fn fitted(html: &str, table: &str) -> String {
    let html = telling_addresses(html);
    if !html.contains("<table>") {
        return html;
    }
    html.replace(
        "<table>",
        &format!("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{table}\"><table>"),
    )
    .replace("</table>", "</table></div>")
}

/// Marks links that say where they lead, as an address or as somebody's name (`@ann`): on paper no address need stand
/// behind them.
fn telling_addresses(html: &str) -> String {
    const START: &str = "<a href=\"";
    let mut told = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(START) {
        let (before, link) = rest.split_at(start);
        told.push_str(before);
        let address = link[START.len()..].split('"').next().unwrap_or_default();
        let says = link.split_once('>').and_then(|(_, text)| text.split_once("</a>")).map(|(text, _)| text);
        let bare = |text: &str| text.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        let itself = says.is_some_and(|says| bare(says) == bare(address) || says.starts_with('@'));
        told.push_str(if itself { "<a class=\"told\" href=\"" } else { START });
        rest = &link[START.len()..];
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_says_its_address_is_marked() {
        let html = "<p><a href=\"https://a.nl/b\" rel=\"x\">https://a.nl/b</a> <a href=\"http://c.nl\">hier</a> <a href=\"/@ann\">@ann</a></p>";
        let told = telling_addresses(html);
        assert!(
            told.contains("<a class=\"told\" href=\"https://a.nl/b\"")
                && told.contains("<a href=\"http://c.nl\"")
        );
        assert_eq!(telling_addresses("<a href=\"x"), "<a href=\"x");
    }
}
