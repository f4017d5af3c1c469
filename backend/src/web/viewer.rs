//! What the viewer may do with what they see: computed by the same rules that will be asked when they do it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::text::lang::Lang;

/// The viewer's part in an answer (`include=viewer`).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Viewer)]
pub struct ViewerView {
    /// The viewer's role in the network: `member`, `facilitator`, `coordinator`; null for others.
    #[schema(required)]
    pub role: Option<String>,
    /// How many things here they have not read.
    pub unread: i64,
    /// Do they belong to the network, so that it is in their digest?
    pub following: bool,
    /// What they may do.
    #[schema(example = json!(["reply"]))]
    pub allowed: Vec<String>,
    /// What they may not, and what would help.
    pub denied: Vec<DeniedView>,
}

/// Something the viewer may not do.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Denied)]
pub struct DeniedView {
    #[schema(example = "lock")]
    pub action: String,
    #[schema(example = "moderators_only")]
    pub code: String,
    /// A plain sentence, in the language of the request.
    pub sentence: String,
}

impl ViewerView {
    /// Sorts each action by what its rule says.
    pub fn judge<const N: usize>(
        lang: Lang,
        role: Option<&str>,
        unread: i64,
        rules: [(&str, Result<()>); N],
    ) -> Self {
        let mut view = Self {
            role: role.map(str::to_owned),
            unread,
            following: role.is_some(),
            allowed: Vec::new(),
            denied: Vec::new(),
        };
        for (action, rule) in rules {
            match rule {
                Ok(()) => view.allowed.push(action.to_owned()),
                Err(error) => view.denied.push(denied(lang, action, &error)),
            }
        }
        view
    }
}

fn denied(lang: Lang, action: &str, error: &Error) -> DeniedView {
    let (code, sentence) = reason(lang, error);
    DeniedView { action: action.to_owned(), code, sentence }
}

/// Why a rule says no: its code, and a plain sentence.
pub fn reason(lang: Lang, error: &Error) -> (String, String) {
    let (_, code) = error.status_and_code();
    (code.to_owned(), lang.say(&format!("error-{code}")))
}
