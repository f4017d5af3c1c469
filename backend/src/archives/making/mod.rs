//! A network made an archive, page by page.
//!
//! Memory does not grow with what is in it: one page of threads, one page of replies, one revision at a time. What an
//! entry needs that comes later (the replies of a thread, behind the files that they name; the index, behind
//! everything) waits on disk in [`Spool`]s. Only who wrote something is held in full: people are few beside what they
//! write.
//!
//! No transaction is held open for it, which would keep SQLite's log from being emptied for as long as somebody's network is
//! large. Each page is read by itself, in an order (by id, by path) in which nothing slips in behind, so a thread that is
//! begun meanwhile may be there or not, and whatever is there is whole.

mod documents;
mod files;
mod packing;
mod people;
mod spool;
mod threads;

use kring_archive::{Counts, FORMAT, Manifest, Moment, VERSION, schema};
use kring_db::JsonText;

use self::people::People;
use super::model::*;
use super::sheets::{Sheet, index};

pub use self::files::{Bytewise, file_path_of, packed};
pub use self::packing::{Packed, Zip, begin};
pub use self::spool::{Spool, fill, mark};
use crate::accounts;
use crate::app::App;
use crate::error::Result;
use crate::networks::{self, AuthorPerson, MayArchive, Network, Subjects};
use crate::text::lang::Lang;

/// An archive that was made.
pub struct Made {
    pub packed: Packed,
    pub manifest: Manifest,
}

/// Says how many threads and documents are done; may stop the work.
pub type Tick<'a> = &'a dyn Fn(u64) -> Result<()>;

/// An archive on its way.
struct Making<'a> {
    app: &'a App,
    network: &'a Network,
    may: &'a MayArchive,
    zip: Zip,
    people: People,
    counts: Counts,
    missing: Vec<String>,
    sheet: Sheet,
    /// What `index.html` lists, as it comes.
    threads: Spool,
    documents: Spool,
    tick: Tick<'a>,
}

/// Makes an archive of what `may` lets its holder take along. Call it off the request threads, within the runtime.
pub fn make(app: &App, network: &Network, may: &MayArchive, tick: Tick<'_>) -> Result<Made> {
    let (zip, folder) = (begin(app)?, app.waiting_room());
    // English for networks whose language Kring does not speak: not the instance's language, for the same content
    // should give the same bytes anywhere.
    let lang = Lang::of_tag(network.language.as_str()).unwrap_or(Lang::En);
    let mut making = Making {
        app,
        network,
        may,
        zip,
        people: People::new(app.config.host()),
        counts: Counts::default(),
        missing: Vec::new(),
        sheet: Sheet { lang },
        threads: Spool::new(&folder)?,
        documents: Spool::new(&folder)?,
        tick,
    };
    making.threads()?;
    making.documents()?;
    making.people()?;
    making.index()?;
    making.finish()
}

impl Making<'_> {
    /// The moment of what belongs to no thread or document.
    fn of_network(&self) -> Result<Moment> {
        wire_time(self.network.updated_at)
    }

    fn done(&self) -> Result<()> {
        (self.tick)(self.counts.threads + self.counts.documents)
    }

    /// The network itself, who wrote something, and who belongs to it.
    fn people(&mut self) -> Result<()> {
        let (network, of) = (self.network, self.of_network()?);
        let founder = self.app.db.read_blocking(|conn| accounts::person_by_id(conn, network.created_by))?;
        let founder = self.people.note(&AuthorPerson::from(founder))?;
        self.zip.json("network.json", &of, &wire_network(network, founder)?)?;
        let may = self.may;
        if may.with_members() {
            let roster = self.app.db.read_blocking(|conn| networks::roster(conn, may, network.id))?;
            let mut members = Vec::with_capacity(roster.len());
            for credit in roster {
                members.push(kring_archive::Member {
                    person: self.people.note(&credit.person)?,
                    role: credit.role.to_string(),
                    co_founder: credit.co_founder,
                    joined_at: wire_time_of(credit.joined_at)?,
                });
            }
            // By address as archives write it, which is the same everywhere.
            members.sort_by(|a, b| a.person.cmp(&b.person));
            self.counts.members = members.len() as u64;
            self.zip.list("members.json", &of, &serde_json::json!({}), |lists| {
                lists.begin("members")?;
                members.iter().try_for_each(|member| lists.item(member))
            })?;
        }
        let people = self.people.everybody();
        self.counts.persons = people.len() as u64;
        self.zip.list("persons.json", &of, &serde_json::json!({}), |lists| {
            lists.begin("persons")?;
            people.values().try_for_each(|person| lists.item(person))
        })?;
        Ok(())
    }

    /// The way in for people.
    fn index(&mut self) -> Result<()> {
        let of = self.of_network()?;
        let page = index(&self.sheet, self.network, &self.counts, self.may.with_members())?;
        let (threads, documents) = (&mut self.threads, &mut self.documents);
        self.zip.entry("index.html", &of, false, |entry| {
            spool::fill(entry, &page, &mut [("documents", documents), ("threads", threads)])
        })?;
        Ok(())
    }

    fn finish(mut self) -> Result<Made> {
        let of = self.of_network()?;
        self.zip.schemas(&of, schema::NETWORK)?;
        let manifest = Manifest {
            format: FORMAT.into(),
            version: VERSION,
            made_at: wire_time(self.app.clock.now())?,
            instance: self.app.config.host(),
            generator: concat!("kring ", env!("CARGO_PKG_VERSION")).into(),
            network: self.network.slug.to_string(),
            with_members: self.may.with_members(),
            counts: self.counts,
            missing: self.missing,
        };
        let packed = self.zip.finish(&manifest)?.end()?;
        Ok(Made { packed, manifest })
    }
}

fn wire_network(network: &Network, founder: kring_archive::Address) -> Result<kring_archive::Network> {
    let subjects = Subjects::read(&network.municipalities, &network.themes, &network.crpd_articles);
    Ok(kring_archive::Network {
        id: wire_id(network.id.0)?,
        slug: network.slug.to_string(),
        name: network.name.to_string(),
        description: network.description.clone(),
        plain_summary: network.plain_summary.as_ref().map(ToString::to_string),
        language: network.language.to_string(),
        visibility: network.visibility.to_string(),
        join_policy: network.join_policy.to_string(),
        documents_edited_by: network.documents_edited_by.to_string(),
        state: network.state.to_string(),
        seeking_people: network.seeking_people,
        seeking_help: network.seeking_help.as_ref().map(JsonText::list),
        led_by_experts: network.led_by_experts,
        municipalities: subjects.municipalities.iter().map(ToString::to_string).collect(),
        themes: subjects.themes.iter().map(ToString::to_string).collect(),
        crpd_articles: subjects.crpd_articles,
        created_by: founder,
        created_at: wire_time(network.created_at)?,
        updated_at: wire_time(network.updated_at)?,
        archived_at: wire_time_of(network.archived_at)?,
    })
}
