//! `/v1/accounts`, `/v1/sessions`, `/v1/account`, `/v1/persons` and what belongs to them.

use actix_web::http::header;
use actix_web::{HttpRequest, delete, get, patch, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::address::PersonAddress;
use super::model::{AccountId, Handle, SessionId};
use super::view::*;
use crate::app::App;
use crate::error::{Code, Result};
use crate::text::lang::Lang;
use crate::web::extract::ClientIp;
use crate::web::paging::PageQuery;
use crate::web::{Accepted, Body, Caller, Created, NoContent, Page, Path, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(register)
        .service(verify_email)
        .service(resend_verification)
        .service(create_session)
        .service(refresh_session)
        .service(list_sessions)
        .service(end_session)
        .service(request_password_reset)
        .service(complete_password_reset)
        .service(get_account)
        .service(change_account)
        .service(close_account)
        .service(change_password)
        .service(change_email)
        .service(get_person)
        .service(list_account_approvals)
        .service(approve_account)
        .service(decline_account);
}

/// Register
///
/// The answer is the same whether or not the address has an account; what comes next is in the mail.
#[utoipa::path(tag = "accounts", security(()), request_body = CreateAccount, responses((status = 202, description = "Look in your mailbox.", body = NextStep)))]
#[post("/accounts")]
async fn register(
    app: App,
    ip: ClientIp,
    lang: Lang,
    body: Body<CreateAccount>,
) -> Result<Accepted<NextStep>> {
    app.attempts.count(ip)?;
    let new = body.parse(|sent| sent.parse(lang))?;
    let hash = app.hashing.hash(&new.password).await?;
    app.write_for_anyone(move |tx, cx| actions::register(tx, cx, &new, &hash)).await?;
    Ok(Accepted(NextStep { detail: lang.say("next-verify") }))
}

/// Confirm an address
///
/// With the word that came by mail: for a new account or for a changed address.
#[utoipa::path(tag = "accounts", security(()), request_body = MailWord, responses((status = 200, description = "Confirmed.", body = VerifiedEmail)))]
#[post("/email-verifications")]
async fn verify_email(app: App, lang: Lang, body: Body<MailWord>) -> Result<Seen<VerifiedEmail>> {
    let word = body.parse(MailWord::parse)?;
    let can_sign_in = app.write_for_anyone(move |tx, cx| actions::verify(tx, cx, &word)).await?;
    let detail = lang.say(if can_sign_in { "next-sign-in" } else { "next-approval" });
    Ok(Seen(VerifiedEmail { can_sign_in, detail }))
}

/// Send the confirmation mail again
///
/// For an account that is not confirmed yet. The answer is the same whatever the address.
#[utoipa::path(tag = "accounts", security(()), request_body = EmailOnly, responses((status = 202, description = "Look in your mailbox.", body = NextStep)))]
#[post("/email-verifications/_resend")]
async fn resend_verification(
    app: App,
    ip: ClientIp,
    lang: Lang,
    body: Body<EmailOnly>,
) -> Result<Accepted<NextStep>> {
    app.attempts.count(ip)?;
    let email = body.parse(EmailOnly::parse)?;
    app.write_for_anyone(move |tx, cx| actions::ask_verification_again(tx, cx, &email)).await?;
    Ok(Accepted(NextStep { detail: lang.say("next-verify") }))
}

/// Sign in
///
/// With a handle or a confirmed e-mail address. Access tokens last fifteen minutes; refresh for the next.
#[utoipa::path(tag = "sessions", security(()), request_body = CreateSession, responses((status = 201, description = "Signed in.", body = SessionTokens)))]
#[post("/sessions")]
async fn create_session(
    app: App,
    ip: ClientIp,
    req: HttpRequest,
    body: Body<CreateSession>,
) -> Result<Created<SessionTokens>> {
    app.attempts.count(ip)?;
    let (login, password) = body.parse(CreateSession::parse)?;
    let known = app.db.read(move |conn| actions::known_login(conn, &login)).await?;
    let fits = app.hashing.fits(&password, known.as_ref().map(|(_, hash)| hash.as_str())).await?;
    let Some((account, _)) = known.filter(|_| fits) else { return Err(Code::WrongCredentials.into()) };
    let device = req
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
        .to_owned();
    let opened = app.write_for_anyone(move |tx, cx| actions::open_session(tx, cx, account, &device)).await?;
    Ok(Created {
        location: format!("/sessions/{}", opened.session.id),
        etag: None,
        value: opened.into(),
    })
}

/// Stay signed in
///
/// A refresh token is good once. Used again within a minute (two tabs) it gives the same answer; used later it
/// ends the session, because somebody may have stolen it.
#[utoipa::path(tag = "sessions", security(()), request_body = RefreshSession, responses((status = 200, description = "The next pair of tokens.", body = SessionTokens)))]
#[post("/sessions/_refresh")]
async fn refresh_session(app: App, body: Body<RefreshSession>) -> Result<Seen<SessionTokens>> {
    let token = body.parse(RefreshSession::parse)?;
    let opened = app.write_for_anyone(move |tx, cx| actions::refresh(tx, cx, &token)).await?;
    opened.map(|opened| Seen(opened.into())).ok_or_else(|| Code::RefreshTokenInvalid.into())
}

/// List your sessions
///
/// Every device where you are signed in, the one you used last first.
#[utoipa::path(tag = "sessions", responses((status = 200, description = "Your signed-in devices, newest first.", body = Page<SessionView>)))]
#[get("/sessions")]
async fn list_sessions(app: App, caller: Caller) -> Result<Page<SessionView>> {
    app.read(&caller, |conn, cx, viewer| {
        let who = viewer.signed_in()?;
        let sessions = actions::own_sessions(conn, cx, who)?;
        Ok(Page::whole(
            sessions.into_iter().map(|session| SessionView::of(session, who.session)).collect(),
        ))
    })
    .await
}

/// Sign out
///
/// Ends one of your sessions, at once.
#[utoipa::path(tag = "sessions", responses((status = 204, description = "Ended.")))]
#[delete("/sessions/{session}")]
async fn end_session(app: App, caller: Caller, Path(id): Path<SessionId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::end_session(tx, cx, who, id)).await?;
    Ok(NoContent)
}

