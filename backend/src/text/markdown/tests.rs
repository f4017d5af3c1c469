use proptest::prelude::*;

use super::*;

#[test]
fn scripts_and_handlers_do_not_get_through() {
    let html =
        render("<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)> ok").html;
    assert!(!html.contains("<script") && !html.contains("javascript:") && !html.contains("<img"), "{html}");
    assert!(html.contains("ok"));
}

#[test]
fn an_image_from_elsewhere_is_a_link_and_fetches_nothing() {
    let own = "![Een *hoge* stoep](/v1/attachments/01k9q3v8r0a7c/content)";
    let html = render(own).html;
    assert_eq!(html, "<p><img src=\"/v1/attachments/01k9q3v8r0a7c/content\" alt=\"Een hoge stoep\"></p>\n");
    for (written, shown) in [
        ("![De halte](https://elders.example/pixel.gif)", "href=\"https://elders.example/pixel.gif\""),
        ("![](https://elders.example/pixel.gif)", ">https://elders.example/pixel.gif</a>"),
        ("![De halte](//elders.example/v1/attachments/01k9q3v8r0a7c/content)", ">De halte</a>"),
        ("![De halte][1]\n\n[1]: https://elders.example/pixel.gif", ">De halte</a>"),
        (
            "[![De halte](https://elders.example/pixel.gif)](https://example.org/)",
            "href=\"https://example.org/\"",
        ),
        ("![De halte](/v1/attachments/01k9q3v8r0a7c/../../account)", ">De halte</a>"),
        ("![De halte](pixel.gif)", "De halte"),
    ] {
        let html = render(written).html;
        assert!(html.contains(shown) && !html.contains("<img"), "{written}: {html}");
        assert_eq!(html.matches("<a ").count(), 1, "{written}: {html}");
    }
    assert!(render("![@ann](https://elders.example/a.png)").mentions.is_empty());
}

#[test]
fn headings_begin_below_the_title_of_the_page() {
    assert_eq!(render("# A\n\n## B").html, "<h2>A</h2>\n<h3>B</h3>\n");
    assert_eq!(render("## A\n\n### B").html, "<h2>A</h2>\n<h3>B</h3>\n");
}

#[test]
fn table_headers_say_that_they_are() {
    assert!(render("|a|b|\n|-|-|\n|1|2|").html.contains("<th scope=\"col\">a</th>"));
}

#[test]
fn mentions_are_found_once_and_addresses_are_not() {
    assert_eq!(
        render("@Ann and @ann, mail bob@example.org or @bob_2.\n\n`@code`").mentions,
        ["ann", "bob_2"]
    );
}

#[test]
fn mentions_of_real_people_become_links() {
    let page = |handle: &str| (handle == "ann").then(|| "https://kring.example/@ann".to_owned());
    let linked = render_linking(
        "Dag @Ann, en @nobody. [@ann](https://a.example) `@ann` @ann@elsewhere.example",
        &page,
    );
    assert_eq!(linked.mentions, ["ann"]);
    assert_eq!(linked.html.matches("https://kring.example/@ann").count(), 1, "{}", linked.html);
    assert!(linked.html.contains(">@Ann</a>, en @nobody."), "{}", linked.html);
}

#[test]
fn somebody_of_another_instance_is_mentioned_with_it() {
    for (written, mentions) in [
        ("Dag @Ann@Kring.Example, en @bob.", &["ann@kring.example", "bob"][..]),
        ("Vraag het @eva@kring.example.", &["eva@kring.example"]),
        ("(@eva@127.0.0.1:8081): kijk", &["eva@127.0.0.1:8081"]),
        ("@a.b-c@lemmy.example @eva@kring.example", &["a.b-c@lemmy.example", "eva@kring.example"]),
        ("mail ann@kring.example, @ann@nergens, @ann@ en `@ann@kring.example`", &[]),
        ("[@ann@kring.example](https://kring.example/@ann)", &[]),
    ] {
        assert_eq!(render(written).mentions, mentions, "{written}");
    }
    let page = |name: &str| (name == "ann@kring.example").then(|| "/@ann@kring.example".to_owned());
    let html =
        render_linking("Dag @Ann@kring.example. Niet @eva@kring.example, wel eva@kring.example.", &page).html;
    assert!(
        html.contains("href=\"/@ann@kring.example\"") && html.contains(">@Ann@kring.example</a>."),
        "{html}"
    );
    assert!(html.contains("Niet @eva@kring.example, wel <a href=\"mailto:eva@kring.example\""), "{html}");
}

#[test]
fn a_lead_is_whole_sentences_without_headings() {
    let text = "# Plan\n\n## Visie\n\nIedereen kan mee. Ook wie *rolt*.\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n- En wie blind is, ook.";
    assert_eq!(lead(text, 200), "Iedereen kan mee. Ook wie rolt. En wie blind is, ook.");
    assert_eq!(lead(text, 35), "Iedereen kan mee. Ook wie rolt.");
    assert_eq!(lead(text, 20), "Iedereen kan mee.");
    assert_eq!(lead("Eén zin die maar doorgaat en doorgaat.", 20), "Eén zin die maar…");
    assert_eq!(lead("€uro's. éé", 8), "€uro's.");
    assert_eq!(lead("", 20), "");
}

