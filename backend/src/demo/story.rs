//! The demo as a story: everything that happened, in order of time.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use kring_db::Time;

use super::content::{
    Adoption, Content, Document, MailMember, Member, Network, Offer, Person, Reply, Revision, Template,
    Thread, Variant,
};
use crate::threads::ReactionKind;

/// One thing that somebody did.
pub struct Step<'a> {
    pub at: Time,
    pub what: What<'a>,
}

impl Step<'_> {
    /// What it is, for who has to mend it.
    pub fn place(&self) -> String {
        match &self.what {
            What::Register(person) => format!("registering {}", person.handle),
            What::Propose(network) => format!("proposing {}", network.slug),
            What::Join(network, member) => format!("{} joining {}", member.handle, network.slug),
            What::ReadByMail(network, member) => format!("{} reading {}", member.email, network.slug),
            What::Start(_, _, thread) => format!("the thread {:?}", thread.title),
            What::Reply(_, reply) => format!("a reply of {}, {} days ago", reply.author, reply.days_ago),
            What::Write(_, _, _, revision) | What::Revise(_, revision) => {
                format!("the document {:?}", revision.title)
            }
            What::Offer(offer) => format!("an offer of {}", offer.person),
            What::Arrange(template) => format!("the template {}", template.id),
            What::Vary(_, _, _, variant) => format!("the document {:?}", variant.title),
            What::Adopt(network, _, adoption) => format!("{} adopting {}", network.slug, adoption.of),
            What::React { person, .. } => format!("a reaction of {person}"),
        }
    }
}

