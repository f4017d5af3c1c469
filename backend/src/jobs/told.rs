//! The mail that tells somebody how long work ended that they asked for: whoever has a slow connection, or tires soon,
//! need not come back time and again to look.

use chrono::Duration;
use kring_db::{Time, Tx};
use serde_json::Value;

use super::asked::{self, AskedId, AskedKind, AskedState, JobView};
use crate::accounts::{self, Recipient};
use crate::app::Context;
use crate::digests;
use crate::error::Result;
use crate::mail::{self, Letter, Notice};
use crate::text::dates;
use crate::web::links;

/// Of what ended sooner than this nothing is mailed: whoever asked is still there, and sees it.
const PATIENCE: Duration = Duration::minutes(1);

/// Writes it, in the transaction of the end. Not to who wants no mail, or closed their account.
pub(super) fn tell(tx: &mut Tx, cx: &Context, id: AskedId) -> Result<()> {
    let Some(asked) = asked::by_id(tx, id)? else { return Ok(()) };
    let (Some(account), Some(ended)) = (asked.account_id, asked.finished_at) else { return Ok(()) };
    if asked.created_at > ended - PATIENCE {
        return Ok(());
    }
    let Some(who) = accounts::acting(tx, account)? else { return Ok(()) };
    let Some(to) = accounts::recipient(tx, who.person)? else { return Ok(()) };
    if !digests::wants_mail(tx, cx, to.person)? {
        return Ok(());
    }
    let stop = links::unsubscribe(cx.config(), &digests::unsubscribe_word(cx, to.person));
    let notice = notice(cx, &to, &JobView::of(asked, to.language), &stop);
    let mut letter = Letter::notice("job", Some(to.person), (to.name.as_str(), to.email.as_str()), &notice)?;
    letter.headers = mail::unsubscribing(&stop);
    mail::queue(tx, cx, letter)
}

fn notice(cx: &Context, to: &Recipient, job: &JobView, stop: &str) -> Notice {
    let say = |key: &str| to.language.say(key);
    let how = if job.state == AskedState::Done { "done" } else { "failed" };
    // It names no network: who looks over their shoulder learns of no hidden one.
    let subject = say(&format!("mail-job-{}-{how}", job.kind));
    let mut paragraphs = vec![
        digests::greeting(to.language, to.name.as_str()),
        say(&format!("mail-job-{}-{how}-text", job.kind)),
    ];
    paragraphs.extend(more(cx, to, job));
    Notice {
        lang: to.language,
        heading: subject.clone(),
        subject,
        paragraphs,
        action: network(job).map(|slug| (say("mail-job-network"), links::network(cx.config(), slug))),
        word: None,
        footer: say("mail-job-why"),
        stop: Some((say("mail-job-stop"), stop.to_owned())),
    }
}

/// Where a file is to be had, and until when; or what went wrong.
fn more(cx: &Context, to: &Recipient, job: &JobView) -> Option<String> {
    if let Some(problem) = &job.problem {
        return Some(problem["detail"].as_str()?.to_owned());
    }
    let result = job.result.as_ref()?;
    let address = match job.kind {
        AskedKind::NetworkArchive | AskedKind::AccountExport => result["location"].as_str()?,
        AskedKind::DocumentImport | AskedKind::NetworkImport => return None,
    };
    let until: Time = serde_json::from_value(result["expiresAt"].clone()).ok()?;
    let until = dates::day(to.language, until.utc().with_timezone(&cx.config().time_zone));
    let args = [("address", cx.config().public(address)), ("until", until)];
    Some(to.language.say_with("mail-job-file", &args))
}

/// The network into which something was brought.
fn network(job: &JobView) -> Option<&str> {
    let address = job.result.as_ref().and_then(|result| result.get("location")).and_then(Value::as_str)?;
    address.strip_prefix("/v1/networks/")?.split('/').next()
}
