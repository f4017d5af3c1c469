//! What became of the source of an adopted document, on the wire.

use kring_db::word_type;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::adoptions::LicenceView;
use super::requests::revision_number;
use super::revisions::RevisionView;
use crate::documents::actions::Upstream;

use crate::documents::merging::{SectionState, TITLE, Take, Told};
use crate::documents::model::*;
use crate::drafts::Reference;
use crate::error::{Fault, Result};
use crate::text::differences::{self, Block, BlockKind};
use crate::text::lang::Lang;
use crate::text::markdown::DOCUMENT_LIMIT;
use crate::web::fields::{lines, word};
use crate::web::{Field, Fields};

/// So many sections can be named at once.
const MOST: usize = 500;

word_type! {
    /// How an adopted document stands to its source: nothing is new, the source moved on, or it cannot be read.
    UpstreamState { Current = "current", Behind = "behind", Unavailable = "unavailable" }
}

word_type! {
    /// What becomes of a section: as the source has it, as it is here, or a text made of both.
    TakeWord { Theirs = "theirs", Mine = "mine", Text = "text" }
}

word_type! {
    /// What becomes of sections that are not named.
    OthersWord { Theirs = "theirs", Mine = "mine" }
}

/// What becomes of the sections that the source changed. A section that is neither named nor covered by `others` stays
/// undecided.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TakeOverSections {
    /// The `revision` of the source that you went through.
    #[serde(default)]
    #[schema(value_type = i64, required, minimum = 1, example = 4)]
    revision: Field<i64>,
    #[serde(default)]
    #[schema(value_type = Vec<TakeSection>, required = false, max_items = 500)]
    sections: Field<Vec<TakeSection>>,
    /// What becomes of all that are not named. `theirs` does not decide where you changed the same section too: name
    /// that one.
    #[serde(default)]
    #[schema(value_type = OthersWord, required = false, example = "mine")]
    others: Field<String>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

/// What becomes of one section.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeSection {
    /// As `…/upstream` names it.
    #[serde(default)]
    #[schema(value_type = String, required, max_length = 120, example = "doel")]
    id: Field<String>,
    /// `theirs` where left out; in a conflict you have to say it. With `mine` it comes no more, until the source
    /// changes that section again.
    #[serde(default)]
    #[schema(value_type = TakeWord, required = false)]
    take: Field<String>,
    /// The whole section with its heading (Markdown), or the title, with `take` `text`.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "## Doel\n\nTien haltes in 2026 en twee in 2027.")]
    text: Field<String>,
}

impl TakeOverSections {
    /// What is taken over, and the draft that it came from.
    pub fn parse(self) -> Result<(TakeOver, Option<Reference>)> {
        let mut f = Fields::of_body();
        let revision = f.need("revision", self.revision, revision_number);
        let sections = f.may("sections", self.sections, |list| match list.len() {
            0..=MOST => Ok(list),
            _ => Err(Fault::new("too_many_items").with("max", MOST)),
        });
        let mut read = Vec::new();
        for (place, section) in sections.unwrap_or_default().into_iter().enumerate() {
            read.extend(section.take(&mut f, place));
        }
        let others = f.may("others", self.others, word::<OthersWord>).map(|others| match others {
            OthersWord::Theirs => Take::Theirs,
            OthersWord::Mine => Take::Mine,
        });
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| Some((TakeOver { revision: revision?, sections: read, others }, draft)))
    }
}

impl TakeSection {
    fn take(self, f: &mut Fields, place: usize) -> Option<(String, Option<Take>)> {
        let id = f.need(&format!("sections/{place}/id"), self.id, |id: String| Ok(id));
        let take = f.may(&format!("sections/{place}/take"), self.take, word::<TakeWord>);
        let name = format!("sections/{place}/text");
        let given = self.text != Field::Absent && self.text != Field::Null;
        let text = f.may(&name, self.text, |text: String| lines(&text, 1, DOCUMENT_LIMIT));
        let take = match take {
            Some(TakeWord::Text) if !given => f.fault(&name, Fault::new("needs_text"))?,
            Some(TakeWord::Text) => Some(Take::Text(text?)),
            _ if given => f.fault(&name, Fault::new("only_with_text"))?,
            Some(TakeWord::Theirs) => Some(Take::Theirs),
            Some(TakeWord::Mine) => Some(Take::Mine),
            None => None,
        };
        Some((id?, take))
    }
}

