//! The types of imports.

use kring_convert::{Converted, Loss, Piece};
use serde::{Deserialize, Serialize};

use crate::accounts::LanguageTag;
use crate::attachments::{AttachmentId, Stored};
use crate::documents::{self, Body, DocumentKind, DocumentText, Licence, NewDocument, Title};
use crate::error::{Error, Result};
use crate::networks::{Slug, Subjects};
use crate::text::lang::Lang;
use crate::text::markdown;

/// How a file is to become a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wish {
    pub network: Slug,
    pub kind: DocumentKind,
    /// What it is to be called; where left out, the file says.
    pub title: Option<Title>,
    /// What it is written in; where left out, the file says, and else the network.
    pub language: Option<LanguageTag>,
    /// The language of the report.
    pub lang: Lang,
}

/// Most characters of a title.
const TITLE: usize = 200;

/// A document that was converted, its images kept: ready to be written down.
#[derive(Clone, Debug)]
pub struct Ready {
    pub new: NewDocument,
    pub images: Vec<(Stored, Described)>,
    pub losses: Vec<Loss>,
    /// The files beside it in a folder that it shows.
    pub beside: Vec<String>,
}

/// What an image says about itself.
#[derive(Clone, Debug)]
pub struct Described {
    pub alt: Option<String>,
    pub decorative: bool,
}

impl Ready {
    /// Puts the text together: `kept` are the images in their order, without those that could not be kept.
    pub fn of(
        converted: Converted,
        wish: &Wish,
        kept: Vec<Option<(Stored, Described)>>,
        losses: Vec<Loss>,
    ) -> Result<Self> {
        let ids: Vec<Option<AttachmentId>> =
            kept.iter().map(|image| image.as_ref().map(|(stored, _)| stored.id)).collect();
        let body = Body::parse(assembled(&converted.markdown, &ids)).map_err(|fault| {
            let code = if fault.code == "too_long" { "import_too_long" } else { fault.code };
            crate::error::Fault { code, ..fault }.at("/file")
        })?;
        let title = match &wish.title {
            Some(title) => title.clone(),
            None => Title::parse(markdown::shorten(&converted.title, TITLE))
                .or_else(|_| Title::parse(wish.lang.say("import-untitled")))
                .map_err(|fault| Error::internal(fault.code))?,
        };
        let said = converted.language.and_then(|language| LanguageTag::parse(language).ok());
        Ok(Self {
            new: NewDocument {
                kind: wish.kind,
                text: DocumentText {
                    title,
                    body,
                    language: wish.language.clone().or(said),
                    plain_summary: None,
                },
                subjects: Subjects::default(),
                attachments: ids.into_iter().flatten().collect(),
                licence: Licence::default(),
            },
            images: kept.into_iter().flatten().collect(),
            losses,
            beside: converted.beside,
        })
    }
}

/// The Markdown with the addresses of its images. What is left of one that could not be kept is its description.
fn assembled(pieces: &[Piece], ids: &[Option<AttachmentId>]) -> String {
    let mut text = String::new();
    let mut gone = false;
    for piece in pieces {
        match piece {
            Piece::Text(piece) => {
                text.push_str(if gone { piece.strip_prefix(')').unwrap_or(piece) } else { piece });
                gone = false;
            }
            Piece::Image(place) => match ids.get(*place).copied().flatten() {
                Some(id) => text.push_str(&format!("/v1/attachments/{id}/content")),
                None => {
                    gone = true;
                    let begun = text.rfind("![").map(|at| text.split_off(at)).unwrap_or_default();
                    let alt = begun.trim_start_matches("![").trim_end_matches("](");
                    if !alt.is_empty() {
                        text.push_str(&format!("*\\[{alt}]*"));
                    }
                }
            },
        }
    }
    text
}

/// What became of one file of a folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileReport {
    pub file: String,
    pub document: Option<Brought>,
    pub losses: Vec<Loss>,
    /// The files beside it that its document shows.
    #[serde(default)]
    pub beside: Vec<String>,
    /// Why it did not become a document: a code, and a plain sentence.
    pub problem: Option<(String, String)>,
}

/// A document that a file became.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Brought {
    pub id: documents::DocumentId,
    pub title: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_could_not_be_kept_leaves_its_description() {
        let text = |text: &str| Piece::Text(text.into());
        let pieces =
            [text("Zie ![de \\[halte]]("), Piece::Image(0), text(") en ![]("), Piece::Image(1), text(").")];
        let id = AttachmentId(1);
        assert_eq!(
            assembled(&pieces, &[Some(id), Some(id)]),
            format!(
                "Zie ![de \\[halte]](/v1/attachments/{id}/content) en ![](/v1/attachments/{id}/content)."
            )
        );
        assert_eq!(assembled(&pieces, &[None, None]), "Zie *\\[de \\[halte]]* en .");
    }
}
