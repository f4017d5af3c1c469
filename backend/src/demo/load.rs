//! Loading the demo.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::TimeDelta;
use kring_db::{Conn, Tx};

use super::content::{
    Adoption, Content, Document, IMPORTED, Invited, MailMember, Member, Network, Offer, Person, Reply,
    Revision, Template, Thread, Variant, text_of,
};
use super::story::{self, Step, What};
use crate::accounts::{
    self, Bio, DisplayName, Email, Handle, LanguageTag, NewAccount, Password, PersonId, ProfileChange,
    SignedIn,
};
use crate::app::{App, Context};
use crate::digests;
use crate::documents::{
    self, DocumentId, DocumentKind, DocumentText, Licence, NewAdoption, NewDocument, NewVariant,
};
use crate::error::{Error, Fault, Result};
use crate::help::{self, Interests, NewOffer, Sentence};
use crate::imports;
use crate::mail_members;
use crate::municipalities::MunicipalityCode;
use crate::networks::{
    self, EditedBy, MemberState, Membership, MembershipId, NetworkId, NetworkName, NewNetwork, Slug,
    Subjects, Theme,
};
use crate::peers::{Choice, Copies};
use crate::templates;
use crate::text::lang::Lang;
use crate::text::summary::PlainSummary;
use crate::threads::{self, NewReply, NewThread, ReplyId, ThreadId, Title};

/// How long ago everybody last read everything: newer things wait for them, in the digest too.
const UNREAD: TimeDelta = TimeDelta::days(7);

/// Everybody's password.
pub const PASSWORD: &str = "welkom-bij-kring";

/// Whom one finds in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody: the demo was loaded.
    Loaded,
    /// The demo, from an earlier start.
    WasThere,
    /// Others: nothing was done.
    Inhabited,
}

/// Loads the demo into an empty database.
pub async fn load(app: &App) -> anyhow::Result<Outcome> {
    fill(app, Content::read()?).await
}

/// Loads what the second of two instances has of its own into an empty database.
pub async fn load_second(app: &App) -> anyhow::Result<Outcome> {
    fill(app, Content::read_second()?).await
}

async fn fill(app: &App, content: Content) -> anyhow::Result<Outcome> {
    let content = Arc::new(content);
    let password = Password::parse(PASSWORD.into()).map_err(|fault| anyhow::anyhow!("{}", fault.code))?;
    // Hashed once: once for each would take longer than all the rest.
    let hash = app.hashing.hash(&password).await?;
    let outcome = app.write_for_anyone(move |tx, cx| {
        if accounts::anybody(tx)? {
            return Ok(if is_there(tx, &content)? {
                Outcome::WasThere
            } else {
                Outcome::Inhabited
            });
        }
        Loader::new(&password, &hash).run(tx, cx, &content)?;
        Ok(Outcome::Loaded)
    });
    outcome.await.context("the demo could not be loaded")
}

