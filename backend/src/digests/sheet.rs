//! A digest in words: what both parts of its mail, its page and `kring digest preview` show.

mod waits;

use kring_db::Conn;

use super::actions;
use super::adoptions::AdoptionReads;
use super::collect::{NetworkReads, News};
use super::model::*;
use super::waiting::Waiting;
use crate::accounts::Recipient;
use crate::app::Context;
use crate::config::{Config, Registration};
use crate::documents::{self, DocumentId, DocumentRow, LongText};
use crate::error::Result;
use crate::help;
use crate::municipalities::{self, MunicipalityCode};
use crate::networks::{Network, Visibility};
use crate::text::lang::Lang;
use crate::text::{markdown, summary};
use crate::threads::{ReplyRow, ThreadRow};
use crate::web::links;

/// So many characters of what somebody wrote are shown.
const LEAD: usize = 180;

/// So many characters of a title stand in a subject.
const IN_SUBJECT: usize = 60;

/// A digest in the words of one language.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub lang: Lang,
    pub subject: String,
    /// How much there is: "2 documenten en 5 gesprekken".
    pub amount: String,
    /// What waits for the reader: posts, invitations, requests to join.
    pub waiting: Vec<Entry>,
    /// How much more waits, in a sentence.
    pub waiting_more: Option<String>,
    pub sections: Vec<Section>,
    /// Help that fits: who offers it to the reader's networks, who seeks theirs.
    pub help: Vec<Entry>,
}

/// One network's part.
#[derive(Clone, Debug)]
pub struct Section {
    pub network: String,
    /// The language of its name, where it is not the sheet's.
    pub foreign: Option<String>,
    pub href: String,
    /// The municipalities it is about, with commas between; often none.
    pub places: String,
    /// What its members have to know: that nobody coordinates it.
    pub note: Option<String>,
    pub documents: Vec<Entry>,
    pub threads: Vec<Entry>,
    /// How much more there is: "3 documenten en 12 gesprekken".
    pub more: Option<String>,
}

/// Something to read, or to do something about.
#[derive(Clone, Debug)]
pub struct Entry {
    pub title: String,
    pub foreign: Option<String>,
    pub href: String,
    /// What happened: "Nieuw plan, van Ann de Boer".
    pub told: String,
    /// How what was written begins; empty where there is nothing to quote.
    pub lead: String,
    pub lead_foreign: Option<String>,
}

/// Who reads: what they can do about what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Full,
    /// They read by mail alone, and can become a full member.
    ByMail,
    /// They read by mail alone, and cannot: they asked already, or nobody can.
    ByMailStill,
}

impl Reader {
    pub fn of(config: &Config, to: &Recipient) -> Self {
        match to.by_mail {
            false => Self::Full,
            true if to.is_mail_only() && config.registration != Registration::Closed => Self::ByMail,
            true => Self::ByMailStill,
        }
    }

    /// What is said of a network that nobody coordinates.
    fn without_coordinator(self) -> &'static str {
        match self {
            Self::Full => "digest-without-coordinator",
            Self::ByMail => "digest-without-coordinator-by-mail",
            Self::ByMailStill => "digest-without-coordinator-others",
        }
    }
}

/// What a reader sees besides the news: for the parts of a mail.
#[derive(Clone, Debug)]
pub struct Around {
    pub greeting: String,
    /// Where the same can be read in a browser.
    pub online: Option<String>,
    /// What its links let a reader do.
    pub links: String,
    pub why: String,
    pub change: String,
    pub stop: String,
    /// Where a member by mail becomes a full one; `None` for others, who asked included, and where nobody may make an
    /// account.
    pub full: Option<String>,
}