/// An adopted document beside its source, section by section.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Upstream)]
pub struct UpstreamView {
    pub document: DocumentId,
    pub state: UpstreamState,
    /// The same in a plain sentence, in the language of the request.
    #[schema(example = "De bron is 2 keer veranderd sinds dit document is bijgewerkt.")]
    pub sentence: String,
    /// The source's revision that was last dealt with.
    pub seen_revision: i64,
    /// The source's newest revision: send it back when you take over. Null where the source cannot be read.
    #[schema(required)]
    pub revision: Option<i64>,
    /// Under what the source may be used now; null where it cannot be read.
    #[schema(required)]
    pub licence: Option<LicenceView>,
    /// Who changed the source since, newest first; the newest 20.
    pub changes: Vec<RevisionView>,
    pub more_changes: i64,
    /// The title, then every section in the order of the source, with those that it removed. Sections that are only
    /// yours are missing.
    pub sections: Vec<UpstreamSection>,
    /// The texts are so different that comparing them word by word would take too long: more is called replaced than
    /// was.
    pub approximate: bool,
}

/// A section of the source, and what it did with it since it was last dealt with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpstreamSection {
    /// Names it when you take over. `title` is the title, `begin` what stands before the first heading.
    #[schema(example = "doel")]
    pub id: String,
    /// In plain words; null of the title, and of what stands before the first heading.
    #[schema(required, example = "Doel")]
    pub heading: Option<String>,
    /// Of the heading, 1 to 6; 0 without one.
    pub level: i64,
    pub state: SectionState,
    /// The source put it elsewhere; it may have changed as well.
    pub moved: bool,
    /// You changed it too, in another way: say what becomes of it when you take over.
    pub conflict: bool,
    /// As the source had it when it was last dealt with. Markdown; null where there was none, and in sections that are
    /// unchanged. So are the next two.
    #[schema(required, example = "## Doel\n\nTien haltes.")]
    pub base: Option<String>,
    /// As the source has it now.
    #[schema(required, example = "## Doel\n\nTwaalf haltes.")]
    pub theirs: Option<String>,
    /// As you have it.
    #[schema(required, example = "## Doel\n\nTien haltes.")]
    pub ours: Option<String>,
    /// What the source changed, word by word.
    pub differences: Vec<Block>,
    /// What you changed, word by word, where that is a conflict.
    pub own_differences: Vec<Block>,
}

/// Compares; takes as long as comparing two whole texts.
pub fn upstream_view(upstream: Upstream, lang: Lang) -> UpstreamView {
    let adoption = &upstream.adoption;
    let mut view = UpstreamView {
        document: adoption.document_id,
        state: UpstreamState::Unavailable,
        sentence: String::new(),
        seen_revision: adoption.seen_revision,
        revision: None,
        licence: None,
        changes: Vec::new(),
        more_changes: 0,
        sections: Vec::new(),
        approximate: false,
    };
    if let Some(source) = upstream.source {
        let deadline = differences::patience();
        let merge = source.texts.merge();
        let told = std::iter::once(source.texts.title()).chain(merge.told());
        view.sections = told.map(|told| section(told, deadline)).collect();
        view.approximate = std::time::Instant::now() > deadline;
        let changed = view.sections.iter().any(|section| section.state != SectionState::Unchanged);
        view.state = if changed { UpstreamState::Behind } else { UpstreamState::Current };
        view.revision = Some(source.document.revision);
        view.licence = Some(LicenceView::of(source.document.licence, &source.document.language));
        view.changes = source.changes.into_iter().map(Into::into).collect();
        view.more_changes = source.more;
    }
    let since = view.revision.unwrap_or(0) - view.seen_revision;
    let args = [("count", since.to_string()), ("revision", view.seen_revision.to_string())];
    view.sentence = lang.say_with(&format!("upstream-{}", view.state), &args);
    view
}

fn section(told: Told<'_>, deadline: std::time::Instant) -> UpstreamSection {
    let changed = told.state != SectionState::Unchanged;
    let compared = |new: Option<&str>| -> Vec<Block> {
        let (old, new) = (told.base.unwrap_or_default(), new.unwrap_or_default());
        match told.id {
            TITLE => vec![Block {
                kind: BlockKind::Change,
                parts: differences::compare_line(old, new),
            }],
            _ => differences::compare_until(old, new, deadline).blocks,
        }
    };
    let shown = |text: Option<&str>| text.filter(|_| changed).map(str::to_owned);
    UpstreamSection {
        differences: if changed { compared(told.theirs) } else { Vec::new() },
        own_differences: if told.conflict { compared(told.ours) } else { Vec::new() },
        id: told.id.to_owned(),
        heading: told.heading.map(str::to_owned),
        level: i64::from(told.level),
        state: told.state,
        moved: told.moved,
        conflict: told.conflict,
        base: shown(told.base),
        theirs: shown(told.theirs),
        ours: shown(told.ours),
    }
}