/// Ask for a new password
///
/// The answer is the same, and takes as long, whether or not the address has an account.
#[utoipa::path(tag = "accounts", security(()), request_body = EmailOnly, responses((status = 202, description = "Look in your mailbox.", body = NextStep)))]
#[post("/password-resets")]
async fn request_password_reset(
    app: App,
    ip: ClientIp,
    lang: Lang,
    body: Body<EmailOnly>,
) -> Result<Accepted<NextStep>> {
    app.attempts.count(ip)?;
    let email = body.parse(EmailOnly::parse)?;
    app.write_for_anyone(move |tx, cx| actions::ask_reset(tx, cx, &email)).await?;
    Ok(Accepted(NextStep { detail: lang.say("next-reset") }))
}

/// Choose a new password
///
/// With the word that came by mail. Signs every device out.
#[utoipa::path(tag = "accounts", security(()), request_body = CompleteReset, responses((status = 204, description = "The new password works now.")))]
#[post("/password-resets/_complete")]
async fn complete_password_reset(app: App, ip: ClientIp, body: Body<CompleteReset>) -> Result<NoContent> {
    app.attempts.count(ip)?;
    let (word, password) = body.parse(CompleteReset::parse)?;
    let hash = app.hashing.hash(&password).await?;
    app.write_for_anyone(move |tx, cx| actions::complete_reset(tx, cx, &word, &hash)).await?;
    Ok(NoContent)
}

/// Read your account
///
/// What others see of you, and what is yours alone: your address, your language, and whether you are an expert by
/// experience.
#[utoipa::path(tag = "accounts", responses((status = 200, description = "Your account.", body = AccountView)))]
#[get("/account")]
async fn get_account(app: App, caller: Caller) -> Result<Seen<AccountView>> {
    app.read(&caller, |conn, _, viewer| {
        let (account, profile) = actions::profile(conn, viewer.signed_in()?)?;
        Ok(Seen(AccountView::of(account, profile)))
    })
    .await
}

/// Change your account
///
/// A merge patch (RFC 7396): what is left out stays. Your handle never changes; your address and your password have
/// operations of their own.
#[utoipa::path(tag = "accounts", request_body = ChangeAccount, responses((status = 200, description = "Your account as it is now.", body = AccountView)))]
#[patch("/account")]
async fn change_account(app: App, caller: Caller, body: Body<ChangeAccount>) -> Result<Seen<AccountView>> {
    let change = body.parse(ChangeAccount::parse)?;
    app.write(&caller, move |tx, cx, who| {
        actions::change_profile(tx, cx, who, &change)?;
        let (account, profile) = actions::profile(tx, who)?;
        Ok(Seen(AccountView::of(account, profile)))
    })
    .await
}

