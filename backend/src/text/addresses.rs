//! Addresses in HTML that leaves the page it was made for.

/// The HTML with every address in it whole. `page` is where it stands, `site` what paths begin under (without a slash at
/// its end). Made for what [`super::markdown::render`] gives: attributes stand in double quotes.
pub fn whole(html: &str, site: &str, page: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        let end = tag_end(tag);
        out.push_str(text);
        whole_tag(&tag[..end], site, page, &mut out);
        rest = &tag[end..];
    }
    out.push_str(rest);
    out
}

/// Where a tag ends: behind the first `>` outside quotes.
fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    for (place, letter) in tag.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return place + 1,
            _ => {}
        }
    }
    tag.len()
}

fn whole_tag(tag: &str, site: &str, page: &str, out: &mut String) {
    let mut rest = tag;
    while let Some((name, at)) = [" href=\"", " src=\""]
        .iter()
        .filter_map(|name| rest.find(name).map(|at| (name, at)))
        .min_by_key(|(_, at)| *at)
    {
        let (before, address) = rest.split_at(at + name.len());
        out.push_str(before);
        match address.as_bytes().first() {
            Some(b'/') if !address.starts_with("//") => out.push_str(site),
            Some(b'#') => out.push_str(page),
            _ => {}
        }
        rest = address;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_within_the_site_change() {
        let html = "<p>zie href=\"/x\" <a href=\"/@ann\" title=\"a > b\">ann</a> <img src=\"/v1/f\" alt=\"\"> \
                    <a href=\"#noot\">1</a> <a href=\"https://a.nl/\">a</a> <a href=\"//b.nl\">b</a></p>";
        let told = whole(html, "https://k.nl", "https://k.nl/threads/1");
        assert_eq!(
            told,
            "<p>zie href=\"/x\" <a href=\"https://k.nl/@ann\" title=\"a > b\">ann</a> \
             <img src=\"https://k.nl/v1/f\" alt=\"\"> <a href=\"https://k.nl/threads/1#noot\">1</a> \
             <a href=\"https://a.nl/\">a</a> <a href=\"//b.nl\">b</a></p>"
        );
        assert_eq!(whole("1 < 2 <a href=\"/", "s", "p"), "1 < 2 <a href=\"s/");
    }
}
