//! What has no place in Markdown is told, whoever it is that would miss it.

use std::io::Cursor;

use kring_convert::{Converted, Outcome, convert, convert_inside};

use crate::hostile::{docx, zipped};
use crate::{converted, fixtures, markdown, options};

/// What was lost: code, how often, under which headings, which languages.
fn lost(document: &Converted) -> Vec<String> {
    let told = document.losses.iter().map(|loss| {
        let (kind, count, places) = (loss.kind.as_str(), loss.count, loss.places.join("/"));
        format!("{kind} {count} {places} {}", loss.languages.join("/")).trim_end().to_owned()
    });
    told.collect()
}

const LINKS: &str =
    r#"<Relationships><Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>"#;

/// A DOCX in Dutch with these styles.
fn word(body: &str, styles: &str) -> Converted {
    let usual = r#"<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="nl-NL"/></w:rPr></w:rPrDefault></w:docDefaults>"#;
    let styles = format!(r#"<w:styles xmlns:w="x">{usual}{styles}</w:styles>"#);
    let more: [(&str, &[u8]); 2] =
        [("word/_rels/document.xml.rels", LINKS.as_bytes()), ("word/styles.xml", styles.as_bytes())];
    converted("plan.docx", docx(body, &more)).unwrap()
}

/// A paragraph of runs: what each says of itself, and its text.
fn paragraph(style: &str, runs: &[(&str, &str)]) -> String {
    let runs: String = runs
        .iter()
        .map(|(properties, text)| {
            format!(r#"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#)
        })
        .collect();
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>"#)
}

#[test]
fn passages_of_a_word_file_in_another_language_are_told() {
    let (en, none) = (r#"<w:lang w:val="en-GB"/>"#, r#"<w:lang w:val="x-none"/>"#);
    let arabic = r#"<w:rtl/><w:lang w:bidi="ar-SA"/>"#;
    let body = [
        paragraph("Heading1", &[("", "Waarom")]),
        paragraph(
            "",
            &[
                ("", "Het motto is "),
                (en, "nothing about"),
                (en, " us"),
                ("", ". Dat willen wij in heel de stad, bij elke halte. "),
                (none, "Punt"),
            ],
        ),
        paragraph("Heading1", &[(en, "Summary")]),
        paragraph("", &[(en, "All stops will be accessible.")]),
        paragraph("Arabisch", &[("", "Voor wie Nederlands leest: "), (arabic, "مرحبا")]),
        paragraph("Citaat", &[("", "Barrieren abbauen, überall.")]),
    ]
    .concat();
    let styles = r#"<w:style w:styleId="Citaat"><w:rPr><w:lang w:val="de-DE"/></w:rPr></w:style>"#;
    let document = word(&body, styles);
    assert_eq!(document.language.as_deref(), Some("nl-NL"));
    assert_eq!(lost(&document), ["other_languages 4 Waarom/Summary en/ar/de"]);
    let same = paragraph("", &[("", "Wij gaan "), (r#"<w:lang w:val="nl-BE"/>"#, "naar huis")]);
    assert_eq!(lost(&word(&same, "")), [""; 0]);
}

#[test]
fn hidden_text_of_a_word_file_is_left_out_and_told() {
    let (hidden, seen) = ("<w:vanish/>", r#"<w:vanish w:val="0"/>"#);
    let row = |properties: &str, text: &str| {
        let cell = format!("<w:tc>{}</w:tc>", paragraph("", &[("", text)]));
        format!("<w:tr>{properties}{cell}{cell}</w:tr>")
    };
    let body = [
        paragraph("Heading1", &[("", "Kosten")]),
        paragraph("", &[("", "Twee ton"), (hidden, ", denken "), (hidden, "we"), ("", "."), (hidden, " ")]),
        paragraph("Geheim", &[("", "Niet voor iedereen. "), (seen, "Wel dit.")]),
        paragraph("", &[(r#"<w:rStyle w:val="Wit"/>"#, "Ook niet.")]),
        "<w:tbl>".into(),
        row("<w:trPr><w:tblHeader/></w:trPr>", "Halte"),
        row("<w:trPr><w:hidden/></w:trPr>", "Weg"),
        "</w:tbl>".into(),
    ]
    .concat();
    let vanish = |id: &str| format!(r#"<w:style w:styleId="{id}"><w:rPr><w:vanish/></w:rPr></w:style>"#);
    let document = word(&body, &[vanish("Geheim"), vanish("Wit")].concat());
    assert_eq!(lost(&document), ["hidden_text 4 Kosten"]);
    let told = markdown(&document);
    assert!(told.contains("Twee ton.\n\nWel dit.\n"), "{told}");
    assert!(!told.contains("niet.") && !told.contains("Weg"), "{told}");
}

#[test]
fn headers_of_rows_in_a_word_file_are_told_where_they_look_like_it() {
    let look = |style: &str, look: &str| {
        let cell = |text| format!("<w:tc>{}</w:tc>", paragraph("", &[("", text)]));
        let row = |first| format!("<w:tr>{}{}</w:tr>", cell(first), cell("12"));
        let properties = format!(r#"<w:tblPr><w:tblStyle w:val="{style}"/><w:tblLook {look}/></w:tblPr>"#);
        let body = format!("<w:tbl>{properties}{}{}</w:tbl>", row("Halte"), row("Kerkplein"));
        let styles = r#"<w:style w:styleId="Raster"/>
            <w:style w:styleId="Lijst"><w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>
            <w:style w:styleId="Blauw"><w:basedOn w:val="Lijst"/></w:style>"#;
        lost(&word(&body, styles))
    };
    let rows = ["row_headers 1"];
    assert_eq!(look("Lijst", r#"w:firstRow="1" w:firstColumn="1""#), rows);
    assert_eq!(look("Blauw", r#"w:val="00A0""#), rows);
    assert_eq!(look("Lijst", r#"w:firstRow="1" w:firstColumn="0" w:val="00A0""#), [""; 0]);
    assert_eq!(
        look("Raster", r#"w:firstRow="1" w:firstColumn="1""#),
        [""; 0],
        "so is every new table of Word"
    );
}

#[test]
fn languages_of_a_page_and_what_it_hides_are_told() {
    let page = r#"<html lang="nl"><body lang="nl-NL"><nav lang="en" hidden>Skip this</nav><h1>Plan</h1>
        <h2 lang="en">Summary</h2><p lang="en-GB">All <b>stops</b> will be <span lang="nl">gelijkvloers</span>.</p>
        <ul lang="de"><li>Ja</li><li lang="fr">Oui</li></ul>
        <h2>Einde</h2><p lang="nl-BE">Tot <span lang="en">2026 – </span>ziens.</p>
        <p hidden>Weg.</p><ul><li style="display: none">Weg.<li>Blijft.</ul><p hidden> <img src="" alt=""></p>
        <dl><dt hidden>Weg.</dt><dd>Blijft.</dd></dl>
        <p>Kijk <span aria-hidden="true">👉 <i aria-hidden="true">pijl</i></span><i aria-hidden="true"></i> hier.</p>"#;
    let document = converted("plan.html", page).unwrap();
    assert_eq!(document.language.as_deref(), Some("nl-NL"));
    assert_eq!(
        lost(&document),
        ["other_languages 3 Summary en/de/fr", "hidden_text 3 Einde", "hidden_from_screen_readers 1 Einde",]
    );
    let told = markdown(&document);
    assert!(!told.contains("Weg") && told.contains("Kijk 👉 *pijl* hier."), "{told}");
}

#[test]
fn headers_of_rows_in_a_page_are_told() {
    let table = |head: &str, first: &str| {
        let page = format!(
            "<table>{head}<tr>{first}<td>12</td></tr><tr hidden><th scope=row>Weg</th><td>1</td></tr></table>"
        );
        let document = converted("plan.html", page).unwrap();
        assert!(!markdown(&document).contains("Weg"));
        let lost = lost(&document);
        assert_eq!(lost.last().map(String::as_str), Some("hidden_text 1"));
        lost.contains(&"row_headers 1".to_owned())
    };
    let head = "<thead><tr><th>Halte</th><th>Hoogte</th></tr></thead>";
    for (first, told) in [
        ("<th scope=row>Kerkplein</th>", true),
        ("<th scope=ROWGROUP>Kerkplein</th>", true),
        ("<th>Kerkplein</th>", true),
        ("<td>Kerkplein</td>", false),
        ("<th scope=col>Kerkplein</th>", false),
    ] {
        assert_eq!(table(head, first), told, "{first}");
    }
    assert!(!table("<tr><th>Halte<th>Hoogte</tr>", "<td>Kerkplein</td>"));
}

#[test]
fn images_that_no_document_of_a_folder_shows_are_told() {
    let image = std::fs::read(fixtures().join("halte.png")).unwrap();
    let names: Vec<String> = (100..220).map(|number| format!("over/{number}.png")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("plannen/halte.md", b"![De halte](../img/halte%20een.png) ![weg](weg.png)"),
        ("plannen/stoep.html", b"<p>Stoep <img src='stoep.svg' alt='Een stoep'></p>"),
        ("img/halte een.png", &image),
        ("plannen/stoep.svg", b"<svg/>"),
        ("__MACOSX/._a.png", b"x"),
    ];
    files.extend(names.iter().map(|name| (name.as_str(), image.as_slice())));
    let zip = zipped(&files);
    let Ok(Outcome::Folder(folder)) = convert(Cursor::new(&zip), &options("map.zip")) else {
        panic!("a folder")
    };
    let shows = |name: &str| convert_inside(Cursor::new(&zip), name, &options("map.zip")).unwrap().beside;
    let (halte, stoep) = (shows("plannen/halte.md"), shows("plannen/stoep.html"));
    assert_eq!(
        (&halte[..], &stoep[..]),
        (&["img/halte een.png".to_owned()][..], &["plannen/stoep.svg".into()][..])
    );
    let loss = folder.unused(halte.iter().chain(&stoep).map(String::as_str)).unwrap();
    assert_eq!((loss.kind.as_str(), loss.count), ("unused_images", 120));
    assert_eq!(loss.places, names[..100]);
    let all = folder.images.iter().map(String::as_str);
    assert_eq!(folder.unused(all), None);
}