/// Close your account
///
/// Never refused. You are signed out, what is personal is removed, and your networks keep what you wrote under
/// your handle, which nobody else can get. Who signed in more than fifteen minutes ago sends their password once
/// more, so that whoever finds a device open cannot do it.
#[utoipa::path(tag = "accounts", request_body = CloseAccount, responses((status = 204, description = "Closed.")))]
#[delete("/account")]
async fn close_account(
    app: App,
    ip: ClientIp,
    caller: Caller,
    req: HttpRequest,
    body: Result<Body<CloseAccount>>,
) -> Result<NoContent> {
    if has_body(&req) {
        check_password(&app, ip, &caller, &body?.parse(CloseAccount::parse)?).await?;
    } else {
        app.read(&caller, |conn, cx, viewer| actions::just_signed_in(conn, cx, viewer.signed_in()?))
            .await?;
    }
    app.write(&caller, actions::close_own).await?;
    Ok(NoContent)
}

/// Was anything sent (RFC 9112, 6)?
fn has_body(req: &HttpRequest) -> bool {
    let length = req.headers().get(header::CONTENT_LENGTH);
    length.is_some_and(|length| length != "0") || req.headers().contains_key(header::TRANSFER_ENCODING)
}

/// Change your password
///
/// Signs your other devices out.
#[utoipa::path(tag = "accounts", request_body = ChangePassword, responses((status = 204, description = "The new password works now.")))]
#[put("/account/password")]
async fn change_password(
    app: App,
    ip: ClientIp,
    caller: Caller,
    body: Body<ChangePassword>,
) -> Result<NoContent> {
    let (current, new) = body.parse(ChangePassword::parse)?;
    check_password(&app, ip, &caller, &current).await?;
    let hash = app.hashing.hash(&new).await?;
    app.write(&caller, move |tx, cx, who| actions::change_password(tx, cx, who, &hash)).await?;
    Ok(NoContent)
}

/// Change your address
///
/// The old one works until the new one is confirmed.
#[utoipa::path(tag = "accounts", request_body = ChangeEmail, responses((status = 202, description = "Look in the new mailbox.", body = NextStep)))]
#[post("/account/email-changes")]
async fn change_email(
    app: App,
    ip: ClientIp,
    caller: Caller,
    body: Body<ChangeEmail>,
) -> Result<Accepted<NextStep>> {
    let (email, password) = body.parse(ChangeEmail::parse)?;
    check_password(&app, ip, &caller, &password).await?;
    app.write(&caller, move |tx, cx, who| actions::change_email(tx, cx, who, &email)).await?;
    Ok(Accepted(NextStep { detail: caller.lang.say("next-verify") }))
}

async fn check_password(
    app: &App,
    ip: ClientIp,
    caller: &Caller,
    password: &super::model::Password,
) -> Result<()> {
    let known = app
        .read(caller, |conn, _, viewer| actions::password_hash_for(conn, viewer.signed_in()?))
        .await?;
    app.attempts.count(ip)?;
    if app.hashing.fits(password, Some(&known)).await? {
        Ok(())
    } else {
        Err(Code::WrongPassword.into())
    }
}

/// Read a person
///
/// Their profile, as everyone sees it. Somebody who closed their account is still here by handle, without anything else.
/// Of somebody of another instance (`eva@kring.example`) their name, and where they are at home.
#[utoipa::path(tag = "persons", responses((status = 200, description = "How others see them.", body = PersonView)))]
#[get("/persons/{handle}")]
async fn get_person(
    app: App,
    caller: Caller,
    Path(address): Path<PersonAddress>,
) -> Result<Seen<PersonView>> {
    app.read(&caller, move |conn, cx, _| Ok(Seen(actions::profile_of(conn, cx, &address)?.into())))
        .await
}

/// List accounts that wait for approval
///
/// For admins: whoever confirmed their address and waits to be let in, oldest first.
#[utoipa::path(tag = "admin", params(PageQuery), responses((status = 200, description = "A piece of the list.", body = Page<AccountApproval>)))]
#[get("/account-approvals")]
async fn list_account_approvals(
    app: App,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<Page<AccountApproval>> {
    let paging = query.parse(PageQuery::parse::<AccountId>)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = actions::approvals(conn, viewer.signed_in()?, paging.after, paging.limit)?;
        Ok(Page::cut(found, paging.limit, |(account, _)| account.id.to_string(), AccountApproval::from))
    })
    .await
}

/// Approve an account
///
/// For admins. Its owner gets a mail.
#[utoipa::path(tag = "admin", responses((status = 204, description = "Approved.")))]
#[put("/account-approvals/{handle}")]
async fn approve_account(app: App, caller: Caller, Path(handle): Path<Handle>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::approve(tx, cx, Some(who), &handle)).await?;
    Ok(NoContent)
}

/// Decline an account
///
/// For admins. Its owner gets a mail, and the account is closed.
#[utoipa::path(tag = "admin", responses((status = 204, description = "Declined.")))]
#[delete("/account-approvals/{handle}")]
async fn decline_account(app: App, caller: Caller, Path(handle): Path<Handle>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::decline(tx, cx, who, &handle)).await?;
    Ok(NoContent)
}
