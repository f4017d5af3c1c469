//! Who there is before the first thread: people, networks, memberships.

use anyhow::Context as _;
use chrono::Duration;
use diesel::prelude::*;
use kring::accounts::{AccountId, Handle, LanguageTag, Password, PersonId, SessionId, SignedIn};
use kring::app::App;
use kring::documents::{self, Body, DocumentKind, DocumentText, Licence, NewDocument, Title};
use kring::error::Result;
use kring::networks::*;
use kring::text::lang::Lang;
use kring::web::server;
use kring_db::schema::{networks, persons};
use kring_db::{Conn, Time, Tx};

use super::text::{self, Chance};
use super::{NETWORKS, PASSWORD, Sizes, WEEKS, handle, id, rows, slug};

/// What threads are written into.
pub struct World {
    pub sizes: Sizes,
    /// Ids of the networks.
    pub networks: Vec<i64>,
    /// Ids of the persons.
    persons: Vec<i64>,
    /// How many members each network has.
    pub members: usize,
    /// When the first thread was started, and how long until the next.
    pub begin: Time,
    pub step: Duration,
}

/// Where and when a thread is started.
#[derive(Clone, Copy)]
pub struct Spot {
    /// The thread's own.
    pub number: usize,
    pub network: usize,
    /// Among those of its network.
    pub place: usize,
    pub created_at: Time,
    pub pinned: bool,
}

impl World {
    /// The one that was made at about `now`.
    pub fn of(conn: &mut Conn, sizes: Sizes, now: Time) -> Result<Self> {
        Ok(Self {
            networks: networks::table.order(networks::slug).select(networks::id).load(conn)?,
            persons: persons::table.order(persons::handle).select(persons::id).load(conn)?,
            ..Self::empty(sizes, now)
        })
    }

    fn empty(sizes: Sizes, now: Time) -> Self {
        Self {
            sizes,
            networks: Vec::new(),
            persons: Vec::new(),
            members: sizes.persons / NETWORKS * 3,
            begin: now - Duration::weeks(WEEKS),
            // The last thread leaves time for its replies.
            step: span() / sizes.threads as i32,
        }
    }

    /// Of thread `number` of all.
    pub fn spot(&self, number: usize) -> Spot {
        let place = number / NETWORKS;
        Spot {
            number,
            network: number % NETWORKS,
            place,
            created_at: self.begin + self.step * number as i32,
            pinned: place + 2 >= self.sizes.threads / NETWORKS,
        }
    }

    /// Of thread `number` of those `more` that the first network has beyond the others.
    pub fn further(&self, number: usize, more: usize) -> Spot {
        Spot {
            number: self.sizes.threads + number,
            network: 0,
            place: number,
            created_at: self.begin + span() / more as i32 * number as i32,
            pinned: false,
        }
    }

    /// Member `number` of a network, counted round: 0 coordinates, 1 and 2 founded it too.
    pub fn member(&self, network: usize, number: usize) -> i64 {
        self.persons[member(network, number % self.members)]
    }
}

/// How long threads are started, from the first to the last.
fn span() -> Duration {
    Duration::weeks(WEEKS) - Duration::days(2)
}

/// The person who is member `number` of `network`.
fn member(network: usize, number: usize) -> usize {
    let first = [network, network + 13, network + 7][number % 3] % NETWORKS;
    number / 3 * NETWORKS + first
}

/// The one hash that all accounts share: making one takes as long as writing a hundred.
pub fn password_hash(app: &App) -> anyhow::Result<String> {
    let password = Password::parse(PASSWORD.into()).ok().context("the password is refused")?;
    Ok(server::block_on(app.hashing.hash(&password))?)
}

/// Writes people, networks and memberships.
pub fn make(tx: &mut Tx, app: &App, sizes: Sizes, hash: &str) -> Result<World> {
    let mut world = World::empty(sizes, app.clock.now());
    let begin = world.begin;
    let early = begin - Duration::days(1);
    add_persons(tx, &mut world, early, hash)?;
    for number in 0..NETWORKS {
        add_network(tx, app, &mut world, number, early)?;
    }
    add_members(tx, &world, early)?;
    add_documents(tx, app, &world, 8, begin)?;
    Ok(world)
}

fn add_persons(tx: &mut Tx, world: &mut World, created_at: Time, hash: &str) -> Result<()> {
    world.persons = (0..world.sizes.persons).map(|number| id(created_at, number)).collect();
    let persons: Vec<rows::Person> = world
        .persons
        .iter()
        .enumerate()
        .map(|(number, id)| rows::Person {
            id: *id,
            handle: handle(number),
            host: "",
            display_name: format!("Lid {number} de Vries"),
            bio: "Ik rijd in een rolstoel en denk graag mee.",
            languages: r#"["nl"]"#,
            created_at,
        })
        .collect();
    rows::put_persons(tx, &persons)?;
    let accounts: Vec<rows::Account> = world
        .persons
        .iter()
        .enumerate()
        .map(|(number, id)| rows::Account {
            id: *id,
            person_id: *id,
            email: format!("{}@example.org", handle(number)),
            email_key: format!("{}@example.org", handle(number)),
            email_verified_at: created_at,
            password_hash: hash,
            language: "nl",
            role: "member",
            approved_at: created_at,
            expert_by_experience: number % 2 == 0,
            created_at,
        })
        .collect();
    rows::put_accounts(tx, &accounts)?;
    Ok(())
}

