//! Everything of one person's own, as an archive for them: what the GDPR calls access and portability (articles 15
//! and 20).
//!
//! Of others there is only what somebody's own words need to be understood: the title of the conversation that they
//! answered, where they may still read it. What its JSON looks like is published, as that of archives of networks is
//! (`account.schema.json`). It is made as archives of networks are: page by page, in memory that does not
//! grow with how much somebody wrote.

mod queries;

use kring_archive::{Moment, schema};
use kring_db::Conn;
use serde_json::{Value, json};

use super::making::{Bytewise, Packed, Spool, Zip, begin, file_path_of, fill, packed};
use super::model::*;
use super::sheets::{OwnFile, OwnPost, Sheet, listed, own_index, own_posts};
use crate::accounts::SignedIn;
use crate::app::App;
use crate::attachments::Attachment;
use crate::error::{Error, Result};
use crate::text::lang::Lang;

/// What its manifest says in `format`, and the version of what its schema tells.
const FORMAT: &str = "kring-account";
const VERSION: u32 = 1;

/// An archive of one's own that was made.
pub struct Made {
    pub packed: Packed,
    /// How many things there are in each of its lists.
    pub counts: Vec<(&'static str, u64)>,
}

/// A page of rows: the id to go on behind, and what is told of each.
type Rows = Vec<(i64, Value)>;

struct Making<'a> {
    app: &'a App,
    who: &'a SignedIn,
    at: Moment,
    zip: Zip,
    sheet: Sheet,
    /// What they wrote in conversations, to read, as it comes.
    written: Spool,
    counts: Vec<(&'static str, u64)>,
    missing: Vec<String>,
}

/// Makes it. Call it off the request threads, within the runtime.
pub fn make(app: &App, who: &SignedIn, tick: &dyn Fn() -> Result<()>) -> Result<Made> {
    let zip = begin(app)?;
    let (account, lang) = app.db.read_blocking(|conn| queries::account(conn, who))?;
    let mut making = Making {
        app,
        who,
        at: wire_time(app.clock.now())?,
        zip,
        sheet: Sheet { lang },
        written: Spool::new(&app.waiting_room())?,
        counts: Vec::new(),
        missing: Vec::new(),
    };
    making.zip.json("account.json", &making.at, &account)?;
    let person = who.person;
    making.list("memberships", |conn, after| queries::memberships(conn, person, after))?;
    tick()?;
    making.posts("threads", |conn, after| queries::threads(conn, person, after))?;
    making.posts("replies", |conn, after| queries::replies(conn, person, after))?;
    making.list("earlier-versions", |conn, after| queries::versions(conn, person, after))?;
    tick()?;
    making.revisions()?;
    making.files()?;
    tick()?;
    making.list("reactions", |conn, after| queries::reactions(conn, person, after))?;
    making.list("read-conversations", |conn, after| queries::read_threads(conn, person, after))?;
    making.list("read-documents", |conn, after| queries::read_documents(conn, person, after))?;
    making.list("drafts", |conn, after| queries::drafts(conn, person, after))?;
    making.list("help-offers", |conn, after| queries::help_offers(conn, person, after))?;
    making.list("digests", |conn, after| queries::digests(conn, person, after))?;
    making.list("mails", |conn, after| queries::mails(conn, person, after))?;
    let account = who.account;
    making.list("sessions", |conn, after| queries::sessions(conn, account, after))?;
    making.list("jobs", |conn, after| queries::jobs(conn, account, after))?;
    making.written()?;
    making.finish(lang)
}

impl Making<'_> {
    /// A list of its own.
    fn list(&mut self, name: &'static str, page: impl Fn(&mut Conn, i64) -> Result<Rows>) -> Result<()> {
        self.pages(name, false, page)
    }

    /// A list of what they wrote in conversations; it stands on a page to read, too.
    fn posts(&mut self, name: &'static str, page: impl Fn(&mut Conn, i64) -> Result<Rows>) -> Result<()> {
        self.pages(name, true, page)
    }

    fn pages(
        &mut self,
        name: &'static str,
        posts: bool,
        page: impl Fn(&mut Conn, i64) -> Result<Rows>,
    ) -> Result<()> {
        let (sheet, written) = (self.sheet, &mut self.written);
        let (app, mut after, mut count) = (self.app, 0, 0);
        self.zip.list(&format!("{name}.json"), &self.at, &json!({}), |lists| {
            lists.begin("items")?;
            loop {
                let rows = app.db.read_blocking(|conn| page(conn, after))?;
                let Some((last, _)) = rows.last() else { return Ok::<_, Error>(()) };
                after = *last;
                count += rows.len() as u64;
                for (_, row) in &rows {
                    lists.item(row)?;
                    if posts {
                        written.push(&listed(&OwnPost::of(sheet, row))?)?;
                    }
                }
            }
        })?;
        self.counts.push((name, count));
        Ok(())
    }

    /// What they wrote of documents: each revision as Markdown, and a list of them.
    fn revisions(&mut self) -> Result<()> {
        let (person, mut after) = (self.who.person, 0);
        loop {
            let next = self.app.db.read_blocking(|conn| queries::next_revision(conn, person, after))?;
            let Some((id, path, body)) = next else { break };
            after = id;
            self.zip.text(&path, &self.at, &body)?;
        }
        self.list("revisions", |conn, after| queries::revisions(conn, person, after))
    }

    /// Files that they sent.
    fn files(&mut self) -> Result<()> {
        let (person, mut after) = (self.who.person, 0);
        loop {
            let page: Vec<Attachment> =
                self.app.db.read_blocking(|conn| queries::attachments(conn, person, after))?;
            let Some(last) = page.last() else { break };
            after = last.id.0;
            for attachment in page {
                let path = file_path_of(&attachment)?;
                match Bytewise::open(self.app, &attachment)? {
                    Some(mut bytes) => {
                        self.zip.file(&path, &self.at, packed(attachment.media_type), &mut bytes)?;
                    }
                    None => self.missing.push(path),
                }
            }
        }
        self.list("files", |conn, after| queries::files(conn, person, after))
    }

    /// What they wrote in conversations, to read.
    fn written(&mut self) -> Result<()> {
        let page = own_posts(&self.sheet)?;
        let written = &mut self.written;
        self.zip
            .entry("written.html", &self.at, false, |entry| fill(entry, &page, &mut [("posts", written)]))?;
        Ok(())
    }

    fn finish(mut self, lang: Lang) -> Result<Made> {
        let files: Vec<OwnFile> =
            self.counts.iter().map(|(name, count)| OwnFile { name, count: *count }).collect();
        let index = own_index(&Sheet { lang }, self.who.handle.as_str(), &files)?;
        self.zip.text("index.html", &self.at, &index)?;
        self.zip.schemas(&self.at, schema::ACCOUNT)?;
        let counts: serde_json::Map<String, Value> =
            self.counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
        let manifest = json!({
            "format": FORMAT,
            "version": VERSION,
            "madeAt": self.at,
            "instance": self.app.config.host(),
            "generator": concat!("kring ", env!("CARGO_PKG_VERSION")),
            "counts": counts,
            "missing": self.missing,
        });
        let packed = self.zip.finish_as(&self.at, &manifest)?.end()?;
        Ok(Made { packed, counts: self.counts })
    }
}
