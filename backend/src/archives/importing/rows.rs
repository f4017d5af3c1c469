//! What an archive says, as rows of Kring: every value by the rules of its domain, every text rendered anew.

use kring_archive as wire;
use kring_db::types::{first_id, read_id};
use kring_db::{JsonText, Time};

use crate::accounts::{DisplayName, Handle, LanguageTag, PersonId};
use crate::attachments::{self, FileName};
use crate::documents::{self, Adoption, Base, Document, LongText, Origin, Revision, RevisionId, Variant};
use crate::error::{Fault, Result};
use crate::municipalities::MunicipalityCode;
use crate::networks::{self, Network, NetworkId, NetworkName, NetworkState, Slug, Subjects, Theme};
use crate::peers::Choice;
use crate::text::markdown;
use crate::text::summary::PlainSummary;
use crate::threads::{self, PostVersion, Reply, ReplyId, Text, Thread, ThreadId, VersionId};
use crate::web::fields::{each, line, lines, word};

/// What a text says in a few plain sentences.
fn summary(entry: &str, text: Option<&String>) -> Result<Option<PlainSummary>> {
    fits(entry, "plainSummary", text.cloned().map(PlainSummary::parse).transpose())
}

/// A value by the rule of its domain; the fault says where in the archive it stands.
fn fits<T>(entry: &str, member: &'static str, parsed: Result<T, Fault>) -> Result<T> {
    parsed.map_err(|fault| {
        Fault::new("archive_value")
            .with("entry", entry)
            .with("member", member)
            .with("what", fault.code)
            .at("/file")
    })
}

/// What reads moments and ids. Nothing is later than now: it would stand above everything that comes.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    latest: Time,
}

impl Rules {
    /// With some room for clocks that differ.
    pub fn as_of(now: Time) -> Self {
        Self { latest: now + chrono::Duration::hours(1) }
    }

    pub fn id<T: From<i64>>(&self, id: &wire::Id) -> Result<T> {
        let known = read_id(id.as_str()).filter(|id| *id > 0 && *id < first_id(self.latest));
        fits(id.as_str(), "id", known.map(T::from).ok_or_else(|| Fault::new("archive_from_the_future")))
    }

    pub fn time(&self, entry: &str, moment: &wire::Moment) -> Result<Time> {
        let time = time(moment.as_str())?;
        let past = (time <= self.latest).then_some(time);
        fits(entry, "time", past.ok_or_else(|| Fault::new("archive_from_the_future")))
    }

    fn maybe(&self, entry: &str, moment: Option<&wire::Moment>) -> Result<Option<Time>> {
        moment.map(|moment| self.time(entry, moment)).transpose()
    }
}

/// A moment, of whatever time.
pub fn time(moment: &str) -> Result<Time> {
    fits(moment, "time", moment.parse().map_err(|_| Fault::new("archive_no_time")))
}

pub fn handle(address: &wire::Address) -> Result<Handle> {
    // `FromStr` and not `parse`: what is reserved for new accounts is fine for who is somewhere already.
    fits(address.as_str(), "address", address.handle().parse())
}

pub fn name(person: &wire::Person) -> Result<DisplayName> {
    fits(person.address.as_str(), "displayName", DisplayName::parse(person.display_name.clone()))
}

pub fn closed_at(rules: &Rules, person: &wire::Person) -> Result<Option<Time>> {
    rules.maybe(person.address.as_str(), person.closed_at.as_ref())
}

fn subjects(entry: &str, municipalities: &[String], themes: &[String], articles: &[i64]) -> Result<Subjects> {
    Ok(Subjects {
        municipalities: fits(
            entry,
            "municipalities",
            each(municipalities.to_vec(), 50, MunicipalityCode::parse),
        )?,
        themes: fits(entry, "themes", each(themes.to_vec(), 50, Theme::parse))?,
        crpd_articles: fits(entry, "crpdArticles", each(articles.to_vec(), 50, networks::parse_article))?,
    })
}