#[test]
fn an_excerpt_ends_at_a_word() {
    assert_eq!(excerpt("## Kop\n\nEen *lange* zin, met veel woorden.", 15), "Kop Een lange…");
    assert_eq!(excerpt("kort", 15), "kort");
}

#[test]
fn the_highest_heading_is_h2_whatever_it_was() {
    assert_eq!(render("### A\n\n#### B").html, "<h2>A</h2>\n<h3>B</h3>\n");
    assert_eq!(render("# A\n\n###### B").html, "<h2>A</h2>\n<h6>B</h6>\n");
}

#[test]
fn footnotes_lead_there_and_back() {
    let html = render("Zie.[^bron] En nog eens.[^bron]\n\n[^bron]: Het CBS.").html;
    for id in ["fn-bron", "fnref-bron", "fnref-bron-2"] {
        assert!(html.contains(&format!("id=\"user-content-{id}\"")), "{id}: {html}");
        assert!(html.contains(&format!("href=\"#user-content-{id}\"")), "{id}: {html}");
    }
    assert!(html.contains(">↩ 1<") && !html.contains("Back to"), "{html}");
}

#[test]
fn tasks_are_signs_and_no_controls() {
    let html = render("- [x] gedaan\n- [ ] te doen").html;
    assert_eq!(html, "<ul>\n<li>☑ gedaan</li>\n<li>☐ te doen</li>\n</ul>\n");
    assert_eq!(plain("- [x] gedaan\n- [ ] te doen"), "☑\u{a0}gedaan\n☐\u{a0}te doen");
}

#[test]
fn raw_html_is_text_everywhere() {
    let text = "Vul <naam> in.\n\n<div>\nHier\n</div>";
    let html = render(text).html;
    assert!(html.contains("&lt;naam&gt;") && html.contains("&lt;div&gt;"), "{html}");
    assert_eq!(plain(text), "Vul <naam> in.<div>\nHier\n</div>");
}

/// The tags of HTML that was cleaned, with their attributes.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for piece in html.split('<').skip(1) {
        let mut quoted = false;
        let end = piece.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let tag = &piece[..end.unwrap_or_else(|| panic!("an open tag in {html}"))];
        let mut pieces = tag.splitn(2, ' ');
        let name = pieces.next().unwrap_or_default().to_owned();
        let mut attributes = Vec::new();
        let mut rest = pieces.next().unwrap_or_default();
        while let Some((attribute, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap_or((after, ""));
            attributes.push((attribute.trim().to_owned(), value.to_owned()));
            rest = after;
        }
        assert_eq!(rest.trim(), "", "an attribute without a value in {html}");
        found.push((name, attributes));
    }
    found
}

/// What must hold of every text that anybody sends.
fn is_safe(markdown: &str) {
    let html = render(markdown).html;
    for (name, attributes) in tags(&html) {
        let known = CLEANER.clone_tags();
        assert!(known.contains(name.trim_start_matches('/')), "<{name}> in {html}");
        assert!(name != "h1", "{html}");
        for (attribute, value) in &attributes {
            let allowed = [
                "href", "id", "class", "title", "src", "alt", "start", "align", "scope", "rel", "lang", "dir",
            ];
            assert!(allowed.contains(&attribute.as_str()), "{attribute} in {html}");
            if ["href", "src"].contains(&attribute.as_str()) {
                // As browsers read it: without spaces and line ends. What has other signs is no scheme (RFC 3986, 3.1)
                // but a relative address, as `%3Cjavascript:`.
                let bare: String = value.chars().filter(|c| *c > ' ').collect();
                let scheme = bare.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
                let of_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
                let scheme = scheme.filter(|it| it.chars().all(of_scheme));
                let fine = scheme.is_none_or(|it| ["http", "https", "mailto", "tel"].contains(&it.as_str()));
                assert!(fine, "{value} in {html}");
            }
        }
        assert!(name != "img" || attributes.iter().any(|(attribute, _)| attribute == "alt"), "{html}");
    }
    plain(markdown);
    excerpt(markdown, 50);
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<script>",
        "</script>",
        "javascript:",
        "JaVaScRiPt&colon;",
        "&#106;avascript:",
        "data:text/html,",
        "vbscript:",
        "[x](",
        "![](",
        "![a](",
        ")",
        "[",
        "]",
        "](",
        "<",
        ">",
        "\"",
        "'",
        "onerror=",
        "<svg/onload=",
        "<img src=x ",
        "<a href=",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "&lt;",
        "&",
        "# ",
        "###### ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "- [x] ",
        "1. ",
        "|a|\n|-|\n",
        "|",
        "```",
        "`",
        "~~",
        "**",
        "*",
        "_",
        "[^1]",
        "[^1]: ",
        "[^\"]",
        "[a]: ",
        "http://",
        "www.",
        "@ann",
        "a@b.nl",
        "\\",
        "\u{0}",
        "\u{202e}",
        "é",
        "x",
    ]);
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_brings_scripts_or_handlers_or_odd_addresses(text in hostile()) {
        is_safe(&text);
    }

    #[test]
    fn no_text_at_all_does(text in "(?s).{0,200}") {
        is_safe(&text);
    }
}
