//! The threads of a network.

use kring_archive::{PostVersion, Reactions, Reply, Thread};

use super::Making;
use super::files::of_target;
use super::spool::{self, Spool};
use crate::archives::model::*;
use crate::archives::sheets::{ListedThread, Post, listed, post, thread_page};
use crate::attachments::Target;
use crate::error::Result;
use crate::networks::AuthorPerson;
use crate::threads::{self, ReplyId, ThreadId, VersionId};

/// Threads, replies and versions in one page.
const PAGE: i64 = 100;

/// What of a thread waits for the files that it names.
struct Waiting {
    replies: Spool,
    html: Spool,
}

impl Making<'_> {
    /// Every thread, oldest first.
    pub fn threads(&mut self) -> Result<()> {
        let folder = self.app.waiting_room();
        let mut waiting = Waiting { replies: Spool::new(&folder)?, html: Spool::new(&folder)? };
        let (may, network, mut after) = (self.may, self.network.id, ThreadId(0));
        loop {
            let page = self
                .app
                .db
                .read_blocking(|conn| threads::threads_to_archive(conn, may, network, after, PAGE))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = last.id;
            let targets: Vec<Target> = page.iter().map(|(thread, _)| Target::thread(thread.id.0)).collect();
            let mut files = self.files(&targets)?;
            for (row, author) in page {
                let its = of_target(&mut files, Target::thread(row.id.0));
                self.thread(&mut waiting, row, &author, its)?;
                self.done()?;
            }
        }
    }

    fn thread(
        &mut self,
        waiting: &mut Waiting,
        row: threads::Thread,
        author: &AuthorPerson,
        attachments: Vec<kring_archive::Attachment>,
    ) -> Result<()> {
        let deleted = row.deleted_at.is_some();
        let of = wire_time(row.last_activity_at)?;
        let thread = Thread {
            id: wire_id(row.id.0)?,
            title: row.title.to_string(),
            language: row.language.to_string(),
            author: (!deleted).then(|| self.people.note(author)).transpose()?,
            created_at: wire_time(row.created_at)?,
            edited_at: wire_time_of(row.edited_at.filter(|_| !deleted))?,
            deleted_at: wire_time_of(row.deleted_at)?,
            pinned: row.pinned,
            locked_at: wire_time_of(row.locked_at)?,
            version: number(row.version),
            reactions: reactions(row.thanks_count, row.recognise_count, row.more_count),
            plain_summary: row.plain_summary.as_ref().map(ToString::to_string),
            body: row.body.clone(),
            attachments,
        };
        waiting.replies.clear()?;
        waiting.html.clear()?;
        let replied = if row.last_seq > 0 { self.replies(waiting, row.id)? } else { 0 };
        let edited = row.version > 1 || replied > 0;
        let (app, may) = (self.app, self.may);
        self.zip.list(&format!("threads/{}.json", thread.id), &of, &thread, |lists| {
            lists.begin("replies")?;
            if replied > 0 {
                lists.lines(&mut waiting.replies.read()?)?;
            }
            lists.begin("versions")?;
            let mut after = VersionId(0);
            // What was never edited has none.
            if !edited {
                return Ok::<_, crate::error::Error>(());
            }
            loop {
                let page = app
                    .db
                    .read_blocking(|conn| threads::versions_to_archive(conn, may, row.id, after, PAGE))?;
                let Some((last, ..)) = page.last() else { break };
                after = *last;
                for (id, reply, version) in page {
                    lists.item(&wire_version(id, reply, version)?)?;
                }
            }
            Ok::<_, crate::error::Error>(())
        })?;
        let told = Post::of_thread(&self.sheet, &thread, author, row.created_at);
        let page = thread_page(&self.sheet, self.network, &thread, told)?;
        let name = format!("threads/{}.html", thread.id);
        self.zip.entry(&name, &of, false, |entry| {
            spool::fill(entry, &page, &mut [("replies", &mut waiting.html)])
        })?;
        self.counts.threads += 1;
        let line = ListedThread {
            sheet: self.sheet,
            path: name,
            title: row.title.to_string(),
            language: row.language.to_string(),
            created_at: row.created_at,
            replies: row.reply_count,
        };
        Ok(self.threads.push(&listed(&line)?)?)
    }

    /// Lets the replies of a thread wait, and says how many there are.
    fn replies(&mut self, waiting: &mut Waiting, thread: ThreadId) -> Result<u64> {
        let (may, mut path, mut count) = (self.may, String::new(), 0);
        loop {
            let page = self
                .app
                .db
                .read_blocking(|conn| threads::replies_to_archive(conn, may, thread, &path, PAGE))?;
            let Some((last, _)) = page.last() else { break };
            path.clone_from(&last.path);
            let targets: Vec<Target> = page.iter().map(|(reply, _)| Target::reply(reply.id.0)).collect();
            let mut files = self.files(&targets)?;
            count += page.len() as u64;
            for (row, author) in page {
                let its = of_target(&mut files, Target::reply(row.id.0));
                let reply = self.reply(&row, &author, its)?;
                waiting.replies.push(&serde_json::to_string(&reply).map_err(std::io::Error::from)?)?;
                waiting.replies.push("\n")?;
                let told = Post::of_reply(&self.sheet, &reply, &author, row.created_at);
                waiting.html.push(&post(&told)?)?;
            }
        }
        self.counts.replies += count;
        Ok(count)
    }

    fn reply(
        &mut self,
        row: &threads::Reply,
        author: &AuthorPerson,
        attachments: Vec<kring_archive::Attachment>,
    ) -> Result<Reply> {
        let deleted = row.deleted_at.is_some();
        Ok(Reply {
            id: wire_id(row.id.0)?,
            parent: row.parent_id.map(|parent| wire_id(parent.0)).transpose()?,
            number: number(row.seq),
            language: row.language.to_string(),
            author: (!deleted).then(|| self.people.note(author)).transpose()?,
            created_at: wire_time(row.created_at)?,
            edited_at: wire_time_of(row.edited_at.filter(|_| !deleted))?,
            deleted_at: wire_time_of(row.deleted_at)?,
            version: number(row.version),
            reactions: reactions(row.thanks_count, row.recognise_count, row.more_count),
            body: row.body.clone(),
            attachments,
        })
    }
}

fn wire_version(id: VersionId, reply: Option<ReplyId>, version: threads::PostVersion) -> Result<PostVersion> {
    Ok(PostVersion {
        id: wire_id(id.0)?,
        reply: reply.map(|reply| wire_id(reply.0)).transpose()?,
        version: number(version.version),
        title: version.title,
        plain_summary: version.plain_summary.as_ref().map(ToString::to_string),
        language: version.language.to_string(),
        written_at: wire_time(version.written_at)?,
        body: version.body,
    })
}

fn reactions(thanks: i64, recognise: i64, more: i64) -> Reactions {
    Reactions {
        thanks: number(thanks),
        recognise: number(recognise),
        more: number(more),
    }
}

/// A count or a version: never below nothing, never four thousand million.
pub fn number(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}
