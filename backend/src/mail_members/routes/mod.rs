//! `/v1/networks/{network}/invitations`, `/v1/email-invitations` and `/v1/full-memberships`; the pages of these are in
//! [`pages`].

pub mod pages;

use actix_web::{Either, delete, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::*;
use super::view::*;
use super::{actions, csv};
use crate::accounts::{self, Email, NextStep};
use crate::app::App;
use crate::digests;
use crate::error::Result;
use crate::jobs::idempotency::Answer;
use crate::networks::Slug;
use crate::text::lang::Lang;
use crate::web::extract::ClientIp;
use crate::web::fields::{word, yes};
use crate::web::{
    Accepted, Body, Caller, Created, Fields, JsonOrCsv, NoContent, Page, Paging, Path, Path2, Query, Seen,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_invitations)
        .service(create_invitations)
        .service(withdraw_invitation)
        .service(count_mail_members)
        .service(get_email_invitation)
        .service(confirm_email_invitation)
        .service(decline_email_invitation)
        .service(request_full_membership)
        .service(complete_full_membership);
}

/// Which invitations are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListInvitations {
    /// Only those that stand so.
    #[param(value_type = Option<InvitationState>)]
    state: Option<String>,
    /// Only the one for this address, where you wrote it: to find it when it no longer shows its address.
    #[param(max_length = 254, example = "jan@example.org")]
    email: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListInvitations {
    fn parse(self) -> Result<(InvitationFilter, Paging<InvitationId>)> {
        let mut f = Fields::of_query();
        let state = f.may("state", self.state.into(), word);
        let email = f.may("email", self.email.into(), Email::parse);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((InvitationFilter { state, email }, paging?)))
    }
}

/// List invitations by e-mail address
///
/// For coordinators, newest first. An address stands in those that you wrote and that still wait; once somebody answered,
/// or nobody did in time, it is forgotten.
#[utoipa::path(tag = "mail-members", security(("bearer" = [])), params(ListInvitations), responses((status = 200, description = "A piece of the list.", body = Page<InvitationView>)))]
#[get("/networks/{network}/invitations")]
async fn list_invitations(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<ListInvitations>,
) -> Result<Page<InvitationView>> {
    let (filter, paging) = query.parse(ListInvitations::parse)?;
    app.read(&caller, move |conn, cx, viewer| {
        viewer.signed_in()?;
        let found = actions::list(conn, cx, viewer, &slug, &filter, (paging.after, paging.limit))?;
        Ok(Page::cut(found, paging.limit, |(last, _)| last.id.to_string(), InvitationView::from))
    })
    .await
}

/// How to read a file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct CreateInvitations {
    /// Only tell what would come of a file, and invite nobody.
    #[param(value_type = Option<bool>)]
    dry_run: Option<String>,
}

impl CreateInvitations {
    fn parse(self) -> Result<bool> {
        let mut f = Fields::of_query();
        let dry_run = f.may("dryRun", self.dry_run.into(), yes).unwrap_or(false);
        f.finish(|| Some(dry_run))
    }
}

/// Invite people by e-mail address
///
/// For coordinators. One with JSON; or up to 1,000 with a CSV file: an address on each line, then if you like a language
/// (`nl` or `en`) and a name, with or without a line of headings, with commas, semicolons or tabs. What is wrong with a
/// line is told of that line, and the others are carried out. Each gets a mail, and one reminder after a week; who says
/// yes is a member, and reads by mail. The answer never tells whether an address has an account, or what it said to
/// others. To who wants no invitations no mail goes; nor to who has not confirmed their address and was mailed one of
/// another network: that one waits until they confirm. Theirs looks like every other one.
#[utoipa::path(
    tag = "mail-members",
    params(CreateInvitations),
    request_body(content((CreateInvitation = "application/json"), (String = "text/csv", example = "email;language;name\njan@example.org;nl;Jan de Groot\n"))),
    responses(
        (status = 201, description = "Invited: the invitation, or what came of the file.", body = InvitationsCreated),
        (status = 200, description = "What would come of the file.", body = InvitationReport),
    )
)]
#[post("/networks/{network}/invitations")]
async fn create_invitations(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<CreateInvitations>,
    sent: JsonOrCsv<CreateInvitation>,
) -> Result<Either<Answer<InvitationsCreated>, Seen<InvitationReport>>> {
    let dry = query.parse(CreateInvitations::parse)?;
    let (lang, location) = (caller.lang, format!("/networks/{slug}/invitations"));
    let (lines, once) = match sent {
        JsonOrCsv::Csv { bytes, once } => (csv::read(&bytes).map_err(|fault| fault.at(""))?, once),
        JsonOrCsv::Json(body) => {
            let once = body.once.clone();
            let new = body.parse(CreateInvitation::parse)?;
            let created = app.create(&caller, once, move |tx, cx, who| {
                let (invitation, inviter) = actions::invite(tx, cx, who, &slug, &new, lang)?;
                let value = InvitationsCreated::One((invitation, inviter).into());
                Ok(Created { location: location.clone(), etag: None, value })
            });
            return created.await.map(Either::Left);
        }
    };
    if dry {
        let told = app.read(&caller, move |conn, cx, viewer| {
            actions::try_all(conn, cx, viewer.signed_in()?, &slug, &lines)
        });
        return Ok(Either::Right(Seen(InvitationReport::of(told.await?, lang, true))));
    }
    let created = app.create(&caller, once, move |tx, cx, who| {
        let report = actions::invite_all(tx, cx, who, &slug, &lines, lang)?;
        let value = InvitationsCreated::Many(InvitationReport::of(report, lang, false));
        Ok(Created { location: location.clone(), etag: None, value })
    });
    created.await.map(Either::Left)
}

