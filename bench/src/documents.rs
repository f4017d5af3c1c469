//! What importing a long document costs: the request by HTTP, with its conversion in a process of its own and all that
//! it writes.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::figures::ImportRun;
use crate::http::Connection;
use crate::machine::{Memory, children};
use crate::scenes::Cast;
use crate::server::Server;

/// Lengths, in pages.
const PAGES: [usize; 3] = [10, 50, 100];

/// A page of Word in common letters holds about as many characters.
const PAGE: usize = 1_900;

/// How often each is measured; the median counts.
const TIMES: usize = 9;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_micros(500);

/// Imports documents of each length, one after another.
pub async fn measure(server: &Server, cast: &Cast) -> anyhow::Result<Vec<ImportRun>> {
    let mut found = Vec::new();
    for pages in PAGES {
        let bytes = docx(pages)?;
        let request = cast.import(&bytes);
        let mut connection = Connection::open(server.address).await?;
        let idle = Memory::of(server.pid())?;
        Memory::forget_peak(server.pid())?;
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begun = Instant::now();
            import(&mut connection, &request).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        // By itself: on two cores, looking takes time from what is looked at.
        let converter = watched(server.pid(), import(&mut connection, &request)).await?;
        found.push(ImportRun {
            pages: pages as u64,
            kilobytes: bytes.len() as f64 / 1024.0,
            p50_ms: times[TIMES / 2],
            worst_ms: times[TIMES - 1],
            idle,
            after: Memory::of(server.pid())?,
            converter_mb: converter,
        });
    }
    Ok(found)
}

async fn import(connection: &mut Connection, request: &[u8]) -> anyhow::Result<()> {
    let answer = connection.exchange(request).await?;
    ensure!(
        answer.status == 201,
        "a document cannot be imported: {}",
        String::from_utf8_lossy(&answer.body[..answer.body.len().min(400)])
    );
    Ok(())
}

/// Waits for `work`, and says how much memory a process took that process `pid` started meanwhile, at most.
async fn watched(pid: u32, work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<f64> {
    let done = Arc::new(AtomicBool::new(false));
    let ended = done.clone();
    let watch = std::thread::spawn(move || {
        let mut peak: f64 = 0.0;
        while !ended.load(Ordering::Relaxed) {
            // The highest mark only rises: the last look before the end is nearly it. Who has ended tells nothing.
            let memory = children(pid, "convert").into_iter().filter_map(|child| Memory::of(child).ok());
            peak = memory.fold(peak, |peak, memory| peak.max(memory.peak));
            std::thread::sleep(LOOK);
        }
        peak
    });
    let worked = work.await;
    done.store(true, Ordering::Relaxed);
    let peak = watch.join().ok().context("the watch panicked")?;
    worked?;
    ensure!(peak > 0.0, "no converter was seen");
    Ok(peak)
}

/// A plan of so many pages: headings, paragraphs in several runs as Word writes them, lists, and a table on every
/// third page.
fn docx(pages: usize) -> anyhow::Result<Vec<u8>> {
    let mut body = String::new();
    for page in 0..pages {
        let mut written = 0;
        let mut paragraph = |style: &str, text: &str, body: &mut String| {
            written += text.len();
            body.push_str("<w:p><w:pPr><w:pStyle w:val=\"");
            body.push_str(style);
            body.push_str("\"/></w:pPr>");
            // Every few words a run of its own: spelling, revisions and language cut them so.
            for (place, words) in text.split_inclusive(", ").enumerate() {
                let bold = if place % 3 == 2 { "<w:b/>" } else { "" };
                body.push_str(&format!(
                    "<w:r w:rsidRPr=\"00A{page:05}\"><w:rPr>{bold}<w:lang w:val=\"nl-NL\"/></w:rPr><w:t xml:space=\"preserve\">{words}</w:t></w:r>"
                ));
            }
            body.push_str("</w:p>");
            written
        };
        paragraph(
            "Heading1",
            &format!("Hoofdstuk {}: de haltes van wijk {}", page + 1, page % 40),
            &mut body,
        );
        paragraph("ListBullet", "Alle haltes meten, met een rolstoel en met een stok", &mut body);
        paragraph("ListBullet", "De uitkomst delen, ook met wie niet kan komen", &mut body);
        let text = format!(
            "Op plek {page} is de stoep te laag, te smal of te schuin, zodat wie met een rolstoel reist de bus niet in \
             kan, en wie slecht ziet de rand niet voelt, en dat moet anders. "
        );
        while paragraph("Normal", &text.repeat(3), &mut body) < PAGE {}
        if page % 3 == 0 {
            body.push_str("<w:tbl><w:tblPr/>");
            for row in 0..6 {
                body.push_str("<w:tr>");
                for column in 0..4 {
                    body.push_str(&format!(
                        "<w:tc><w:p><w:r><w:t>rij {row}, kolom {column}</w:t></w:r></w:p></w:tc>"
                    ));
                }
                body.push_str("</w:tr>");
            }
            body.push_str("</w:tbl>");
        }
    }
    let styles: String = [
        ("Heading1", "heading 1", ""),
        ("Normal", "Normal", ""),
        ("ListBullet", "List Bullet", "<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>"),
    ]
    .iter()
    .map(|(id, name, more)| {
        format!("<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{more}</w:style>")
    })
    .collect();
    let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    let files = [
        (
            "_rels/.rels",
            format!(
                "<Relationships {links}><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships {links}><Relationship Id=\"r1\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("word/styles.xml", format!("<w:styles {space}>{styles}</w:styles>")),
        ("word/document.xml", format!("<w:document {space}><w:body>{body}</w:body></w:document>")),
    ];
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