impl Around {
    /// `word` is the one of this digest; a preview has none.
    pub fn of(cx: &Context, lang: Lang, to: &Recipient, wish: &Wish, word: Option<&str>) -> Self {
        let often = lang.say(&format!("digest-often-{}", wish.frequency));
        let instance = cx.config().instance_name.clone();
        let stop = actions::unsubscribe_word(cx, to.person);
        let choices = links::digest_preferences(cx.config(), &stop);
        let open = Reader::of(cx.config(), to) == Reader::ByMail;
        Self {
            greeting: greeting(lang, to.name.as_str()),
            online: word.map(|word| links::digest(cx.config(), word)),
            // Only Kring's own pages know the word: links to a frontend carry none.
            links: lang.say(match cx.config().frontend_url {
                None => "digest-links",
                Some(_) => "digest-links-frontend",
            }),
            why: lang.say_with("digest-why", &[("instance", instance), ("often", often)]),
            change: match to.by_mail {
                true => links::with_key(&choices, &actions::choosing_word(cx, to.person)),
                false => choices,
            },
            stop: links::unsubscribe(cx.config(), &stop),
            full: open.then(|| links::become_full_member(cx.config(), &stop)),
        }
    }
}

/// How a mail begins. Members by mail need not say what they are called.
pub fn greeting(lang: Lang, name: &str) -> String {
    if name.is_empty() {
        lang.say("digest-greeting-nameless")
    } else {
        lang.say_with("digest-greeting", &[("name", name.to_owned())])
    }
}

impl Sheet {
    /// `news` in words, and what waits where that is to be told. Links into networks that are not public carry `word`,
    /// where there is one and no frontend.
    pub fn of(
        conn: &mut Conn,
        config: &Config,
        (lang, reader): (Lang, Reader),
        news: &News,
        waiting: Option<&Waiting>,
        word: Option<&str>,
    ) -> Result<Self> {
        let places = places(conn, news)?;
        let texts = new_texts(conn, news)?;
        let writer = Writer {
            config,
            lang,
            reader,
            word: word.filter(|_| config.frontend_url.is_none()),
            texts,
        };
        let sections: Vec<Section> =
            news.networks.iter().map(|reads| writer.section(reads, &places)).collect();
        Ok(Self {
            lang,
            subject: subject(lang, news),
            amount: amount(lang, total(news)),
            waiting: waiting.map(|waiting| writer.waiting(waiting)).unwrap_or_default(),
            waiting_more: waiting.and_then(|waiting| writer.waiting_more(waiting.more)),
            sections,
            help: waiting.map(|waiting| writer.help(&waiting.help)).unwrap_or_default(),
        })
    }

    /// The line under a heading in plain text, as long as the heading.
    pub fn underline(&self, heading: &str) -> String {
        "=".repeat(heading.chars().count())
    }

    /// Is there nothing to read?
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }
}

/// Documents and threads.
type Amount = (i64, i64);

fn amount_of(reads: &NetworkReads) -> Amount {
    (
        (reads.documents.len() + reads.adoptions.len()) as i64 + reads.more_documents,
        reads.threads.len() as i64 + reads.more_threads,
    )
}

fn total(news: &News) -> Amount {
    news.networks.iter().map(amount_of).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
}

/// What a reader sees in the list of their mails: where, the first thing, and how much more. Who looks over their
/// shoulder sees it too: where the first network is hidden it names nothing.
pub fn subject(lang: Lang, news: &News) -> String {
    let Some(first) = news.networks.first() else { return lang.say("digest-heading") };
    let mut left = total(news);
    if first.network.visibility == Visibility::Hidden {
        return format!("{}: {}", lang.say("digest-heading"), amount(lang, left));
    }
    let lead = match (first.documents.first(), first.threads.first()) {
        (Some((_, (document, ..), _)), _) => {
            left.0 -= 1;
            Some(document.title.as_str())
        }
        (None, Some((_, (thread, ..), _))) => {
            left.1 -= 1;
            Some(thread.title.as_str())
        }
        (None, None) => None,
    };
    let network = ("network", first.network.name.to_string());
    let where_ = match news.networks.len() - 1 {
        0 => lang.say_with("digest-in-one", &[network]),
        others => lang.say_with("digest-in-many", &[network, ("others", others.to_string())]),
    };
    let what = match (lead.map(|title| markdown::shorten(title, IN_SUBJECT)), left) {
        (Some(lead), (0, 0)) => lead,
        (Some(lead), left) => {
            lang.say_with("digest-and-more", &[("lead", lead), ("more", amount(lang, left))])
        }
        (None, left) => amount(lang, left),
    };
    format!("{where_}: {what}")
}

