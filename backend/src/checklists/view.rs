//! Checklists on the wire.

use kring_db::Time;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::Checklist;
use super::model::Item;
use crate::networks::NetworkRefView;
use crate::text::lang::Lang;

/// What makes a network work in its first weeks, and what of that is there.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Checklist)]
pub struct ChecklistView {
    pub network: NetworkRefView,
    /// How many items are done.
    #[schema(example = 4)]
    pub done: i64,
    /// How many are neither done nor put aside.
    #[schema(example = 9)]
    pub open: i64,
    /// In the order in which most networks begin.
    pub items: Vec<ChecklistItemView>,
}

/// Something that makes a network work.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChecklistItem)]
pub struct ChecklistItemView {
    pub code: Item,
    /// It is there now.
    pub done: bool,
    /// Since when, where that is known.
    #[schema(required)]
    pub done_at: Option<Time>,
    /// A coordinator put it aside.
    pub dismissed: bool,
    /// What to do, in a plain sentence in the language of the request.
    #[schema(example = "Nodig mensen uit.")]
    pub sentence: String,
    /// Why it helps.
    #[schema(example = "De meeste mensen komen omdat iemand hen vroeg.")]
    pub why: String,
    pub action: ChecklistActionView,
}

/// What does it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChecklistAction)]
pub struct ChecklistActionView {
    /// The operation of this API, by its operationId.
    #[schema(example = "createMembership")]
    pub operation: String,
    #[schema(example = "POST")]
    pub method: String,
    /// Its address, below `/v1`.
    #[schema(example = "/networks/openbaar-vervoer/memberships")]
    pub path: String,
    /// The id of a template that helps.
    #[schema(required, example = "minutes.nl")]
    pub template: Option<String>,
}

/// A checklist in words of `lang`.
pub fn checklist_view(list: &Checklist, lang: Lang) -> ChecklistView {
    let items: Vec<ChecklistItemView> = Item::ALL.iter().map(|item| item_view(list, *item, lang)).collect();
    ChecklistView {
        network: (&list.findings.network).into(),
        done: items.iter().filter(|item| item.done).count() as i64,
        open: items.iter().filter(|item| !item.done && !item.dismissed).count() as i64,
        items,
    }
}

fn item_view(list: &Checklist, item: Item, lang: Lang) -> ChecklistItemView {
    let (state, doing) = (list.findings.state(item), item.doing());
    let template = list.templates.iter().find(|(key, _)| Some(*key) == doing.template);
    ChecklistItemView {
        code: item,
        done: state.done,
        done_at: state.done_at.filter(|_| state.done),
        dismissed: list.dismissed.contains(&item),
        sentence: lang.say(&format!("checklist-{item}")),
        why: lang.say(&format!("checklist-{item}-why")),
        action: ChecklistActionView {
            operation: doing.operation.to_owned(),
            method: doing.method.to_owned(),
            path: doing.path.replace("{network}", list.findings.network.slug.as_str()),
            template: template.map(|(_, id)| id.clone()),
        },
    }
}