/// A network without members, whose counts come later.
pub fn network(
    rules: &Rules,
    network: &wire::Network,
    slug: Option<&Slug>,
    founder: PersonId,
) -> Result<Network> {
    let entry = "network.json";
    let about = subjects(entry, &network.municipalities, &network.themes, &network.crpd_articles)?;
    let (municipalities, themes, crpd_articles): (JsonText, JsonText, JsonText) =
        networks::subject_texts(&about);
    let description = fits(entry, "description", networks::parse_description(network.description.clone()))?;
    let state: NetworkState = fits(entry, "state", word(network.state.clone()))?;
    let archived_at = rules.maybe(entry, network.archived_at.as_ref())?;
    if (state == NetworkState::Archived) != archived_at.is_some() {
        return fits(entry, "archivedAt", Err(Fault::new("archive_state")));
    }
    Ok(Network {
        id: rules.id(&network.id)?,
        slug: match slug {
            Some(slug) => slug.clone(),
            None => fits(entry, "slug", Slug::parse_new(network.slug.clone()))?,
        },
        name: fits(entry, "name", NetworkName::parse(network.name.clone()))?,
        // Mentions are words here: whom they mean on the instance they come from is not known.
        description_html: markdown::render(&description).html,
        description,
        language: fits(entry, "language", LanguageTag::parse(network.language.clone()))?,
        visibility: fits(entry, "visibility", word(network.visibility.clone()))?,
        join_policy: fits(entry, "joinPolicy", word(network.join_policy.clone()))?,
        documents_edited_by: fits(entry, "documentsEditedBy", word(network.documents_edited_by.clone()))?,
        state,
        seeking_people: network.seeking_people,
        // Where it is brought to, its people choose anew.
        federation: Choice::none(),
        home_url: None,
        seeking_help: match &network.seeking_help {
            None => None,
            Some(themes) => {
                let themes = fits(entry, "seekingHelp", each(themes.clone(), 50, Theme::parse))?;
                Some(JsonText::of(&themes))
            }
        },
        led_by_experts: network.led_by_experts,
        municipalities,
        themes,
        crpd_articles,
        member_count: 0,
        coordinator_count: 0,
        founder_count: 0,
        thread_count: 0,
        document_count: 0,
        created_by: founder,
        created_at: rules.time(entry, &network.created_at)?,
        updated_at: rules.time(entry, &network.updated_at)?,
        archived_at,
        without_coordinator_since: None,
        plain_summary: summary(entry, network.plain_summary.as_ref())?,
        version: 1,
    })
}

/// The role of somebody who belonged to it, and since when.
pub fn member(rules: &Rules, member: &wire::Member) -> Result<(networks::MemberRole, bool, Option<Time>)> {
    let role = fits("members.json", "role", word(member.role.clone()))?;
    Ok((role, member.co_founder, rules.maybe("members.json", member.joined_at.as_ref())?))
}

/// The body of a post, and its HTML; nothing of what was deleted.
fn body(entry: &str, body: &str, deleted: bool) -> Result<(String, String)> {
    if deleted {
        return Ok((String::new(), String::new()));
    }
    let text = fits(entry, "body", Text::parse(body.to_owned()))?;
    Ok((text.markdown, text.rendered.html))
}

fn version(entry: &str, number: u32) -> Result<i64> {
    let version = i64::from(number);
    fits(
        entry,
        "version",
        if version > 0 {
            Ok(version)
        } else {
            Err(Fault::new("archive_state"))
        },
    )
}

/// A thread whose replies are still to come.
pub fn thread(rules: &Rules, thread: &wire::Thread, network: NetworkId, author: PersonId) -> Result<Thread> {
    let (entry, deleted) = (thread.id.as_str(), thread.deleted_at.is_some());
    let (body, body_html) = body(entry, &thread.body, deleted)?;
    let created_at = rules.time(entry, &thread.created_at)?;
    Ok(Thread {
        id: rules.id(&thread.id)?,
        network_id: network,
        author_id: author,
        title: match deleted {
            true => threads::Title::default(),
            false => fits(entry, "title", threads::Title::parse(thread.title.clone()))?,
        },
        plain_summary: match deleted {
            true => None,
            false => summary(entry, thread.plain_summary.as_ref())?,
        },
        body,
        body_html,
        language: fits(entry, "language", LanguageTag::parse(thread.language.clone()))?,
        reply_count: 0,
        last_seq: 0,
        last_activity_at: created_at,
        pinned: thread.pinned && !deleted,
        locked_at: rules.maybe(entry, thread.locked_at.as_ref())?,
        thanks_count: thread.reactions.thanks.into(),
        recognise_count: thread.reactions.recognise.into(),
        more_count: thread.reactions.more.into(),
        created_at,
        edited_at: rules.maybe(entry, thread.edited_at.as_ref())?,
        deleted_at: rules.maybe(entry, thread.deleted_at.as_ref())?,
        version: version(entry, thread.version)?,
    })
}