/// Take an invitation back
///
/// For coordinators. No mail comes any more, and its address is forgotten; the same network cannot invite it again. Where
/// somebody said yes and reads by mail alone, it takes that member out, whom no handle names.
#[utoipa::path(tag = "mail-members", responses((status = 204, description = "Taken back, or out.")))]
#[delete("/networks/{network}/invitations/{invitation}")]
async fn withdraw_invitation(
    app: App,
    caller: Caller,
    Path2(slug, id): Path2<Slug, InvitationId>,
) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::withdraw(tx, cx, who, &slug, id)).await?;
    Ok(NoContent)
}

/// Count members by mail
///
/// For coordinators: how many there are, how many of them others see, and how many invitations wait. Who they are stands
/// nowhere, save who chose to be seen: they are in the list of members.
#[utoipa::path(tag = "mail-members", security(("bearer" = [])), responses((status = 200, description = "Their numbers.", body = MailMembers)))]
#[get("/networks/{network}/mail-members")]
async fn count_mail_members(app: App, caller: Caller, Path(slug): Path<Slug>) -> Result<Seen<MailMembers>> {
    app.read(&caller, move |conn, _, viewer| {
        viewer.signed_in()?;
        Ok(Seen(actions::counts(conn, viewer, &slug)?.into()))
    })
    .await
}

/// Read an invitation
///
/// With the word that came by mail. Reading it changes nothing.
#[utoipa::path(tag = "mail-members", security(()), responses((status = 200, description = "The invitation.", body = EmailInvitation)))]
#[get("/email-invitations/{word}")]
async fn get_email_invitation(app: App, Path(word): Path<String>) -> Result<Seen<EmailInvitation>> {
    let cx = app.context();
    let opened = app.db.read(move |conn| actions::readable(conn, &cx, &word)).await?;
    Ok(Seen(opened.into()))
}

/// Say yes to an invitation
///
/// Makes whoever reads at the address a member, without handle or password: from then on they get the digest. Who is
/// here already joins as who they are. What other networks asked of the address before comes with the answer; what they
/// leave unanswered comes by mail, a day later at most.
#[utoipa::path(
    tag = "mail-members", security(()), request_body = ConfirmInvitation,
    responses(
        (status = 200, description = "They are a member.", body = ConfirmedInvitation),
        (status = 403, description = "The network is closed.", body = crate::web::problem::Problem, content_type = "application/problem+json"),
    )
)]
#[post("/email-invitations/{word}/_confirm")]
async fn confirm_email_invitation(
    app: App,
    ip: ClientIp,
    Path(word): Path<String>,
    body: Body<ConfirmInvitation>,
) -> Result<Seen<ConfirmedInvitation>> {
    app.attempts.count(ip)?;
    let answer = body.parse(|sent| sent.parse(&app.config))?;
    let confirmed = app.write_for_anyone(move |tx, cx| actions::confirm(tx, cx, &word, &answer)).await?;
    Ok(Seen(confirmed.into()))
}

/// Say no to an invitation
///
/// Nothing more comes from this network. With `neverAgain` nobody on this server invites the address again.
#[utoipa::path(tag = "mail-members", security(()), request_body = DeclineInvitation, responses((status = 204, description = "Noted. The address is forgotten.")))]
#[post("/email-invitations/{word}/_decline")]
async fn decline_email_invitation(
    app: App,
    ip: ClientIp,
    Path(word): Path<String>,
    body: Body<DeclineInvitation>,
) -> Result<NoContent> {
    app.attempts.count(ip)?;
    let never_again = body.parse(DeclineInvitation::parse)?;
    app.write_for_anyone(move |tx, cx| actions::decline(tx, cx, &word, never_again)).await?;
    Ok(NoContent)
}

/// Ask to become a full member
///
/// With the word from a digest. A mail with a further word goes to the member's own address, whoever asks.
#[utoipa::path(tag = "mail-members", security(()), request_body = DigestWord, responses((status = 202, description = "Look in your mailbox.", body = NextStep)))]
#[post("/full-memberships")]
async fn request_full_membership(
    app: App,
    ip: ClientIp,
    lang: Lang,
    body: Body<DigestWord>,
) -> Result<Accepted<NextStep>> {
    app.attempts.count(ip)?;
    let word = body.parse(DigestWord::parse)?;
    app.write_for_anyone(move |tx, cx| match digests::unsubscriber(cx, &word) {
        Some(person) => accounts::ask_full(tx, cx, person),
        None => Ok(()),
    })
    .await?;
    Ok(Accepted(NextStep { detail: lang.say("next-verify") }))
}

/// Become a full member
///
/// With the word that came by mail: gives a member by mail a handle and a password. Memberships, digests and when they
/// come stay as they are; other members see them from then on.
#[utoipa::path(
    tag = "mail-members", security(()), request_body = CompleteFullMembership,
    responses(
        (status = 200, description = "They are a full member.", body = FullMembership),
        (status = 403, description = "Nobody makes an account here.", body = crate::web::problem::Problem, content_type = "application/problem+json"),
    )
)]
#[post("/full-memberships/_complete")]
async fn complete_full_membership(
    app: App,
    ip: ClientIp,
    lang: Lang,
    body: Body<CompleteFullMembership>,
) -> Result<Seen<FullMembership>> {
    app.attempts.count(ip)?;
    let (word, new) = body.parse(CompleteFullMembership::parse)?;
    let hash = app.hashing.hash(&new.password).await?;
    let done = app.write_for_anyone(move |tx, cx| accounts::become_full(tx, cx, &word, &new, &hash));
    let can_sign_in = done.await?;
    let detail = lang.say(if can_sign_in { "next-full" } else { "next-full-approval" });
    Ok(Seen(FullMembership { can_sign_in, detail }))
}