fn amount(lang: Lang, (documents, threads): Amount) -> String {
    let one = |key: &str, count: i64| lang.say_with(key, &[("count", count.to_string())]);
    match (documents, threads) {
        (documents, 0) => one("digest-documents", documents),
        (0, threads) => one("digest-threads", threads),
        (documents, threads) => {
            let both = [("one", one("digest-documents", documents)), ("two", one("digest-threads", threads))];
            lang.say_with("digest-two", &both)
        }
    }
}

/// Names of the municipalities that these networks are about.
fn places(conn: &mut Conn, news: &News) -> Result<Vec<(MunicipalityCode, String)>> {
    let mut codes: Vec<MunicipalityCode> =
        news.networks.iter().flat_map(|reads| reads.network.municipalities.list()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let known = municipalities::by_codes(conn, &codes)?;
    Ok(known.into_iter().map(|place| (place.code, place.display_name)).collect())
}

/// How documents that are new begin.
fn new_texts(conn: &mut Conn, news: &News) -> Result<Vec<(DocumentId, String)>> {
    let new = || news.networks.iter().flat_map(|reads| &reads.documents).filter(|(told, ..)| told.new);
    let ids: Vec<DocumentId> = new().map(|(told, ..)| told.document).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let texts = documents::texts(conn, &ids)?;
    let summary = |id: DocumentId| {
        new()
            .find(|(told, ..)| told.document == id)
            .and_then(|(_, row, _)| row.0.plain_summary.as_ref())
    };
    let lead = |(id, text): (DocumentId, LongText)| (id, summary::lead(summary(id), &text.body, LEAD));
    Ok(texts.into_iter().map(lead).collect())
}

struct Writer<'a> {
    config: &'a Config,
    lang: Lang,
    reader: Reader,
    word: Option<&'a str>,
    texts: Vec<(DocumentId, String)>,
}