/// Do its people live here? All were loaded in one transaction, and handles never go.
fn is_there(conn: &mut Conn, content: &Content) -> Result<bool> {
    for person in &content.persons {
        if accounts::person_by_handle(conn, &fine(person.handle.parse())?)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the actions gave back for what the story names.
struct Loader<'a> {
    password: &'a Password,
    hash: &'a str,
    persons: HashMap<&'a str, SignedIn>,
    networks: HashMap<&'a str, NetworkId>,
    members: Vec<(NetworkId, SignedIn)>,
    /// Who reads by mail alone.
    by_mail: BTreeSet<PersonId>,
    threads: HashMap<usize, (NetworkId, ThreadId)>,
    replies: HashMap<(usize, &'a str), ReplyId>,
    documents: HashMap<usize, (NetworkId, DocumentId)>,
    /// The number of each document by the file of its first revision.
    files: HashMap<&'a str, usize>,
}

impl<'a> Loader<'a> {
    fn new(password: &'a Password, hash: &'a str) -> Self {
        Self {
            password,
            hash,
            persons: HashMap::new(),
            networks: HashMap::new(),
            members: Vec::new(),
            by_mail: BTreeSet::new(),
            threads: HashMap::new(),
            replies: HashMap::new(),
            documents: HashMap::new(),
            files: HashMap::new(),
        }
    }

    fn run(&mut self, tx: &mut Tx, cx: &Context, content: &'a Content) -> Result<()> {
        let mut last = None;
        let mut unread = cx.now() - UNREAD;
        for step in story::tell(content, cx.now(), cx.config().time_zone) {
            // One after the other, so that ids and the outbox keep the story's order.
            let at = last.map_or(step.at, |last| step.at.max(last + TimeDelta::seconds(1)));
            if at >= unread {
                self.read_everything(tx, &cx.at(unread))?;
                unread = cx.now();
            }
            self.step(tx, &cx.at(at), &step).map_err(|cause| at_step(cause, &step))?;
            last = Some(at);
        }
        let at = last.map_or(cx.now(), |last| cx.now().min(last + TimeDelta::seconds(1)));
        self.import(tx, &cx.at(at))?;
        for network in &content.networks {
            for invited in &network.invited {
                self.invite(tx, cx, network, invited)?;
            }
        }
        let all = self.persons.values().map(|who| who.person).chain(self.by_mail.iter().copied());
        all.into_iter().try_for_each(|person| digests::begin_for_demo(tx, cx, person, None))
    }

    /// Somebody brings a file of Word along. Kring's own file needs no process of its own to be read in.
    fn import(&self, tx: &mut Tx, cx: &Context) -> Result<()> {
        let (file, network, handle) = IMPORTED;
        if !self.networks.contains_key(network) {
            return Ok(());
        }
        let options = kring_convert::Options { name: "", most: u64::MAX, pandoc: None, undescribed: "" };
        let outcome = kring_convert::convert(std::io::Cursor::new(file), &options);
        let Ok(kring_convert::Outcome::Document(document)) = outcome else {
            return Err(Error::internal("the document of the demo cannot be read"));
        };
        let slug: Slug = fine(network.parse())?;
        imports::bring_for_demo(tx, cx, self.person(handle)?, &slug, DocumentKind::Note, document).map(|_| ())
    }

    /// Everybody reads what there is in their networks until now.
    fn read_everything(&self, tx: &mut Tx, cx: &Context) -> Result<()> {
        for (network, who) in &self.members {
            for (_, thread) in self.threads.values().filter(|(its, _)| its == network) {
                threads::mark_read(tx, cx, who, *thread, None)?;
            }
            for (_, document) in self.documents.values().filter(|(its, _)| its == network) {
                documents::mark_read(tx, cx, who, *document, None)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, tx: &mut Tx, cx: &Context, step: &Step<'a>) -> Result<()> {
        match &step.what {
            What::Register(person) => self.register(tx, cx, person),
            What::Propose(network) => self.propose(tx, cx, network),
            What::Join(network, member) => self.join(tx, cx, network, member),
            What::ReadByMail(network, member) => self.read_by_mail(tx, cx, network, member),
            What::Start(network, number, thread) => self.start(tx, cx, network, *number, thread),
            What::Reply(thread, reply) => self.reply(tx, cx, *thread, reply),
            What::Write(network, number, document, revision) => {
                self.write(tx, cx, network, *number, document, revision)
            }
            What::Revise(number, revision) => self.revise(tx, cx, *number, revision),
            What::Offer(offer) => self.offer(tx, cx, offer),
            What::Arrange(template) => self.arrange(tx, cx, template),
            What::Vary(network, number, of, variant) => self.vary(tx, cx, network, (*number, *of), variant),
            What::Adopt(network, number, adoption) => self.adopt(tx, cx, network, *number, adoption),
            What::React { person, kind, thread, reply } => {
                let reply = reply.map(|id| found(&self.replies, &(*thread, id))).transpose()?;
                let (_, thread) = *found(&self.threads, thread)?;
                threads::react_for_demo(tx, cx, self.person(person)?, thread, reply.copied(), *kind)
            }
        }
    }

    fn person(&self, handle: &str) -> Result<&SignedIn> {
        found(&self.persons, handle)
    }

    fn register(&mut self, tx: &mut Tx, cx: &Context, person: &'a Person) -> Result<()> {
        let languages: Vec<LanguageTag> = all(&person.languages, LanguageTag::parse)?;
        let language = person.languages.first().and_then(|tag| Lang::of_tag(tag)).unwrap_or(Lang::Nl);
        let new = NewAccount {
            handle: fine(Handle::parse(person.handle.clone()))?,
            display_name: fine(DisplayName::parse(person.display_name.clone()))?,
            // RFC 2606: mail to example.org reaches nobody, should somebody name a real mail server.
            email: fine(Email::parse(format!("{}@example.org", person.handle)))?,
            password: self.password.clone(),
            language,
        };
        let who = accounts::register_for_demo(tx, cx, &new, self.hash, person.admin)?;
        let profile = ProfileChange {
            bio: Some(fine(Bio::parse(person.bio.clone()))?),
            municipality: Some(Some(fine(MunicipalityCode::parse(person.municipality.clone()))?)),
            languages: Some(languages),
            expert_by_experience: Some(person.expert_by_experience),
            ..ProfileChange::default()
        };
        accounts::change_profile(tx, cx, &who, &profile)?;
        self.persons.insert(&person.handle, who);
        Ok(())
    }

    fn propose(&mut self, tx: &mut Tx, cx: &Context, network: &'a Network) -> Result<()> {
        let new = NewNetwork {
            slug: fine(Slug::parse(network.slug.clone()))?,
            name: fine(NetworkName::parse(network.name.clone()))?,
            description: fine(networks::parse_description(network.description.clone()))?,
            plain_summary: summary(network.plain_summary.as_ref())?,
            language: fine(LanguageTag::parse(network.language.clone()))?,
            visibility: network.visibility,
            join_policy: network.join_policy,
            documents_edited_by: EditedBy::Members,
            seeking_people: network.seeking_people,
            led_by_experts: network.led_by_experts,
            seeking_help: network.seeking_help.as_ref().map(|named| all(named, Theme::parse)).transpose()?,
            federation: Choice::none(),
            copies: Copies::Documents,
            subjects: subjects(&network.municipalities, &network.themes, &network.crpd_articles)?,
        };
        let proposed = networks::propose(tx, cx, self.coordinator(network)?, &new)?;
        self.networks.insert(&network.slug, proposed.id);
        Ok(())
    }

    fn join(&mut self, tx: &mut Tx, cx: &Context, network: &Network, member: &Member) -> Result<()> {
        let network = *found(&self.networks, network.slug.as_str())?;
        let who = self.person(&member.handle)?.clone();
        let membership = membership(cx, network, who.person, member)?;
        networks::join_for_demo(tx, cx, network, who.person, &membership)?;
        self.members.push((network, who));
        Ok(())
    }

    /// Who coordinates a network: its first member.
    fn coordinator(&self, network: &Network) -> Result<&SignedIn> {
        let first = network.members.first().ok_or_else(|| Error::internal("a network without members"))?;
        self.person(&first.handle)
    }

    fn read_by_mail(
        &mut self,
        tx: &mut Tx,
        cx: &Context,
        network: &Network,
        member: &MailMember,
    ) -> Result<()> {
        let id = *found(&self.networks, network.slug.as_str())?;
        let (email, name) = addressed(&member.email, member.name.as_ref())?;
        let invited_by = self.coordinator(network)?.person;
        self.by_mail.insert(mail_members::join_for_demo(tx, cx, id, &email, name, invited_by)?);
        Ok(())
    }

    fn invite(&self, tx: &mut Tx, cx: &Context, network: &Network, invited: &Invited) -> Result<()> {
        let (email, name) = addressed(&invited.email, invited.name.as_ref())?;
        let slug = fine(network.slug.parse())?;
        mail_members::invite_for_demo(tx, cx, self.coordinator(network)?, &slug, email, name)
    }

    fn start(
        &mut self,
        tx: &mut Tx,
        cx: &Context,
        network: &Network,
        number: usize,
        thread: &Thread,
    ) -> Result<()> {
        let new = NewThread {
            title: fine(Title::parse(thread.title.clone()))?,
            plain_summary: summary(thread.plain_summary.as_ref())?,
            text: fine(threads::Text::parse(thread.body.clone()))?,
            language: language(thread.language.as_ref())?,
            attachments: Vec::new(),
        };
        let slug = fine(network.slug.parse())?;
        let author = self.person(&thread.author)?;
        let id = threads::create_for_demo(tx, cx, author, &slug, &new, thread.pinned)?;
        self.threads.insert(number, (*found(&self.networks, network.slug.as_str())?, id));
        Ok(())
    }

    fn reply(&mut self, tx: &mut Tx, cx: &Context, thread: usize, reply: &'a Reply) -> Result<()> {
        let parent = reply.parent.as_deref().map(|id| found(&self.replies, &(thread, id))).transpose()?;
        let new = NewReply {
            text: fine(threads::Text::parse(reply.body.clone()))?,
            language: language(reply.language.as_ref())?,
            parent: parent.copied(),
            attachments: Vec::new(),
        };
        let author = self.person(&reply.author)?;
        let id = threads::reply_for_demo(tx, cx, author, found(&self.threads, &thread)?.1, &new)?;
        self.replies.insert((thread, &reply.id), id);
        Ok(())
    }

    fn write(
        &mut self,
        tx: &mut Tx,
        cx: &Context,
        network: &Network,
        number: usize,
        document: &Document,
        first: &'a Revision,
    ) -> Result<()> {
        let new = NewDocument {
            kind: document.kind,
            text: text(first)?,
            subjects: subjects(&document.municipalities, &document.themes, &document.crpd_articles)?,
            licence: Licence::default(),
            attachments: Vec::new(),
        };
        let slug = fine(network.slug.parse())?;
        let id = documents::create_for_demo(tx, cx, self.person(&first.author)?, &slug, &new)?;
        self.files.insert(&first.file, number);
        self.documents.insert(number, (*found(&self.networks, network.slug.as_str())?, id));
        Ok(())
    }

    fn vary(
        &mut self,
        tx: &mut Tx,
        cx: &Context,
        network: &Network,
        (number, of): (usize, usize),
        variant: &Variant,
    ) -> Result<()> {
        let new = NewVariant {
            kind: variant.kind,
            text: DocumentText {
                title: fine(documents::Title::parse(variant.title.clone()))?,
                body: fine(documents::Body::parse(text_of(&variant.file)?.to_owned()))?,
                language: language(variant.language.as_ref())?,
                plain_summary: None,
            },
            revision: None,
            attachments: Vec::new(),
        };
        let (_, source) = *found(&self.documents, &of)?;
        let id = documents::create_variant_for_demo(tx, cx, self.person(&variant.author)?, source, &new)?;
        self.documents.insert(number, (*found(&self.networks, network.slug.as_str())?, id));
        Ok(())
    }

    fn adopt(
        &mut self,
        tx: &mut Tx,
        cx: &Context,
        network: &Network,
        number: usize,
        adoption: &Adoption,
    ) -> Result<()> {
        let wish = NewAdoption {
            network: fine(network.slug.parse())?,
            municipality: fine(MunicipalityCode::parse(adoption.municipality.clone()))?,
        };
        let (_, source) = *found(&self.documents, found(&self.files, adoption.of.as_str())?)?;
        let id = documents::adopt_for_demo(tx, cx, self.person(&adoption.author)?, source, &wish)?;
        self.documents.insert(number, (*found(&self.networks, network.slug.as_str())?, id));
        Ok(())
    }

    fn offer(&self, tx: &mut Tx, cx: &Context, offer: &Offer) -> Result<()> {
        let new = NewOffer {
            sentence: fine(Sentence::parse(offer.sentence.clone()))?,
            language: LanguageTag::of(Lang::Nl),
            interests: Interests {
                themes: all(&offer.themes, Theme::parse)?,
                municipalities: all(&offer.municipalities, MunicipalityCode::parse)?,
            },
        };
        help::offer_for_demo(tx, cx, self.person(&offer.person)?, &new)
    }

    fn arrange(&self, tx: &mut Tx, cx: &Context, template: &Template) -> Result<()> {
        let change = templates::Change {
            name: Some(template.name.clone()),
            summary: Some(template.summary.clone()),
            title: Some(template.title.clone()),
            body: Some(template.body()?.to_owned()),
            ..templates::Change::default()
        };
        let id = fine(template.id.parse())?;
        templates::change_for_demo(tx, cx, self.person(&template.by)?, &id, &change)
    }

    fn revise(&self, tx: &mut Tx, cx: &Context, number: usize, revision: &Revision) -> Result<()> {
        let (_, document) = *found(&self.documents, &number)?;
        documents::revise_for_demo(tx, cx, self.person(&revision.author)?, document, &text(revision)?)
    }
}

fn addressed(email: &str, name: Option<&String>) -> Result<(Email, Option<DisplayName>)> {
    let name = name.map(|name| fine(DisplayName::parse(name.clone()))).transpose()?;
    Ok((fine(Email::parse(email.to_owned()))?, name))
}

fn text(revision: &Revision) -> Result<DocumentText> {
    Ok(DocumentText {
        title: fine(documents::Title::parse(revision.title.clone()))?,
        plain_summary: summary(revision.plain_summary.as_ref())?.map(Some),
        body: fine(documents::Body::parse(revision.body()?.to_owned()))?,
        language: None,
    })
}

fn summary(text: Option<&String>) -> Result<Option<PlainSummary>> {
    text.map(|text| fine(PlainSummary::parse(text.clone()))).transpose()
}

fn subjects(municipalities: &[String], themes: &[String], crpd_articles: &[i64]) -> Result<Subjects> {
    Ok(Subjects {
        municipalities: all(municipalities, MunicipalityCode::parse)?,
        themes: all(themes, Theme::parse)?,
        crpd_articles: crpd_articles.to_vec(),
    })
}

fn membership(cx: &Context, network: NetworkId, person: PersonId, member: &Member) -> Result<Membership> {
    let organisation = member.organisation.clone().map(networks::parse_organisation);
    Ok(Membership {
        id: cx.id::<MembershipId>(),
        network_id: network,
        person_id: person,
        role: member.role,
        state: MemberState::Active,
        founder: false,
        capacity: member.capacity,
        organisation: organisation.transpose().map_err(|fault| fault.at("/organisation"))?,
        shows_experience: member.shows_experience,
        message: String::new(),
        invited_by: None,
        joined_at: Some(cx.now()),
        created_at: cx.now(),
        updated_at: cx.now(),
        shown: false,
    })
}

fn language(tag: Option<&String>) -> Result<Option<LanguageTag>> {
    tag.map(|tag| fine(LanguageTag::parse(tag.clone()))).transpose()
}

/// What was parsed; the demo's own texts are held to the same rules as people's.
fn fine<T>(parsed: Result<T, Fault>) -> Result<T> {
    parsed.map_err(|fault| fault.at(""))
}

fn all<T>(texts: &[String], parse: fn(String) -> Result<T, Fault>) -> Result<Vec<T>> {
    texts.iter().map(|text| fine(parse(text.clone()))).collect()
}

fn found<'m, K, Q, V>(map: &'m HashMap<K, V>, key: &Q) -> Result<&'m V>
where
    K: std::borrow::Borrow<Q> + std::hash::Hash + Eq,
    Q: std::hash::Hash + Eq + std::fmt::Debug + ?Sized,
{
    map.get(key)
        .ok_or_else(|| Error::internal(format!("the demo names {key:?} before it is there")))
}

/// The same error, with the step that failed. The database's own stay what they are: some are worth another try.
fn at_step(cause: Error, step: &Step<'_>) -> Error {
    let place = step.place();
    match cause {
        Error::Internal(cause) => Error::Internal(cause.context(place)),
        Error::Unavailable(cause) => Error::Unavailable(cause.context(place)),
        other => Error::internal(format!("{place}: {other}")),
    }
}
