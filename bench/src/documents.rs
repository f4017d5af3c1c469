//! What importing a long document costs: `kring convert`, in a process of its own as Kring runs it.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::machine::Memory;

/// A page of Word in common letters holds about as many characters.
const PAGE: usize = 1_900;

/// How often each is measured; the median counts.
const TIMES: usize = 9;

#[derive(clap::Args)]
pub struct Documents {
    /// The built `kring`
    #[arg(long, value_name = "PROGRAM")]
    program: PathBuf,
    /// Lengths, in pages
    #[arg(long, value_delimiter = ',', default_values_t = [10, 50, 100])]
    pages: Vec<usize>,
    /// Keep the longest document here, to look at or import
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

impl Documents {
    pub fn run(&self) -> anyhow::Result<()> {
        println!("| pages of DOCX | file | Markdown | to convert | peak memory of the converter |");
        println!("|---|---|---|---|---|");
        for pages in &self.pages {
            let bytes = docx(*pages)?;
            let mut costs = Vec::new();
            for _ in 0..TIMES {
                costs.push(convert(&self.program, &bytes)?);
            }
            costs.sort_by_key(|cost| cost.time);
            let (median, peak) = (&costs[TIMES / 2], costs.iter().map(|cost| cost.peak).fold(0.0, f64::max));
            println!(
                "| {pages} | {} kB | {} kB | {:.0} ms | {peak:.0} MB |",
                bytes.len() / 1024,
                median.written / 1024,
                median.time.as_secs_f64() * 1000.0,
            );
        }
        if let (Some(path), Some(pages)) = (&self.keep, self.pages.iter().max()) {
            std::fs::write(path, docx(*pages)?).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }
}

struct Cost {
    time: Duration,
    /// Megabytes.
    peak: f64,
    written: u64,
}

fn convert(program: &Path, bytes: &[u8]) -> anyhow::Result<Cost> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    let told: File = tempfile::tempfile()?;
    let began = Instant::now();
    let mut child = Command::new(program)
        .args(["convert", "--name=plan.docx"])
        .env_clear()
        // As Kring does.
        .env("MIMALLOC_ARENA_RESERVE", "32768")
        .stdin(Stdio::from(file))
        .stdout(Stdio::from(told.try_clone()?))
        .spawn()
        .with_context(|| program.display().to_string())?;
    let mut peak: f64 = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // The highest mark only rises: the last look before the end is nearly it.
        if let Ok(memory) = Memory::of(child.id()) {
            peak = peak.max(memory.peak);
        }
        std::thread::sleep(Duration::from_micros(500));
    };
    ensure!(status.success(), "the converter ended with {status}");
    Ok(Cost { time: began.elapsed(), peak, written: told.metadata()?.len() })
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