/// Where a reply stands.
pub struct Stand<'a> {
    pub thread: ThreadId,
    pub depth: i64,
    /// The path of what it answers; empty where that is the thread.
    pub above: &'a str,
}

pub fn reply(rules: &Rules, reply: &wire::Reply, stand: &Stand<'_>, author: PersonId) -> Result<Reply> {
    let (entry, deleted) = (reply.id.as_str(), reply.deleted_at.is_some());
    let (body, body_html) = body(entry, &reply.body, deleted)?;
    let id: ReplyId = rules.id(&reply.id)?;
    Ok(Reply {
        id,
        thread_id: stand.thread,
        parent_id: reply.parent.as_ref().map(|parent| rules.id(parent)).transpose()?,
        author_id: author,
        seq: reply.number.into(),
        depth: stand.depth,
        path: format!("{}{id}", stand.above),
        body,
        body_html,
        language: fits(entry, "language", LanguageTag::parse(reply.language.clone()))?,
        thanks_count: reply.reactions.thanks.into(),
        recognise_count: reply.reactions.recognise.into(),
        more_count: reply.reactions.more.into(),
        created_at: rules.time(entry, &reply.created_at)?,
        edited_at: rules.maybe(entry, reply.edited_at.as_ref())?,
        deleted_at: rules.maybe(entry, reply.deleted_at.as_ref())?,
        version: version(entry, reply.version)?,
    })
}

/// How a post read before an edit: its id, the reply it is of, and what it said.
pub fn post_version(
    rules: &Rules,
    wire: &wire::PostVersion,
) -> Result<(VersionId, Option<ReplyId>, PostVersion)> {
    let entry = wire.id.as_str();
    let (body, body_html) = body(entry, &wire.body, false)?;
    let title = match wire.reply {
        Some(_) => String::new(),
        None => fits(entry, "title", threads::Title::parse(wire.title.clone()))?.to_string(),
    };
    let language = fits(entry, "language", LanguageTag::parse(wire.language.clone()))?;
    let earlier = PostVersion {
        version: version(entry, wire.version)?,
        title,
        body,
        body_html,
        language,
        written_at: rules.time(entry, &wire.written_at)?,
        plain_summary: summary(entry, wire.plain_summary.as_ref())?,
    };
    Ok((rules.id(&wire.id)?, wire.reply.as_ref().map(|reply| rules.id(reply)).transpose()?, earlier))
}

/// A document before its first revision: without a title yet.
pub fn document(
    rules: &Rules,
    document: &wire::Document,
    network: NetworkId,
    founder: PersonId,
) -> Result<Document> {
    let entry = document.id.as_str();
    let about = subjects(entry, &document.municipalities, &document.themes, &document.crpd_articles)?;
    let (municipalities, themes, crpd_articles) = networks::subject_texts(&about);
    let created_at = rules.time(entry, &document.created_at)?;
    Ok(Document {
        id: rules.id(&document.id)?,
        network_id: network,
        kind: fits(entry, "kind", word(document.kind.clone()))?,
        title: documents::Title::default(),
        excerpt: String::new(),
        language: LanguageTag::default(),
        municipalities,
        themes,
        crpd_articles,
        revision: 0,
        version: 0,
        created_by: founder,
        created_at,
        changed_by: founder,
        changed_at: created_at,
        licence: fits(entry, "licence", word(document.licence.clone()))?,
        plain_summary: None,
    })
}

