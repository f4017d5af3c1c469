//! What became of the source of an adopted document, and taking it over.

use kring_db::{Conn, JsonText, Tx};

use super::revisions::{Words, hold, write};
use super::{InNetwork, find};
use crate::accounts::{self, PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::copying::{self, Copied};
use crate::attachments::{Attachment, AttachmentId, Target};
use crate::documents::merging::Take;
use crate::documents::model::*;
use crate::documents::policy::{self, MayEdit};
use crate::documents::queries;
use crate::documents::upstream::{Dealt, Texts};
use crate::error::{Code, Error, Fault, Result};
use crate::web::IfMatch;

/// Revisions of the source that are told of; the others are counted.
const CHANGES: i64 = 20;

/// An adopted document and its source.
pub struct Upstream {
    pub place: InNetwork,
    pub adoption: Adoption,
    /// `None` where the viewer cannot read it: it is hidden now, of another instance, or gone.
    pub source: Option<SourceNow>,
}

/// The source as it is now.
pub struct SourceNow {
    pub document: Document,
    /// What was written since it was last dealt with, newest first.
    pub changes: Vec<RevisionRow>,
    pub more: i64,
    pub texts: Texts,
}

/// An adopted document beside its source.
pub fn upstream(conn: &mut Conn, viewer: &Viewer, id: DocumentId) -> Result<Upstream> {
    let place = find(conn, viewer, id)?;
    let adoption = adoption_of(conn, id)?;
    let Some(source) = source_of(conn, viewer, &adoption)? else {
        return Ok(Upstream { place, adoption, source: None });
    };
    let newest = source.row.0.revision;
    // A source that was brought back from an archive may be behind what we saw of it.
    let since = (newest - adoption.seen_revision).max(0);
    let mut changes = match since {
        0 => Vec::new(),
        since => queries::revisions(conn, &source.may_read, source.row.0.id, None, since.min(CHANGES))?,
    };
    changes.truncate(since.min(CHANGES) as usize);
    let texts = texts(conn, &place, &source, newest, &[])?;
    let more = since - changes.len() as i64;
    let source = SourceNow { document: source.row.0, changes, more, texts };
    Ok(Upstream { place, adoption, source: Some(source) })
}

fn adoption_of(conn: &mut Conn, id: DocumentId) -> Result<Adoption> {
    Ok(queries::adoptions_of(conn, &[id])?.pop().ok_or(Code::NotAdopted)?)
}

/// The source, where it is here and the viewer may read it.
fn source_of(conn: &mut Conn, viewer: &Viewer, adoption: &Adoption) -> Result<Option<InNetwork>> {
    if !adoption.source_host.is_empty() {
        return Ok(None);
    }
    match find(conn, viewer, adoption.source_id) {
        Ok(source) => Ok(Some(source)),
        Err(Error::Rule(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What is compared: of the source its revision `number`, with the files that were copied for it.
fn texts(
    conn: &mut Conn,
    place: &InNetwork,
    source: &InNetwork,
    number: i64,
    copies: &[Copied],
) -> Result<Texts> {
    let (id, its) = (place.row.0.id, source.row.0.id);
    let title = match number == source.row.0.revision {
        true => source.row.0.title.clone(),
        false => queries::revision(conn, &source.may_read, its, number)?.ok_or(Code::SourceGone)?.0.title,
    };
    let mut files = queries::adopted_files(conn, id)?;
    files.extend(copies.iter().map(|copied| (copied.of.id, copied.id)));
    let theirs = copying::with_copies(&queries::long_text(conn, its, number)?.body, files);
    let ours = queries::long_text(conn, id, place.row.0.revision)?.body;
    Ok(Texts {
        base: queries::base(conn, id)?,
        theirs: Base { title, body: theirs },
        ours: Base { title: place.row.0.title.clone(), body: ours },
    })
}

/// Files that the source shows in its revision `number` and that were not copied yet.
pub fn prepare_take_over(
    conn: &mut Conn,
    viewer: &Viewer,
    id: DocumentId,
    number: i64,
) -> Result<Vec<Attachment>> {
    viewer.signed_in()?;
    let place = find(conn, viewer, id)?;
    // Before anything is copied.
    policy::may_edit(&place.standing())?;
    let adoption = adoption_of(conn, id)?;
    let source = source_of(conn, viewer, &adoption)?.ok_or(Code::SourceGone)?;
    policy::may_carry(&source.row.0, &source.network, &place.network)?;
    number_known(&adoption, &source, number)?;
    let text = queries::long_text(conn, source.row.0.id, number)?;
    let known = queries::adopted_files(conn, id)?;
    let new = copying::shown_in(&text.body).into_iter();
    let new: Vec<AttachmentId> = new.filter(|file| !known.iter().any(|(of, _)| of == file)).collect();
    copying::copyable(conn, &source.may_read, source.network.id, &new)
}

/// What was gone through is no older than what was dealt with, and no newer than what there is.
fn number_known(adoption: &Adoption, source: &InNetwork, number: i64) -> Result<()> {
    let newest = source.row.0.revision;
    if (adoption.seen_revision.min(newest)..=newest).contains(&number) {
        Ok(())
    } else {
        Err(Fault::new("unknown_revision").at("/revision"))
    }
}

/// Takes sections of the source over, or turns them down: a new revision where that changes our words.
pub fn take_over(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    (known, copies): (&IfMatch, &[Copied]),
    wish: &TakeOver,
) -> Result<InNetwork> {
    let viewer = Viewer::SignedIn(who.clone());
    let (may, place) = hold(tx, who, id, known)?;
    let adoption = adoption_of(tx, id)?;
    let source = source_of(tx, &viewer, &adoption)?.ok_or(Code::SourceGone)?;
    policy::may_carry(&source.row.0, &source.network, &place.network)?;
    number_known(&adoption, &source, wish.revision)?;
    let texts = texts(tx, &place, &source, wish.revision, copies)?;
    let mut dealt = texts.deal(wish)?;
    keep_files(tx, cx, &may, (id, copies), &mut dealt)?;
    revise(tx, cx, &may, &place, &dealt)?;
    let after = Adoption {
        seen_revision: if dealt.done { wish.revision } else { adoption.seen_revision },
        authors: JsonText::of(&authors(tx, &adoption, &source, wish.revision)?),
        ..adoption.clone()
    };
    let same_words = find(tx, &viewer, id)?.row.0.revision == place.row.0.revision;
    if same_words && (dealt.base != texts.base || after.seen_revision != adoption.seen_revision) {
        // What is told of the source changed: whoever looked at it before looks again.
        let moved = Document { version: place.row.0.version + 1, ..place.row.0.clone() };
        queries::set_labels(tx, &may, &moved)?;
    }
    queries::set_dealt(tx, &may, &after, &dealt.base)?;
    find(tx, &viewer, id)
}

/// Our document as it is now with what somebody wrote for sections of it; `None` where they wrote nothing and only chose.
/// Where a section is no longer there to be decided about, what was written for it stands at the end.
pub(super) fn written(
    conn: &mut Conn,
    who: &SignedIn,
    id: DocumentId,
    wish: &TakeOver,
) -> Result<Option<Base>> {
    let wrote = |(section, take): &(String, Option<Take>)| match take {
        Some(Take::Text(text)) => Some((section.clone(), text.clone())),
        _ => None,
    };
    let wrote: Vec<(String, String)> = wish.sections.iter().filter_map(wrote).collect();
    if wrote.is_empty() {
        return Ok(None);
    }
    let viewer = Viewer::SignedIn(who.clone());
    let place = find(conn, &viewer, id)?;
    let adoption = adoption_of(conn, id)?;
    let source = source_of(conn, &viewer, &adoption)?.ok_or(Code::SourceGone)?;
    let mut texts = texts(conn, &place, &source, wish.revision, &[])?;
    for (section, text) in wrote {
        // One at a time: what no longer fits leaves the others where they belong.
        let one = TakeOver {
            revision: wish.revision,
            sections: vec![(section, Some(Take::Text(text.clone())))],
            others: None,
        };
        match texts.deal(&one) {
            Ok(dealt) => texts.ours = Base { title: dealt.title, body: dealt.body },
            Err(_) => texts.ours.body = format!("{}\n\n{text}", texts.ours.body.trim_end()),
        }
    }
    Ok(Some(texts.ours))
}

/// Keeps the copies that our text shows now. The others go, and what was turned down names the source's again.
fn keep_files(
    tx: &mut Tx,
    cx: &Context,
    may: &MayEdit,
    (id, copies): (DocumentId, &[Copied]),
    dealt: &mut Dealt,
) -> Result<()> {
    let shown = copying::shown_in(&dealt.body);
    let (kept, others): (Vec<Copied>, Vec<Copied>) =
        copies.iter().cloned().partition(|copied| shown.contains(&copied.id));
    copying::keep_copies(tx, cx, may.contributing(), &kept, Target::document(id.0))?;
    for copied in kept {
        queries::add_adopted_file(tx, may.contributing(), id, copied.of.id, copied.id)?;
    }
    let back = others.into_iter().map(|copied| (copied.id, copied.of.id));
    dealt.base.body = copying::with_copies(&dealt.base.body, back);
    Ok(())
}

fn revise(tx: &mut Tx, cx: &Context, may: &MayEdit, place: &InNetwork, dealt: &Dealt) -> Result<()> {
    let body = Body::parse(dealt.body.clone()).map_err(|fault| fault.at("/sections"))?;
    let (rendered, _) = accounts::with_mentions(tx, cx, &body.markdown, &body.rendered)?;
    let words = Words {
        title: dealt.title.clone(),
        plain_summary: place.row.0.plain_summary.clone(),
        language: place.row.0.language.clone(),
        text: LongText { body: body.markdown, body_html: rendered.html },
        // Others wrote it, elsewhere: whoever it mentions was told then.
        mentions: Vec::new(),
        restored_from: None,
    };
    write(tx, cx, may, place, words)
}

/// Who is credited: those of before, and whoever wrote the source since.
fn authors(tx: &mut Tx, adoption: &Adoption, source: &InNetwork, number: i64) -> Result<Vec<PersonId>> {
    let mut authors = adoption.authors();
    for author in queries::authors_until(tx, source.row.0.id, number)? {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    Ok(authors)
}
