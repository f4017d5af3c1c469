//! What workers do for imports: a folder of documents, file by file. A bad one stops none of the others.

use kring_convert::{Inside, Outcome};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::actions::{discard, place, prepare, undescribed, write};
use super::model::*;
use super::refusals::refused;
use super::view::{FileReportView, LossView};
use crate::attachments::AttachmentId;
use crate::converter::{Reading, Waiting};
use crate::error::{Error, Result};
use crate::jobs::running::Running;
use crate::web::problem::Problem;

/// Makes documents of the files in a folder. Call it off the request threads, within the runtime.
pub fn import_folder(running: &Running<'_>) -> Result<Value> {
    let (app, wish) = (running.app(), running.request::<Wish>()?);
    let runtime = Handle::try_current().map_err(Error::internal)?;
    let network = app.db.read_blocking(|conn| {
        let who = running.who(conn)?;
        place(conn, &who, &wish.network)
    })?;
    let file = running.file()?;
    let reading = Reading {
        name: String::new(),
        inside: None,
        most: app.config.upload_limit,
        undescribed: undescribed(app, &network),
    };
    let outcome = runtime.block_on(app.converter.convert(&file, &reading, Waiting::Worker))?;
    let folder = match outcome.map_err(|refusal| refused(refusal, app.converter.has_pandoc()))? {
        Outcome::Folder(folder) => folder,
        Outcome::Document(_) => return Err(Error::internal("a folder turned into a document")),
    };
    let mut reports: Vec<FileReport> = running.so_far()?.unwrap_or_default();
    let total = folder.files.len() as i64;
    for (done, entry) in folder.files.iter().enumerate().skip(reports.len()) {
        let one = One {
            running,
            wish: &wish,
            done: done as i64 + 1,
            total,
            before: &reports,
        };
        let converted = if entry.document {
            let reading = Reading { inside: Some(entry.name.clone()), ..reading.clone() };
            runtime.block_on(app.converter.convert_inside(&file, &reading))?
        } else {
            Err(kring_convert::Refusal::UnknownKind)
        };
        let ready = match converted {
            Ok(converted) => runtime.block_on(prepare(app, &wish, converted)),
            Err(refusal) => Err(refused(refusal, app.converter.has_pandoc())),
        };
        let report = match ready {
            Ok(ready) => one.write(&runtime, entry, &ready)?,
            Err(error @ (Error::Invalid(_) | Error::Rule(_))) => one.refuse(entry, &error)?,
            Err(error) => return Err(error),
        };
        reports.push(report);
    }
    let made = reports.iter().filter(|report| report.document.is_some()).count();
    // A file that was refused shows nothing.
    let unused = folder.unused(reports.iter().flat_map(|report| &report.beside).map(String::as_str));
    let losses: Vec<LossView> = unused.iter().map(|loss| LossView::of(loss, wish.lang)).collect();
    let files: Vec<FileReportView> =
        reports.into_iter().map(|report| FileReportView::of(report, wish.lang)).collect();
    Ok(json!({
        "location": format!("/v1/networks/{}/documents", wish.network),
        "documents": made,
        "files": files,
        "losses": losses,
    }))
}

/// One file of the folder, and where it stands.
struct One<'r> {
    running: &'r Running<'r>,
    wish: &'r Wish,
    done: i64,
    total: i64,
    before: &'r [FileReport],
}

impl One<'_> {
    /// Writes the document down, with the report up to it, at once.
    fn write(&self, runtime: &Handle, entry: &Inside, ready: &Ready) -> Result<FileReport> {
        let written = self.running.step(self.done, Some(self.total), |tx, cx| {
            let who = self.running.who(tx)?;
            let id = write(tx, cx, &who, self.wish, ready)?;
            let report = FileReport {
                file: entry.name.clone(),
                document: Some(Brought { id, title: ready.new.text.title.to_string() }),
                losses: ready.losses.clone(),
                beside: ready.beside.clone(),
                problem: None,
            };
            self.keep(tx, &report)?;
            Ok(report)
        });
        if written.is_err() {
            let images: Vec<AttachmentId> = ready.new.attachments.clone();
            runtime.block_on(discard(self.running.app(), images.into_iter()));
        }
        written
    }

    fn refuse(&self, entry: &Inside, error: &Error) -> Result<FileReport> {
        let problem = Problem::of(error, self.wish.lang);
        // The one fault of a file says more than that there is one.
        let told = problem.errors.into_iter().next().map(|field| (field.code, field.detail));
        let report = FileReport {
            file: entry.name.clone(),
            document: None,
            losses: Vec::new(),
            beside: Vec::new(),
            problem: Some(told.unwrap_or((problem.code, problem.detail))),
        };
        self.running.step(self.done, Some(self.total), |tx, _| self.keep(tx, &report))?;
        Ok(report)
    }

    fn keep(&self, tx: &mut kring_db::Tx, report: &FileReport) -> Result<()> {
        let all: Vec<&FileReport> = self.before.iter().chain([report]).collect();
        self.running.keep(tx, &all)
    }
}
