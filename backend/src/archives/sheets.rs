//! Archives and documents to read without Kring: pages that stand by themselves, without scripts, with headings in their
//! order, and in the language of what they show.
//!
//! Nothing in them tells which instance made them or when: the same content gives the same pages. Credits name the host of
//! every network, as they read everywhere.

use askama::Template;
use kring_archive::{Counts, Reactions, Reply, Thread};
use kring_db::Time;

use super::making::mark;
use crate::documents::{DocumentKind, Licence};
use crate::error::{Error, Result};
use crate::networks::{AuthorPerson, Network};
use crate::text::dates;
use crate::text::fitting::fitted;
use crate::text::headings::below;
use crate::text::lang::Lang;
use crate::text::markdown::render;

/// What all pages of one archive share.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    pub lang: Lang,
}

impl Sheet {
    fn say(&self, key: &str) -> String {
        self.lang.say(key)
    }

    fn say_with(&self, key: &str, name: &'static str, value: impl ToString) -> String {
        self.lang.say_with(key, &[(name, value.to_string())])
    }

    /// A day in words, in UTC: archives know no place.
    fn day(&self, time: &Time) -> String {
        dates::day(self.lang, time.utc().with_timezone(&chrono_tz::UTC))
    }

    fn kind(&self, kind: &DocumentKind) -> String {
        self.say(&format!("page-kind-{kind}"))
    }

    /// What a list of one's own is called.
    fn own(&self, name: &str) -> String {
        self.say(&format!("archive-own-{name}"))
    }

    /// The language of something, where it is another than the page's.
    fn foreign<'t>(&self, language: &'t str) -> Option<&'t str> {
        (Lang::of_tag(language) != Some(self.lang)).then_some(language)
    }
}

fn rendered(template: &impl Template) -> Result<String> {
    template.render().map_err(Error::internal)
}

/// A file that belongs to what a page shows.
pub struct SheetFile {
    /// Its id, by which the text refers to it.
    pub id: String,
    pub name: String,
    /// Where it is: beside the page, within it, or elsewhere.
    pub link: String,
    /// `2.1 MB`.
    pub size: String,
    pub image: bool,
    pub alt: Option<String>,
    pub decorative: bool,
}

impl SheetFile {
    /// A file of an archive, seen from a page that stands in folders, as many as `up` climbs (`../`).
    fn of(file: &kring_archive::Attachment, up: &str) -> Self {
        Self {
            id: file.id.to_string(),
            name: file.file_name.clone(),
            link: format!("{up}{}", file.path),
            size: size(file.size),
            image: file.media_type.starts_with("image/"),
            alt: file.alt.clone(),
            decorative: file.decorative,
        }
    }
}

/// `48 kB`, `2.1 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// The HTML of a text below a heading of `level`, its files where they are here.
fn written(sheet: &Sheet, markdown: &str, level: u8, files: &[SheetFile]) -> String {
    let mut html = fitted(&below(&render(markdown).html, level), &sheet.say("page-table"));
    for file in files {
        html = html.replace(&format!("/v1/attachments/{}/content", file.id), &escaped(&file.link));
    }
    html
}

/// For an attribute. Data and paths have nothing else in them that means something there.
fn escaped(link: &str) -> String {
    link.replace('&', "&amp;").replace('"', "&quot;")
}

/// What somebody wrote in a thread.
#[derive(Template)]
#[template(path = "archives/post.html")]
pub struct Post {
    sheet: Sheet,
    /// `None` for what begins the thread.
    id: Option<String>,
    parent: Option<String>,
    /// `None` where it was deleted.
    author: Option<String>,
    language: String,
    created_at: Time,
    edited: bool,
    html: String,
    reactions: Vec<String>,
    files: Vec<SheetFile>,
}