/// The member 0 of a network, as if signed in.
fn coordinator(world: &World, network: usize) -> Result<SignedIn> {
    let number = member(network, 0);
    Ok(SignedIn {
        account: AccountId(world.persons[number]),
        person: PersonId(world.persons[number]),
        session: SessionId(0),
        handle: Handle::parse(handle(number)).map_err(|fault| fault.at("handle"))?,
        admin: false,
    })
}

/// So many documents of each network, a day apart from `first` on, by the rules of their domain.
pub fn add_documents(tx: &mut Tx, app: &App, world: &World, count: usize, first: Time) -> Result<()> {
    for network in 0..NETWORKS {
        let who = coordinator(world, network)?;
        let slug = Slug::parse(slug(network)).map_err(|fault| fault.at("slug"))?;
        for number in 0..count {
            let cx = app.context().at(first + Duration::days(1) * number as i32);
            let mut chance = Chance((network * count + number) as u64);
            let new = NewDocument {
                kind: DocumentKind::ALL[number % DocumentKind::ALL.len()],
                text: DocumentText {
                    title: Title::parse(text::title(&mut chance)).map_err(|fault| fault.at("title"))?,
                    body: Body::parse(text::document_body(&mut chance)).map_err(|fault| fault.at("body"))?,
                    plain_summary: None,
                    language: None,
                },
                subjects: Subjects::default(),
                licence: Licence::default(),
                attachments: Vec::new(),
            };
            documents::create_for_demo(tx, &cx, &who, &slug, &new)?;
        }
    }
    Ok(())
}

/// A network with its coordinator and two more founders, by the rules of its domain.
fn add_network(tx: &mut Tx, app: &App, world: &mut World, number: usize, at: Time) -> Result<()> {
    let cx = app.context().at(at);
    let who = coordinator(world, number)?;
    let new = NewNetwork {
        copies: kring::peers::Copies::Documents,
        federation: kring::peers::Choice::none(),
        slug: Slug::parse(slug(number)).map_err(|fault| fault.at("slug"))?,
        name: NetworkName::parse(format!("Netwerk {} voor toegankelijkheid", number + 1))
            .map_err(|fault| fault.at("name"))?,
        plain_summary: None,
        description: "Hier delen ervaringsdeskundigen en gemeenten wat werkt.".into(),
        language: LanguageTag::of(Lang::Nl),
        visibility: Visibility::Public,
        join_policy: JoinPolicy::Open,
        documents_edited_by: EditedBy::Members,
        seeking_people: number.is_multiple_of(2),
        seeking_help: None,
        led_by_experts: true,
        subjects: Subjects::default(),
    };
    let network = propose(tx, &cx, &who, &new)?;
    for founder in 1..3 {
        let person = PersonId(world.persons[member(number, founder)]);
        let membership = Membership {
            id: MembershipId(0),
            network_id: network.id,
            person_id: person,
            role: MemberRole::Member,
            state: MemberState::Active,
            founder: true,
            capacity: None,
            organisation: None,
            shows_experience: founder == 1,
            shown: true,
            message: String::new(),
            invited_by: None,
            joined_at: Some(at),
            created_at: at,
            updated_at: at,
        };
        join_for_demo(tx, &cx, network.id, person, &membership)?;
    }
    world.networks.push(network.id.0);
    Ok(())
}

/// All other members: counting anew after each, as joining does, would take longer with every one.
fn add_members(tx: &mut Tx, world: &World, at: Time) -> Result<()> {
    let mut members = Vec::new();
    for (network, network_id) in world.networks.iter().enumerate() {
        members.extend((3..world.members).map(|number| rows::Membership {
            // A second later: the founders' ids are drawn by chance.
            id: id(at + Duration::seconds(1), network * world.members + number),
            network_id: *network_id,
            person_id: world.member(network, number),
            role: if number < 6 { "facilitator" } else { "member" },
            state: "active",
            founder: false,
            shows_experience: number % 4 == 0,
            message: "",
            joined_at: at,
            created_at: at,
            updated_at: at,
        }));
    }
    rows::put_memberships(tx, &members)?;
    diesel::update(networks::table)
        .set(networks::member_count.eq(world.members as i64))
        .execute(tx.conn())?;
    Ok(())
}

/// Everybody gets a digest every week, the next at `next_at`, of what came after `position`.
pub fn add_digests(tx: &mut Tx, world: &World, position: i64, next_at: Time) -> Result<()> {
    let wishes: Vec<rows::DigestPreference> = world
        .persons
        .iter()
        .map(|person_id| rows::DigestPreference {
            person_id: *person_id,
            frequency: "weekly",
            weekday: "tuesday",
            hour: 9,
            time_zone: "Europe/Amsterdam",
            position,
            next_at,
        })
        .collect();
    rows::put_digest_preferences(tx, &wishes)?;
    Ok(())
}