/// A revision with its text, and the document as it is with it.
pub fn revision(
    rules: &Rules,
    before: &Document,
    revision: &wire::Revision,
    markdown: String,
    author: PersonId,
) -> Result<(Document, Revision, LongText)> {
    let entry = revision.path.as_str();
    let body = fits(entry, "body", documents::Body::parse(markdown))?;
    let row = Revision {
        id: rules.id::<RevisionId>(&revision.id)?,
        document_id: before.id,
        number: revision.number.into(),
        title: fits(entry, "title", documents::Title::parse(revision.title.clone()))?,
        language: fits(entry, "language", LanguageTag::parse(revision.language.clone()))?,
        author_id: author,
        restored_from: revision.restored_from.map(i64::from),
        created_at: rules.time(entry, &revision.created_at)?,
        plain_summary: summary(entry, revision.plain_summary.as_ref())?,
    };
    let document = Document {
        title: row.title.clone(),
        plain_summary: row.plain_summary.clone(),
        excerpt: documents::excerpt_of(&body.markdown),
        language: row.language.clone(),
        revision: row.number,
        changed_by: author,
        changed_at: row.created_at,
        ..before.clone()
    };
    Ok((document, row, LongText { body: body.markdown, body_html: body.rendered.html }))
}

/// What is said of a file, by the rules for what people say.
pub fn file(rules: &Rules, file: &wire::Attachment) -> Result<(FileName, Option<String>, Time, Time)> {
    let entry = file.path.as_str();
    let alt = file.alt.clone().map(attachments::parse_alt).transpose();
    Ok((
        fits(entry, "fileName", FileName::parse(file.file_name.clone()))?,
        fits(entry, "alt", alt)?,
        rules.time(entry, &file.created_at)?,
        rules.time(entry, &file.attached_at)?,
    ))
}

/// Who somebody is here.
pub type Found<'a> = &'a dyn Fn(&wire::Address) -> Result<PersonId>;

/// Where a document comes from that was adopted; `own` is the host of this instance.
pub fn adoption(
    rules: &Rules,
    document: &Document,
    wire: &wire::Adoption,
    own: &str,
    found: Found<'_>,
) -> Result<(Adoption, Base)> {
    let id = document.id.to_string();
    let source = origin(rules, &id, &wire.source, own, found)?;
    let origins: Vec<Origin> =
        wire.origins.iter().map(|step| origin(rules, &id, step, own, found)).collect::<Result<_>>()?;
    let base = Base {
        title: fits(&id, "baseTitle", documents::Title::parse(wire.base_title.clone()))?,
        body: fits(&id, "baseBody", lines(&wire.base_body, 0, markdown::DOCUMENT_LIMIT))?,
    };
    let adoption = Adoption {
        document_id: document.id,
        network_id: document.network_id,
        municipality: fits(&id, "municipality", MunicipalityCode::parse(wire.municipality.clone()))?,
        adopted_by: found(&wire.adopted_by)?,
        created_at: rules.time(&id, &wire.adopted_at)?,
        source_host: source.host,
        source_id: source.document,
        source_revision: source.revision,
        source_title: source.title,
        source_network_slug: source.network_slug,
        source_network_name: source.network_name,
        licence: source.licence,
        authors: JsonText::of(&source.authors),
        origins: JsonText::of(&origins),
        seen_revision: wire.seen_revision.into(),
    };
    Ok((adoption, base))
}

fn origin(rules: &Rules, entry: &str, wire: &wire::Origin, own: &str, found: Found<'_>) -> Result<Origin> {
    let host = fits(entry, "host", line(&wire.host, 1, 255))?;
    Ok(Origin {
        host: if host == own { String::new() } else { host },
        document: rules.id(&wire.document)?,
        revision: wire.revision.into(),
        title: fits(entry, "title", documents::Title::parse(wire.title.clone()))?,
        network_slug: fits(entry, "networkSlug", Slug::parse(wire.network_slug.clone()))?,
        network_name: fits(entry, "networkName", line(&wire.network_name, 1, 100))?,
        licence: fits(entry, "licence", word(wire.licence.clone()))?,
        authors: wire.authors.iter().map(found).collect::<Result<_>>()?,
    })
}

/// Of which document another is a variant; its language is still to be known.
pub fn variant(rules: &Rules, document: &Document, wire: &wire::Variant) -> Result<Variant> {
    Ok(Variant {
        document_id: document.id,
        source_id: rules.id(&wire.of)?,
        kind: fits(&document.id.to_string(), "kind", word(wire.kind.clone()))?,
        language: document.language.clone(),
        revision: wire.revision.into(),
    })
}