impl Writer<'_> {
    fn section(&self, reads: &NetworkReads, places: &[(MunicipalityCode, String)]) -> Section {
        let network = &reads.network;
        let codes: Vec<MunicipalityCode> = network.municipalities.list();
        let names = codes.iter().filter_map(|code| places.iter().find(|(known, _)| known == code));
        let names: Vec<&str> = names.map(|(_, name)| name.as_str()).collect();
        let more = (reads.more_documents, reads.more_threads);
        Section {
            network: network.name.to_string(),
            foreign: self.foreign(network.language.as_str()),
            href: self.link(network, links::network(self.config, network.slug.as_str())),
            places: names.join(", "),
            note: (network.coordinator_count == 0).then(|| self.lang.say(self.reader.without_coordinator())),
            documents: (reads.documents.iter().map(|row| self.document(network, row)))
                .chain(reads.adoptions.iter().map(|line| self.adoption(network, line)))
                .collect(),
            threads: reads.threads.iter().map(|row| self.thread(network, row)).collect(),
            more: (more != (0, 0)).then(|| amount(self.lang, more)),
        }
    }

    fn document(&self, network: &Network, row: &(DocumentNews, DocumentRow, Vec<String>)) -> Entry {
        let (news, (document, ..), by) = row;
        let kind = document.kind;
        let args = [("who", self.people(by)), ("count", news.changes.to_string())];
        let told = match (news.new, news.changes) {
            (true, 0) => self.lang.say_with(&format!("digest-new-{kind}"), &args),
            (true, _) => {
                let new = self.lang.say_with(&format!("digest-new-{kind}"), &args);
                self.lang.say_with("digest-changed-since", &[("new", new), args[1].clone()])
            }
            (false, _) => self.lang.say_with(&format!("digest-changed-{kind}"), &args),
        };
        let lead = self.texts.iter().find(|(id, _)| *id == document.id).map(|(_, lead)| lead.clone());
        Entry {
            title: document.title.to_string(),
            foreign: self.foreign(document.language.as_str()),
            href: self.link(network, links::document(self.config, document.id)),
            told,
            lead: lead.unwrap_or_default(),
            lead_foreign: self.foreign(document.language.as_str()),
        }
    }

    /// That others adopted a document, or that its source moved on.
    fn adoption(&self, network: &Network, line: &AdoptionReads) -> Entry {
        let args = [
            ("network", line.network.name.to_string()),
            ("place", line.municipality.clone()),
            ("count", line.news.changes.to_string()),
        ];
        let (target, document) = match line.news.kind {
            AdoptionNewsKind::Adopted => (&line.network, &line.other),
            AdoptionNewsKind::SourceMoved => (network, &line.own),
        };
        Entry {
            title: line.own.title.to_string(),
            foreign: self.foreign(line.own.language.as_str()),
            href: self.link(target, links::document(self.config, document.id)),
            told: self.lang.say_with(&format!("digest-{}", line.news.kind), &args),
            lead: String::new(),
            lead_foreign: None,
        }
    }

    fn thread(&self, network: &Network, row: &(ThreadNews, ThreadRow, Option<ReplyRow>)) -> Entry {
        let (news, (thread, author, ..), newest) = row;
        let count = ("count", news.replies.to_string());
        let (told, lead, language) = match (news.new, newest) {
            (true, _) => {
                let who = ("who", author.display_name.to_string());
                let key = if news.replies > 0 {
                    "digest-new-thread-answered"
                } else {
                    "digest-new-thread"
                };
                let lead = summary::lead(thread.plain_summary.as_ref(), &thread.body, LEAD);
                (self.lang.say_with(key, &[who, count]), lead, &thread.language)
            }
            (false, Some((reply, author, _))) => {
                let who = ("who", author.display_name.to_string());
                let told = self.lang.say_with("digest-replies-by", &[who, count]);
                (told, markdown::lead(&reply.body, LEAD), &reply.language)
            }
            (false, None) => {
                (self.lang.say_with("digest-replies", &[count]), String::new(), &thread.language)
            }
        };
        let href = match news.oldest.filter(|_| !news.new) {
            Some(reply) => links::reply(self.config, thread.id, reply),
            None => links::thread(self.config, thread.id),
        };
        Entry {
            title: thread.title.to_string(),
            foreign: self.foreign(thread.language.as_str()),
            href: self.link(network, href),
            told,
            lead,
            lead_foreign: self.foreign(language.as_str()),
        }
    }

    /// A network in which something waits.
    fn about(&self, network: &Network, told: String) -> Entry {
        Entry {
            title: network.name.to_string(),
            foreign: self.foreign(network.language.as_str()),
            href: self.link(network, links::network(self.config, network.slug.as_str())),
            told,
            lead: String::new(),
            lead_foreign: None,
        }
    }

    fn help(&self, fitting: &help::Matches) -> Vec<Entry> {
        let offers = fitting.offers.iter().map(|found| {
            let who = [("who", found.person.display_name.to_string())];
            Entry {
                lead: found.offer.sentence.to_string(),
                lead_foreign: self.foreign(found.offer.language.as_str()),
                ..self.about(&found.network, self.lang.say_with("digest-help-offered", &who))
            }
        });
        let networks = fitting.networks.iter().map(|found| {
            let themes = found.network.help_themes().unwrap_or_default();
            let themes: Vec<String> = themes.iter().map(|theme| theme.as_str().replace('-', " ")).collect();
            let told = match themes.as_slice() {
                [] => self.lang.say("digest-help-sought"),
                named => self.lang.say_with("digest-help-sought-with", &[("themes", named.join(", "))]),
            };
            self.about(&found.network, told)
        });
        offers.chain(networks).collect()
    }

    /// "Ann de Boer", "Ann de Boer en Bob", "Ann de Boer, Bob en anderen".
    fn people(&self, names: &[String]) -> String {
        match names {
            [] => self.lang.say("digest-somebody"),
            [one] => one.clone(),
            [one, two] => self.lang.say_with("digest-two", &[("one", one.clone()), ("two", two.clone())]),
            [one, two, ..] => {
                self.lang.say_with("digest-people", &[("one", one.clone()), ("two", two.clone())])
            }
        }
    }

    fn foreign(&self, language: &str) -> Option<String> {
        (Lang::of_tag(language) != Some(self.lang)).then(|| language.to_owned())
    }

    /// Anyone may open what is in a public network: its links can be passed on, and open no door.
    fn link(&self, network: &Network, href: String) -> String {
        match self.word {
            Some(word) if network.visibility != Visibility::Public => links::with_key(&href, word),
            _ => href,
        }
    }
}