/// What somebody did. Threads and documents are numbered through all networks, replies named within their thread.
pub enum What<'a> {
    Register(&'a Person),
    Propose(&'a Network),
    Join(&'a Network, &'a Member),
    ReadByMail(&'a Network, &'a MailMember),
    Start(&'a Network, usize, &'a Thread),
    Reply(usize, &'a Reply),
    React {
        person: &'a str,
        kind: ReactionKind,
        thread: usize,
        reply: Option<&'a str>,
    },
    Write(&'a Network, usize, &'a Document, &'a Revision),
    Revise(usize, &'a Revision),
    Offer(&'a Offer),
    Arrange(&'a Template),
    /// The document is a variant of the other one.
    Vary(&'a Network, usize, usize, &'a Variant),
    Adopt(&'a Network, usize, &'a Adoption),
}

/// Turns days ago into moments.
struct Calendar {
    today: NaiveDate,
    zone: Tz,
}

impl Calendar {
    /// On the day that ended so many days before today began, between half past seven in the morning and half past ten
    /// at night: nobody in the demo writes at four. Earlier stays earlier.
    fn at(&self, days_ago: f64) -> Time {
        const MORNING: TimeDelta = TimeDelta::minutes(7 * 60 + 30);
        const SECONDS_AWAKE: f64 = 15.0 * 3600.0;
        let whole = days_ago.max(0.0).floor();
        let passed = TimeDelta::seconds(((whole + 1.0 - days_ago.max(0.0)) * SECONDS_AWAKE) as i64);
        let day = self.today - Days::new(whole as u64 + 1);
        let local = day.and_time(NaiveTime::MIN) + MORNING + passed;
        // Clocks change at night, so there is always one such moment.
        let moment = self.zone.from_local_datetime(&local).earliest();
        Time::at(moment.map_or_else(|| local.and_utc(), |moment| moment.to_utc()))
    }
}

/// Everything that happened up to now, by the clocks of `zone`.
pub fn tell(content: &Content, now: Time, zone: Tz) -> Vec<Step<'_>> {
    let calendar = Calendar { today: now.utc().with_timezone(&zone).date_naive(), zone };
    let mut story = Story { calendar, steps: Vec::new(), threads: 0, documents: 0 };
    for person in &content.persons {
        story.person(content, person);
    }
    for network in &content.networks {
        story.network(network);
    }
    for offer in &content.offers {
        story.add(offer.days_ago, What::Offer(offer));
    }
    for template in &content.templates {
        story.add(template.days_ago, What::Arrange(template));
    }
    // Stable: what happened in the same moment stays in the order above.
    story.steps.sort_by_key(|step| step.at);
    story.steps
}

struct Story<'a> {
    calendar: Calendar,
    steps: Vec<Step<'a>>,
    threads: usize,
    documents: usize,
}

impl<'a> Story<'a> {
    fn add(&mut self, days_ago: f64, what: What<'a>) {
        self.steps.push(Step { at: self.calendar.at(days_ago), what });
    }

    /// Registers the day before joining the first network; whoever joins none, as the first of all.
    fn person(&mut self, content: &Content, person: &'a Person) {
        let members = content.networks.iter().flat_map(|network| &network.members);
        let joined = members.filter(|member| member.handle == person.handle).map(|m| m.joined_days_ago);
        let first = joined.fold(None, |first: Option<f64>, days| Some(first.map_or(days, |it| it.max(days))));
        let founded = content.networks.iter().map(|network| network.created_days_ago).fold(0.0, f64::max);
        self.add(first.unwrap_or(founded + 1.0) + 1.0, What::Register(person));
    }

    fn network(&mut self, network: &'a Network) {
        self.add(network.created_days_ago, What::Propose(network));
        for member in &network.members {
            self.add(member.joined_days_ago, What::Join(network, member));
        }
        for member in &network.mail_members {
            self.add(member.joined_days_ago, What::ReadByMail(network, member));
        }
        for thread in &network.threads {
            self.thread(network, thread);
        }
        for document in &network.documents {
            let number = self.documents;
            self.documents += 1;
            for (place, revision) in document.revisions.iter().enumerate() {
                let what = match place {
                    0 => What::Write(network, number, document, revision),
                    _ => What::Revise(number, revision),
                };
                self.add(revision.days_ago, what);
            }
            for variant in &document.variants {
                let its = self.documents;
                self.documents += 1;
                self.add(variant.days_ago, What::Vary(network, its, number, variant));
            }
        }
        for adoption in &network.adoptions {
            let number = self.documents;
            self.documents += 1;
            self.add(adoption.days_ago, What::Adopt(network, number, adoption));
            for revision in &adoption.revisions {
                self.add(revision.days_ago, What::Revise(number, revision));
            }
        }
    }

    fn thread(&mut self, network: &'a Network, thread: &'a Thread) {
        let number = self.threads;
        self.threads += 1;
        self.add(thread.days_ago, What::Start(network, number, thread));
        let reactions = [&thread.thanks, &thread.recognise, &thread.more];
        self.reactions(network, thread.days_ago, (number, None), reactions);
        for reply in &thread.replies {
            self.add(reply.days_ago, What::Reply(number, reply));
            let reactions = [&reply.thanks, &reply.recognise, &reply.more];
            self.reactions(network, reply.days_ago, (number, Some(&reply.id)), reactions);
        }
    }

    /// Reactions come within the hour, or when somebody who joined later reads back.
    fn reactions(
        &mut self,
        network: &Network,
        written: f64,
        (thread, reply): (usize, Option<&'a str>),
        persons: [&'a Vec<String>; 3],
    ) {
        let kinds = [ReactionKind::Thanks, ReactionKind::Recognise, ReactionKind::More];
        for (kind, person) in
            kinds.iter().zip(persons).flat_map(|(k, list)| list.iter().map(move |p| (*k, p)))
        {
            let joined = network.members.iter().find(|member| member.handle == *person);
            let days_ago = joined.map_or(written, |member| member.joined_days_ago.min(written - 0.05));
            self.add(days_ago, What::React { person, kind, thread, reply });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_order_are_past_and_by_day() {
        let now: Time = "2026-11-25T00:10:00Z".parse().expect("a time");
        let zone = chrono_tz::Europe::Amsterdam;
        let calendar = Calendar { today: now.utc().with_timezone(&zone).date_naive(), zone };
        let days: Vec<f64> = (0..4000).map(|step| 200.0 - f64::from(step) * 0.05).collect();
        let moments: Vec<Time> = days.iter().map(|days| calendar.at(*days)).collect();
        assert!(moments.windows(2).all(|pair| pair[0] <= pair[1]));
        for moment in moments {
            let hour = moment.utc().with_timezone(&zone).format("%H:%M").to_string();
            assert!(moment < now && hour.as_str() >= "07:30" && hour.as_str() <= "22:30", "{moment} {hour}");
        }
    }
}