impl Post {
    pub fn of_thread(sheet: &Sheet, thread: &Thread, author: &AuthorPerson, created_at: Time) -> Self {
        let files: Vec<SheetFile> =
            thread.attachments.iter().map(|file| SheetFile::of(file, "../")).collect();
        Self {
            sheet: *sheet,
            id: None,
            parent: None,
            author: thread.author.as_ref().map(|_| author.display_name.to_string()),
            language: thread.language.clone(),
            created_at,
            edited: thread.edited_at.is_some(),
            html: written(sheet, &thread.body, 1, &files),
            reactions: reactions(sheet, &thread.reactions),
            files,
        }
    }

    pub fn of_reply(sheet: &Sheet, reply: &Reply, author: &AuthorPerson, created_at: Time) -> Self {
        let files: Vec<SheetFile> = reply.attachments.iter().map(|file| SheetFile::of(file, "../")).collect();
        Self {
            sheet: *sheet,
            id: Some(reply.id.to_string()),
            parent: reply.parent.as_ref().map(ToString::to_string),
            author: reply.author.as_ref().map(|_| author.display_name.to_string()),
            language: reply.language.clone(),
            created_at,
            edited: reply.edited_at.is_some(),
            html: written(sheet, &reply.body, 3, &files),
            reactions: reactions(sheet, &reply.reactions),
            files,
        }
    }
}

fn reactions(sheet: &Sheet, given: &Reactions) -> Vec<String> {
    let counts = [
        ("page-reaction-thanks", given.thanks),
        ("page-reaction-recognise", given.recognise),
        ("page-reaction-more", given.more),
    ];
    let given = counts.into_iter().filter(|(_, count)| *count > 0);
    given.map(|(key, count)| sheet.say_with(key, "count", count)).collect()
}

/// A reply, as it stands among the others.
pub fn post(post: &Post) -> Result<String> {
    rendered(post)
}

#[derive(Template)]
#[template(path = "archives/thread.html")]
struct ThreadPage<'a> {
    sheet: Sheet,
    network: &'a str,
    title: String,
    language: &'a str,
    pinned: bool,
    locked: bool,
    first: String,
    replies: String,
}

/// The page of a thread, with a place for its replies.
pub fn thread_page(sheet: &Sheet, network: &Network, thread: &Thread, first: Post) -> Result<String> {
    let title = match thread.deleted_at {
        Some(_) => sheet.say("archive-deleted-thread"),
        None => thread.title.clone(),
    };
    rendered(&ThreadPage {
        sheet: *sheet,
        network: network.name.as_str(),
        title,
        language: &thread.language,
        pinned: thread.pinned,
        locked: thread.locked_at.is_some(),
        first: rendered(&first)?,
        replies: mark("replies"),
    })
}

/// A document, as its page shows it.
pub struct Written<'a> {
    pub title: String,
    pub language: String,
    pub kind: DocumentKind,
    pub licence: Licence,
    pub authors: Vec<String>,
    pub created_at: Time,
    pub changed_at: Time,
    pub body: &'a str,
    pub files: Vec<SheetFile>,
    /// Where it can be read as it is now.
    pub address: Option<String>,
    /// Whom to credit, where it was adopted.
    pub attribution: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "archives/document.html")]
struct DocumentPage<'a> {
    sheet: Sheet,
    /// The network that an archive is of.
    network: Option<&'a str>,
    title: &'a str,
    language: &'a str,
    written: &'a Written<'a>,
    html: String,
}

/// The page of a document.
pub fn document_page(sheet: &Sheet, network: Option<&Network>, written_: &Written<'_>) -> Result<String> {
    rendered(&DocumentPage {
        sheet: *sheet,
        network: network.map(|network| network.name.as_str()),
        title: &written_.title,
        language: &written_.language,
        html: written(sheet, written_.body, 1, &written_.files),
        written: written_,
    })
}

/// Files of a document in an archive, seen from its page.
pub fn document_files(files: &[kring_archive::Attachment]) -> Vec<SheetFile> {
    files.iter().map(|file| SheetFile::of(file, "../../")).collect()
}

