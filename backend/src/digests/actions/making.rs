//! Making digests, and showing them.

use chrono::Duration;
use kring_db::{Conn, JsonText, Time, Tx};

use super::{next_free, word_hash};
use crate::accounts::{self, Handle, SignedIn};
use crate::app::Context;
use crate::digests::collect::{self, News};
use crate::digests::model::*;
use crate::digests::sheet::{Around, Reader, Sheet};
use crate::digests::waiting::{Waiting, waiting_for};
use crate::digests::{mail, queries};
use crate::error::{Error, NOT_FOUND, Result};
use crate::help;
use crate::jobs::outbox;
use crate::mail::MailId;
use crate::text::lang::Lang;

/// How long the links of a digest let its owner read without signing in.
const READS_FOR: Duration = Duration::days(60);

/// Makes the digest of a person whose moment came by `now`, with its mail, and moves them on: all in `tx`, so all or
/// nothing. `None` where there is nothing to tell, nobody to tell it to, or another run was first.
pub fn make(tx: &mut Tx, cx: &Context, known: &Preferences, now: Time) -> Result<Option<MailId>> {
    let person = known.person_id;
    let schedule = known.wish.schedule();
    let Some(moment) = schedule.latest(now) else { return Ok(None) };
    let next_at = next_free(tx, person, &schedule, now)?.map(|moment| moment.at);
    // A period that had its digest brings no second one; what has arrived since waits for the next.
    let again = queries::has_digest(tx, person, &moment.period)?;
    let until = if again {
        known.position
    } else {
        known.position.max(outbox::last_position(tx)?)
    };
    // From here on the person's row is this transaction's.
    if !queries::advance(tx, known, until, next_at)? || again {
        return Ok(None);
    }
    let Some(to) = accounts::recipient(tx, person)? else { return Ok(None) };
    let Some(told) = told(tx, cx, known, until)? else { return Ok(None) };
    let word = cx.secret();
    let reader = (to.language, Reader::of(cx.config(), &to));
    let sheet = Sheet::of(tx, cx.config(), reader, &told.news, Some(&told.waiting), Some(&word))?;
    let around = Around::of(cx, to.language, &to, &known.wish, Some(&word));
    let mail_id = mail::queue(tx, cx, &to, &sheet, &around)?;
    let digest = Digest {
        id: cx.id(),
        person_id: person,
        period_key: moment.period,
        due_at: moment.at,
        from_position: known.position,
        to_position: until,
        language: to.language,
        contents: JsonText::of(&told.contents),
        mail_id,
        word_expires_at: cx.now() + READS_FOR,
        word_revoked_at: None,
        created_at: cx.now(),
    };
    queries::insert(tx, &digest, &word_hash(&word))?;
    help::mark_told(tx, person, &told.waiting.help)?;
    Ok(Some(mail_id))
}

/// What a digest is made of.
struct Told {
    contents: Contents,
    news: News,
    waiting: Waiting,
}

/// What there is to tell a person now, of what arrived up to `until`; `None` where nothing is new to them, whatever
/// waits.
fn told(conn: &mut Conn, cx: &Context, known: &Preferences, until: i64) -> Result<Option<Told>> {
    let person = known.person_id;
    let (mine, own) = collect::networks_of(conn, person)?;
    let mut contents = collect::collect(conn, person, &mine, known.position, until)?;
    let news = collect::read(conn, person, &mine, &contents)?;
    if news.is_empty() {
        return Ok(None);
    }
    let waiting = waiting_for(conn, person, &mine, &own, cx.now())?;
    contents.waiting = waiting.networks();
    Ok(Some(Told { contents, news, waiting }))
}

/// A digest that was not sent.
pub struct Preview {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The digest a person would get now; `None` where there is nothing to tell, 404 where nobody could get it.
pub fn preview(conn: &mut Conn, cx: &Context, handle: &Handle) -> Result<Option<Preview>> {
    let person = accounts::person_by_handle(conn, handle)?.ok_or(NOT_FOUND)?;
    let to = accounts::recipient(conn, person.id)?.ok_or(NOT_FOUND)?;
    let Some(known) = queries::preferences(conn, person.id)? else { return Ok(None) };
    let until = outbox::last_position(conn)?;
    let Some(told) = told(conn, cx, &known, until)? else { return Ok(None) };
    let reader = (to.language, Reader::of(cx.config(), &to));
    let sheet = Sheet::of(conn, cx.config(), reader, &told.news, Some(&told.waiting), None)?;
    let around = Around::of(cx, to.language, &to, &known.wish, None);
    Ok(Some(Preview {
        text: mail::text(&sheet, &around)?,
        html: mail::html(&sheet, &around)?,
        subject: sheet.subject,
    }))
}

/// The caller's digests, newest first.
pub fn list(conn: &mut Conn, who: &SignedIn, after: Option<DigestId>, limit: i64) -> Result<Vec<Digest>> {
    queries::list(conn, who.person, after, limit)
}

/// One of the caller's digests, and what of it there is to read now.
pub fn digest(conn: &mut Conn, who: &SignedIn, id: DigestId) -> Result<(Digest, News)> {
    let digest =
        queries::digest(conn, id)?.filter(|digest| digest.person_id == who.person).ok_or(NOT_FOUND)?;
    let news = news_of(conn, &digest)?;
    Ok((digest, news))
}

fn news_of(conn: &mut Conn, digest: &Digest) -> Result<News> {
    let contents: Contents = digest.contents.read().map_err(Error::internal)?;
    let (mine, _) = collect::networks_of(conn, digest.person_id)?;
    collect::read(conn, digest.person_id, &mine, &contents)
}

/// The digest whose links hold `word`, in words of `lang`, with what of it its owner may read now: empty where
/// nothing is left. What waits for them is not for the word to tell: it opens networks that they belong to, to read.
/// `None` where the word was never sent, has expired or was revoked.
pub fn sheet_by_word(conn: &mut Conn, cx: &Context, word: &str, lang: Lang) -> Result<Option<Sheet>> {
    let Some(digest) = queries::by_word(conn, &word_hash(word), cx.now())? else { return Ok(None) };
    let news = news_of(conn, &digest)?;
    let owner = accounts::recipient(conn, digest.person_id)?;
    let reader = owner.map_or(Reader::Full, |owner| Reader::of(cx.config(), &owner));
    Sheet::of(conn, cx.config(), (lang, reader), &news, None, Some(word)).map(Some)
}