/// A thread in the index.
#[derive(Template)]
#[template(path = "archives/listed-thread.html")]
pub struct ListedThread {
    pub sheet: Sheet,
    pub path: String,
    pub title: String,
    pub language: String,
    pub created_at: Time,
    pub replies: i64,
}

/// A document in the index.
#[derive(Template)]
#[template(path = "archives/listed-document.html")]
pub struct ListedDocument {
    pub sheet: Sheet,
    pub path: String,
    pub title: String,
    pub language: String,
    pub kind: DocumentKind,
    pub changed_at: Time,
}

/// A line of the index.
pub fn listed(line: &impl Template) -> Result<String> {
    rendered(line)
}

#[derive(Template)]
#[template(path = "archives/index.html")]
struct IndexPage<'a> {
    sheet: Sheet,
    title: &'a str,
    language: &'a str,
    about: String,
    counts: &'a Counts,
    with_members: bool,
    documents: String,
    threads: String,
}

/// The way into an archive, with places for its documents and threads.
pub fn index(sheet: &Sheet, network: &Network, counts: &Counts, with_members: bool) -> Result<String> {
    rendered(&IndexPage {
        sheet: *sheet,
        title: network.name.as_str(),
        language: network.language.as_str(),
        about: written(sheet, &network.description, 1, &[]),
        counts,
        with_members,
        documents: mark("documents"),
        threads: mark("threads"),
    })
}

/// A list in an archive of one's own.
pub struct OwnFile {
    pub name: &'static str,
    pub count: u64,
}

#[derive(Template)]
#[template(path = "archives/own.html")]
struct OwnIndex<'a> {
    sheet: Sheet,
    title: String,
    files: &'a [OwnFile],
}

/// The way into an archive of one's own.
pub fn own_index(sheet: &Sheet, handle: &str, files: &[OwnFile]) -> Result<String> {
    rendered(&OwnIndex {
        sheet: *sheet,
        title: sheet.say_with("archive-own-title", "handle", handle),
        files,
    })
}

#[derive(Template)]
#[template(path = "archives/own-posts.html")]
struct OwnPosts {
    sheet: Sheet,
    title: String,
    posts: String,
}

/// The page of what somebody wrote, with a place for it.
pub fn own_posts(sheet: &Sheet) -> Result<String> {
    rendered(&OwnPosts {
        sheet: *sheet,
        title: sheet.say("archive-own-written"),
        posts: mark("posts"),
    })
}

/// Something that somebody wrote, as its row in an archive of their own says.
#[derive(Template)]
#[template(path = "archives/own-post.html")]
pub struct OwnPost {
    sheet: Sheet,
    network: String,
    title: String,
    language: String,
    created_at: Option<Time>,
    html: String,
}

impl OwnPost {
    pub fn of(sheet: Sheet, row: &serde_json::Value) -> Self {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let title = row["title"].as_str().or(row["threadTitle"].as_str());
        Self {
            sheet,
            network: text("network"),
            title: title.unwrap_or_default().to_owned(),
            language: text("language"),
            created_at: text("createdAt").parse().ok(),
            html: written(&sheet, &text("body"), 2, &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shows_its_own_files_and_no_others() {
        let file = SheetFile {
            id: "01k9q3v8r0a7c".into(),
            name: "stoep.jpg".into(),
            link: "../files/01k9q3v8r0a7c-stoep.jpg".into(),
            size: size(48_213),
            image: true,
            alt: Some("Een hoge stoep.".into()),
            decorative: false,
        };
        let text = "# Kop\n\n![Stoep](/v1/attachments/01k9q3v8r0a7c/content) ![Ander](/v1/attachments/01k9q3v8r0a7d/content)";
        let html = written(&Sheet { lang: Lang::Nl }, text, 1, &[file]);
        assert!(html.contains("<h2>Kop</h2>"), "{html}");
        assert!(html.contains("src=\"../files/01k9q3v8r0a7c-stoep.jpg\""), "{html}");
        assert!(html.contains("src=\"/v1/attachments/01k9q3v8r0a7d/content\""), "{html}");
    }
}
