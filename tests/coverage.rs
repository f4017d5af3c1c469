//! Who may do what: for every operation of the API, the status that five people get.
//!
//! A row is one call; every operation needs at least one, and a row needs its operation. Each person's call is
//! really made, on a world as [`world::build`] left it, and the status must also stand in the OpenAPI document.
//!
//! - `{network}` in a path is filled from the world by that name; `{network:hidden}` is the same parameter filled
//!   with what the world calls `hidden`. `<thread>` does the same in a query or body.
//! - `file for <network>` as a body is a form with a file for that network, `a document` one with a file that becomes a
//!   document; `csv <lines>` is a file of comma-separated values.
//! - Changes are sent with `If-Match: *`.

#[path = "coverage/world.rs"]
mod world;

use std::collections::BTreeSet;

use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::harness::{Client, TestApp};
use world::World;

/// Who calls, in the order of the columns. Coordinator and member belong to all three networks of the world, the
/// stranger and the admin to none.
const WHO: [&str; 5] = ["anonymous", "stranger", "member", "coordinator", "admin"];

/// One call: `METHOD path`, its body (empty for none), and what each of [`WHO`] gets.
type Row = (&'static str, &'static str, [u16; 5]);

#[rustfmt::skip] // a table is read by its columns
const ROWS: &[Row] = &[
    // accounts                                                                         anon stra memb coor admin
    ("POST /accounts", r#"{"handle":"nina","displayName":"Nina","email":"nina@example.org","password":"een lange zin"}"#, [202; 5]),
    ("POST /email-verifications", r#"{"token":"<verification>"}"#,                      [200; 5]),
    ("POST /email-verifications", r#"{"token":"never sent"}"#,                          [409; 5]),
    ("POST /email-verifications/_resend", r#"{"email":"waiting@example.org"}"#,         [202; 5]),
    ("POST /password-resets", r#"{"email":"member@example.org"}"#,                      [202; 5]),
    ("POST /password-resets/_complete", r#"{"token":"<reset>","newPassword":"een lange zin"}"#, [204; 5]),
    ("POST /password-resets/_complete", r#"{"token":"never sent","newPassword":"een lange zin"}"#, [409; 5]),
    ("GET /account", "",                                                                [401, 200, 200, 200, 200]),
    ("PATCH /account", r#"{"bio":"Rijdt tram 8."}"#,                                    [401, 200, 200, 200, 200]),
    ("DELETE /account", "",                                                             [401, 204, 204, 204, 204]),
    ("PUT /account/password", r#"{"currentPassword":"<password>","newPassword":"een lange zin"}"#, [401, 204, 204, 204, 204]),
    ("PUT /account/password", r#"{"currentPassword":"guessed","newPassword":"een lange zin"}"#, [401, 403, 403, 403, 403]),
    ("POST /account/email-changes", r#"{"email":"new@example.org","password":"<password>"}"#, [401, 202, 202, 202, 202]),
    // sessions
    ("POST /sessions", r#"{"login":"member","password":"<password>"}"#,                 [201; 5]),
    ("POST /sessions", r#"{"login":"member","password":"guessed"}"#,                    [401; 5]),
    ("POST /sessions/_refresh", r#"{"refreshToken":"<refresh>"}"#,                      [200; 5]),
    ("GET /sessions", "",                                                               [401, 200, 200, 200, 200]),
    ("DELETE /sessions/{session}", "",                                                  [401, 404, 204, 404, 404]),
    // persons
    ("GET /persons/{handle}", "",                                                       [200; 5]),
    ("GET /persons/{handle:nobody}", "",                                                [404; 5]),
    // running the instance
    ("GET /account-approvals", "",                                                      [401, 403, 403, 403, 200]),
    ("PUT /account-approvals/{handle:waiting}", "",                                     [401, 403, 403, 403, 204]),
    ("DELETE /account-approvals/{handle:waiting}", "",                                  [401, 403, 403, 403, 204]),
    // municipalities and the instance
    ("GET /municipalities", "",                                                         [200; 5]),
    ("GET /municipalities/{code}", "",                                                  [200; 5]),
    ("GET /instance", "",                                                               [200; 5]),
    ("GET /openapi.json", "",                                                           [200; 5]),
    // networks: public, members, hidden                                                anon stra memb coor admin
    ("GET /networks", "",                                                               [200; 5]),
    ("GET /networks?mine=true", "",                                                     [401, 200, 200, 200, 200]),
    ("POST /networks", r#"{"slug":"nieuw","name":"Nieuw","description":"Iets nieuws."}"#, [401, 201, 201, 201, 201]),
    ("GET /networks/{network}?include=threads,documents,coordinators,viewer", "",                 [200; 5]),
    ("GET /networks/{network:membersNetwork}?include=threads,documents,coordinators,viewer", "",  [200; 5]),
    ("GET /networks/{network:hiddenNetwork}", "",                                       [404, 404, 200, 200, 404]),
    ("PATCH /networks/{network}", r#"{"name":"Anders"}"#,                               [401, 403, 403, 200, 403]),
    ("PATCH /networks/{network:hiddenNetwork}", r#"{"name":"Anders"}"#,                 [401, 404, 403, 200, 404]),
    ("PUT /networks/{network}/coordinator-choice", r#"{"handle":"member"}"#,            [401, 403, 409, 409, 403]),
    ("PUT /networks/{network}/interim-coordinator", r#"{"handle":"member"}"#,           [401, 403, 403, 403, 409]),
    ("PUT /networks/{network:hiddenNetwork}/coordinator-choice", r#"{"handle":"member"}"#, [401, 404, 409, 409, 404]),
    // An admin of the instance knows every network, to help those without a coordinator.
    ("PUT /networks/{network:hiddenNetwork}/interim-coordinator", r#"{"handle":"member"}"#, [401, 403, 403, 403, 409]),
    ("GET /networks/{network}/checklist", "",                                           [401, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/checklist", "",                             [401, 404, 403, 200, 404]),
    ("PUT /networks/{network}/checklist/{item}/dismissal", "",                          [401, 403, 403, 204, 403]),
    ("PUT /networks/{network:hiddenNetwork}/checklist/{item}/dismissal", "",            [401, 404, 403, 204, 404]),
    ("DELETE /networks/{network}/checklist/{item}/dismissal", "",                       [401, 403, 403, 204, 403]),
    ("DELETE /networks/{network:hiddenNetwork}/checklist/{item}/dismissal", "",         [401, 404, 403, 204, 404]),
    // How a network outlives its home is in tests/federation/continuing.rs.
    ("POST /networks/{network}/continuations", "{}",                                    [401, 403, 403, 409, 403]),
    ("POST /networks/{network:hiddenNetwork}/continuations", "{}",                      [401, 404, 403, 409, 404]),
    ("POST /networks/{network}/moves", r#"{"target":"haltes@kring.example"}"#,          [401, 403, 403, 403, 403]),
    ("POST /networks/{network:hiddenNetwork}/moves", r#"{"target":"haltes@kring.example"}"#, [401, 404, 403, 403, 404]),
    // memberships
    ("GET /networks/{network}/memberships", "",                                         [403, 403, 200, 200, 403]),
    ("GET /networks/{network}/memberships?state=requested", "",                         [403, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/memberships", "",                           [404, 404, 200, 200, 404]),
    ("POST /networks/{network}/memberships", "{}",                                      [401, 403, 409, 409, 403]),
    ("POST /networks/{network}/memberships", r#"{"handle":"stranger"}"#,                [401, 403, 403, 201, 403]),
    ("GET /networks/{network}/memberships/{handle}", "",                                [403, 403, 200, 200, 403]),
    ("PATCH /networks/{network}/memberships/{handle}", r#"{"role":"facilitator"}"#,     [401, 403, 403, 200, 403]),
    ("PATCH /networks/{network}/memberships/{handle}", r#"{"capacity":"relative"}"#,    [401, 403, 200, 403, 403]),
    ("DELETE /networks/{network}/memberships/{handle}", "",                             [401, 403, 204, 204, 403]),
    ("POST /networks/{network:hiddenNetwork}/memberships", r#"{}"#, [401, 404, 409, 409, 404]),
    ("GET /networks/{network:hiddenNetwork}/memberships/{handle}", "", [404, 404, 200, 200, 404]),
    ("PATCH /networks/{network:hiddenNetwork}/memberships/{handle}", r#"{"role":"facilitator"}"#, [401, 404, 403, 200, 404]),
    ("DELETE /networks/{network:hiddenNetwork}/memberships/{handle}", "", [401, 404, 204, 204, 404]),
    // members by mail: how an invitation goes is in tests/mail_members.rs
    ("GET /networks/{network}/invitations", "",                                         [401, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/invitations", "",                           [401, 404, 403, 200, 404]),
    ("POST /networks/{network}/invitations", r#"{"email":"jan@example.org"}"#,          [401, 403, 403, 201, 403]),
    ("POST /networks/{network:hiddenNetwork}/invitations", r#"{"email":"jan@example.org"}"#, [401, 404, 403, 201, 404]),
    ("POST /networks/{network}/invitations?dryRun=true", "csv jan@example.org",         [401, 403, 403, 200, 403]),
    ("DELETE /networks/{network}/invitations/{invitation}", "",                         [401, 403, 403, 204, 403]),
    ("DELETE /networks/{network:hiddenNetwork}/invitations/{invitation}", "",           [401, 404, 403, 404, 404]),
    ("GET /networks/{network}/mail-members", "",                                        [401, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/mail-members", "",                          [401, 404, 403, 200, 404]),
    ("GET /email-invitations/{word}", "",                                               [200; 5]),
    ("GET /email-invitations/{word:nobody}", "",                                        [404; 5]),
    ("POST /email-invitations/{word}/_confirm", "{}",                                   [200; 5]),
    ("POST /email-invitations/{word}/_decline", r#"{"neverAgain":true}"#,               [204; 5]),
    ("POST /full-memberships", r#"{"token":"never sent"}"#,                             [202; 5]),
    ("POST /full-memberships/_complete", r#"{"token":"never sent","handle":"jan","displayName":"Jan","password":"een lange zin"}"#, [409; 5]),
    // threads
    ("GET /networks/{network}/threads", "",                                             [200; 5]),
    ("GET /networks/{network:membersNetwork}/threads", "",                              [403, 403, 200, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/threads", "",                               [404, 404, 200, 200, 404]),
    ("POST /networks/{network}/threads", r#"{"title":"T","body":"B"}"#,                 [401, 403, 201, 201, 403]),
    ("POST /networks/{network:hiddenNetwork}/threads", r#"{"title":"T","body":"B"}"#, [401, 404, 201, 201, 404]),
    ("GET /threads/{thread}", "",                                                       [200; 5]),
    ("GET /threads/{thread:membersThread}", "",                                         [404, 404, 200, 200, 404]),
    ("GET /threads/{thread:hiddenThread}", "",                                          [404, 404, 200, 200, 404]),
    ("PATCH /threads/{thread}", r#"{"body":"Anders."}"#,                                [401, 403, 200, 403, 403]),
    ("PATCH /threads/{thread}", r#"{"pinned":true}"#,                                   [401, 403, 403, 200, 403]),
    ("DELETE /threads/{thread}", "",                                                    [401, 403, 204, 204, 403]),
    ("GET /threads/{thread}/proof", "",                                                 [200; 5]),
    ("GET /threads/{thread:hiddenThread}/proof", "",                                    [404, 404, 200, 200, 404]),
    ("GET /replies/{reply}/proof", "",                                                  [200; 5]),
    ("GET /replies/{reply:hiddenReply}/proof", "",                                      [404, 404, 200, 200, 404]),
    ("GET /threads/{thread}/versions", "",                                              [200; 5]),
    ("GET /threads/{thread}/replies", "",                                               [200; 5]),
    ("GET /threads/{thread:hiddenThread}/replies", "",                                  [404, 404, 200, 200, 404]),
    ("POST /threads/{thread}/replies", r#"{"body":"B"}"#,                               [401, 403, 201, 201, 403]),
    ("PUT /threads/{thread}/read-state", "{}",                                          [401, 200, 200, 200, 200]),
    ("PUT /threads/{thread}/reactions/{kind}", "",                                      [401, 403, 200, 200, 403]),
    ("DELETE /threads/{thread}/reactions/{kind}", "",                                   [401, 200, 200, 200, 200]),
    ("PATCH /threads/{thread:hiddenThread}", r#"{"body":"Anders."}"#, [401, 404, 200, 403, 404]),
    ("DELETE /threads/{thread:hiddenThread}", "", [401, 404, 204, 204, 404]),
    ("GET /threads/{thread:hiddenThread}/versions", "", [404, 404, 200, 200, 404]),
    ("POST /threads/{thread:hiddenThread}/replies", r#"{"body":"B"}"#, [401, 404, 201, 201, 404]),
    ("PUT /threads/{thread:hiddenThread}/read-state", r#"{}"#, [401, 404, 200, 200, 404]),
    ("PUT /threads/{thread:hiddenThread}/reactions/{kind}", "", [401, 404, 200, 200, 404]),
    ("DELETE /threads/{thread:hiddenThread}/reactions/{kind}", "", [401, 404, 200, 200, 404]),
    ("GET /replies/{reply}", "",                                                        [200; 5]),
    ("GET /replies/{reply:membersReply}", "",                                           [404, 404, 200, 200, 404]),
    ("PATCH /replies/{reply}", r#"{"body":"Anders."}"#,                                 [401, 403, 200, 403, 403]),
    ("DELETE /replies/{reply}", "",                                                     [401, 403, 204, 204, 403]),
    ("GET /replies/{reply}/versions", "",                                               [200; 5]),
    ("PUT /replies/{reply}/reactions/{kind}", "",                                       [401, 403, 200, 200, 403]),
    ("DELETE /replies/{reply}/reactions/{kind}", "",                                    [401, 200, 200, 200, 200]),
    ("GET /replies/{reply:hiddenReply}", "", [404, 404, 200, 200, 404]),
    ("PATCH /replies/{reply:hiddenReply}", r#"{"body":"Anders."}"#, [401, 404, 200, 403, 404]),
    ("DELETE /replies/{reply:hiddenReply}", "", [401, 404, 204, 204, 404]),
    ("GET /replies/{reply:hiddenReply}/versions", "", [404, 404, 200, 200, 404]),
    ("PUT /replies/{reply:hiddenReply}/reactions/{kind}", "", [401, 404, 200, 200, 404]),
    ("DELETE /replies/{reply:hiddenReply}/reactions/{kind}", "", [401, 404, 200, 200, 404]),
    // digests
    ("GET /digest-preferences", "",                                                     [401, 200, 200, 200, 200]),
    ("PUT /digest-preferences", r#"{"frequency":"daily"}"#,                             [401, 200, 200, 200, 200]),
    ("POST /digests/_revoke", "",                                                       [401, 204, 204, 204, 204]),
    // documents                                                                        anon stra memb coor admin
    ("GET /networks/{network}/documents", "",                                           [200; 5]),
    ("GET /networks/{network:membersNetwork}/documents", "",                            [403, 403, 200, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/documents", "",                             [404, 404, 200, 200, 404]),
    ("POST /networks/{network}/documents", r#"{"kind":"note","title":"T","body":"B"}"#, [401, 403, 201, 201, 403]),
    ("GET /documents/{document}", "",                                                   [200; 5]),
    ("GET /documents/{document:membersDocument}", "",                                   [404, 404, 200, 200, 404]),
    ("GET /documents/{document:hiddenDocument}", "",                                    [404, 404, 200, 200, 404]),
    ("PUT /documents/{document}", r#"{"title":"T","body":"Anders."}"#,                  [401, 403, 200, 200, 403]),
    ("PUT /documents/{document:hiddenDocument}", r#"{"title":"T","body":"Anders."}"#,   [401, 404, 200, 200, 404]),
    ("PUT /documents/{document:coordinatorsDocument}", r#"{"title":"T","body":"B"}"#,   [401, 403, 403, 200, 403]),
    ("PATCH /documents/{document}", r#"{"kind":"plan"}"#,                               [401, 403, 200, 200, 403]),
    ("PATCH /documents/{document:coordinatorsDocument}", r#"{"kind":"plan"}"#,          [401, 403, 403, 200, 403]),
    ("DELETE /documents/{document}", "",                                                [401, 403, 204, 204, 403]),
    ("DELETE /documents/{document:coordinatorsDocument}", "",                           [401, 403, 403, 204, 403]),
    ("DELETE /documents/{document:hiddenDocument}", "",                                 [401, 404, 204, 204, 404]),
    ("GET /documents/{document}/proof", "",                                             [200; 5]),
    ("GET /documents/{document:membersDocument}/proof", "",                             [404, 404, 200, 200, 404]),
    ("GET /documents/{document:hiddenDocument}/proof", "",                              [404, 404, 200, 200, 404]),
    ("GET /documents/{document}/revisions", "",                                         [200; 5]),
    ("GET /documents/{document:hiddenDocument}/revisions", "",                          [404, 404, 200, 200, 404]),
    ("GET /documents/{document}/revisions/{number}", "",                                [200; 5]),
    ("GET /documents/{document:membersDocument}/revisions/{number}", "",                [404, 404, 200, 200, 404]),
    ("GET /documents/{document}/revisions/{number}/differences", "",                    [200; 5]),
    ("GET /documents/{document:hiddenDocument}/revisions/{number}/differences", "",     [404, 404, 200, 200, 404]),
    ("POST /documents/{document}/revisions/{number}/_restore", "",                      [401, 403, 200, 200, 403]),
    ("POST /documents/{document:coordinatorsDocument}/revisions/{number}/_restore", "", [401, 403, 403, 200, 403]),
    ("PUT /documents/{document}/read-state", "{}",                                      [401, 200, 200, 200, 200]),
    ("PUT /documents/{document:hiddenDocument}/read-state", "{}",                       [401, 404, 200, 200, 404]),
    ("POST /networks/{network:hiddenNetwork}/documents", r#"{"kind":"note","title":"T","body":"B"}"#, [401, 404, 201, 201, 404]),
    ("PATCH /documents/{document:hiddenDocument}", r#"{"kind":"plan"}"#, [401, 404, 200, 200, 404]),
    ("GET /documents/{document:hiddenDocument}/revisions/{number}", "", [404, 404, 200, 200, 404]),
    ("POST /documents/{document:hiddenDocument}/revisions/{number}/_restore", "", [401, 404, 200, 200, 404]),
    // drafts: of the member, about the public document. `If-Match: *` finds nothing of others: what they send is kept.
    ("GET /drafts", "",                                                                 [401, 200, 200, 200, 200]),
    ("GET /drafts/{kind:draftKind}/{target:document}", "",                              [401, 404, 200, 404, 404]),
    ("PUT /drafts/{kind:draftKind}/{target:document}", r#"{"body":"B"}"#,               [401, 412, 200, 412, 412]),
    ("PUT /drafts/{kind:draftKind}/{target:hiddenDocument}", r#"{"body":"B"}"#,         [401, 412, 412, 412, 412]),
    ("POST /text-checks", r#"{"text":"Kort."}"#,                                        [401, 200, 200, 200, 200]),
    ("DELETE /drafts/{kind:draftKind}/{target:document}", "",                           [401, 404, 204, 404, 404]),
    // adopting: the coordinator and the member may write in the public network, which adopts
    ("GET /documents/{document}/adoptions", "",                                         [200; 5]),
    ("GET /documents/{document:membersDocument}/adoptions", "",                         [404, 404, 200, 200, 404]),
    ("GET /documents/{document:hiddenDocument}/adoptions", "",                          [404, 404, 200, 200, 404]),
    ("POST /documents/{document}/adoptions", r#"{"network":"<network>","municipality":"GM0193"}"#, [401, 403, 201, 201, 403]),
    ("POST /documents/{document:membersDocument}/adoptions", r#"{"network":"<network>","municipality":"GM0193"}"#, [401, 404, 201, 201, 404]),
    ("POST /documents/{document:hiddenDocument}/adoptions", r#"{"network":"<network>","municipality":"GM0193"}"#, [401, 404, 403, 403, 404]),
    ("GET /documents/{document:adopted}/upstream", "",                                  [200; 5]),
    ("GET /documents/{document}/upstream", "",                                          [404; 5]),
    ("GET /documents/{document:hiddenDocument}/upstream", "",                           [404; 5]),
    ("POST /documents/{document:adopted}/upstream/_takeover", r#"{"revision":1,"others":"theirs"}"#, [401, 403, 200, 200, 403]),
    ("POST /documents/{document:hiddenDocument}/upstream/_takeover", r#"{"revision":1}"#, [401, 404, 404, 404, 404]),
    ("GET /documents/{document}/variants", "",                                          [200; 5]),
    ("GET /documents/{document:hiddenDocument}/variants", "",                           [404, 404, 200, 200, 404]),
    ("POST /documents/{document}/variants", r#"{"kind":"easyRead","title":"T","body":"B"}"#, [401, 403, 201, 201, 403]),
    ("POST /documents/{document:hiddenDocument}/variants", r#"{"kind":"easyRead","title":"T","body":"B"}"#, [401, 404, 201, 201, 404]),
    ("GET /digests", "",                                                                [401, 200, 200, 200, 200]),
    ("GET /digests/{digest}", "", [401, 404, 200, 404, 404]), // the member's
    ("GET /jobs/{job}", "",                                                             [401, 404, 200, 404, 404]), // the member's
    // archives: of the public network, asked for by the member                         anon stra memb coor admin
    ("GET /documents/{document}/export", "",                                            [200; 5]),
    ("GET /documents/{document:membersDocument}/export?format=html", "",                [404, 404, 200, 200, 404]),
    ("GET /documents/{document:hiddenDocument}/export", "",                             [404, 404, 200, 200, 404]),
    ("POST /networks/{network}/archives", "",                                           [401, 403, 202, 202, 403]),
    ("POST /networks/{network:hiddenNetwork}/archives", "",                             [401, 404, 202, 202, 404]),
    ("POST /account/exports", "",                                                       [401, 202, 202, 202, 202]),
    ("GET /archives/{archive}/content", "",                                             [401, 404, 200, 200, 404]),
    ("POST /network-imports", "file for <network>",                                     [401, 403, 403, 403, 400]),
    ("GET /archive-schemas/{kind:schema}", "",                                          [200; 5]),
    ("GET /home", "",                                                                   [401, 200, 200, 200, 200]),
    // help: an offer of the member                                                     anon stra memb coor admin
    ("GET /help-offers", "",                                                            [401, 200, 200, 200, 200]),
    ("POST /help-offers", r#"{"sentence":"Ik help met haltes."}"#,                      [401, 201, 201, 201, 201]),
    ("GET /help-offers/{offer}", "",                                                    [401, 200, 200, 200, 200]),
    ("PATCH /help-offers/{offer}", r#"{"paused":true}"#,                                [401, 403, 200, 403, 403]),
    ("DELETE /help-offers/{offer}", "",                                                 [401, 403, 204, 403, 204]),
    ("POST /help-offers/{offer}/_ask", r#"{"network":"<beleid>","message":"Helpt u mee?"}"#, [401, 403, 403, 409, 403]),
    ("POST /help-offers/{offer}/_ask", r#"{"network":"<hiddenNetwork>","message":"Helpt u mee?"}"#, [401, 400, 403, 409, 400]),
    ("POST /help-offers/{offer:strangersOffer}/_ask", r#"{"network":"<hiddenNetwork>","message":"Helpt u mee?"}"#, [401, 400, 403, 204, 400]),
    // federation                                                                       anon stra memb coor admin
    ("GET /federation", "",                                                             [200; 5]),
    ("PUT /federation", r#"{"reach":"open"}"#,                                          [401, 403, 403, 403, 200]),
    ("GET /peer-rules", "",                                                             [401, 403, 403, 403, 200]),
    ("PUT /peer-rules/{host}", r#"{"rule":"block","reason":"Reclame."}"#,               [401, 403, 403, 403, 200]),
    ("DELETE /peer-rules/{host}", "",                                                   [401, 403, 403, 403, 204]),
    ("GET /peers", "",                                                                  [401, 403, 403, 403, 200]),
    ("GET /peers/{host}", "",                                                           [401, 403, 403, 403, 404]), // never met
    ("GET /parked-messages", "",                                                        [401, 403, 403, 403, 200]),
    ("POST /parked-messages/{message:unknown}/_retry", "",                              [401, 403, 403, 403, 404]),
    ("DELETE /parked-messages/{message:unknown}", "",                                   [401, 403, 403, 403, 404]),
    ("GET /parked-deliveries", "",                                                      [401, 403, 403, 403, 200]),
    ("POST /parked-deliveries/{delivery:unknown}/_retry", "",                           [401, 403, 403, 403, 404]),
    ("DELETE /parked-deliveries/{delivery:unknown}", "",                                [401, 403, 403, 403, 404]),
    ("GET /networks/{network}/instances", "",                                           [401, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/instances", "",                             [401, 404, 403, 200, 404]),
    ("GET /networks/{network}/erasures", "",                                            [401, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/erasures", "",                              [401, 404, 403, 200, 404]),
    ("GET /erasures", "",                                                               [401, 403, 403, 403, 200]),
    ("GET /erasures?mine=true", "",                                                     [401, 200, 200, 200, 200]),
    ("GET /erasures/{erasure}/instances", "",                                           [401, 404, 404, 404, 404]), // none is there
    // moderation: a report by the stranger of the public thread                        anon stra memb coor admin
    ("GET /networks/{network}/reports", "",                                             [401, 403, 403, 200, 403]),
    ("GET /networks/{network}/reports?mine=true", "",                                   [401, 200, 200, 200, 200]),
    ("GET /networks/{network:membersNetwork}/reports", "",                              [401, 403, 403, 200, 403]),
    ("GET /networks/{network:hiddenNetwork}/reports", "",                               [401, 404, 403, 200, 404]),
    ("POST /networks/{network}/reports", r#"{"kind":"reply","id":"<reply>","reason":"Onaardig."}"#, [401, 201, 201, 201, 201]),
    ("POST /networks/{network:membersNetwork}/reports", r#"{"kind":"reply","id":"<membersReply>","reason":"Onaardig."}"#, [401, 403, 201, 201, 403]),
    ("POST /networks/{network:hiddenNetwork}/reports", r#"{"kind":"document","id":"<hiddenDocument>","reason":"Onaardig."}"#, [401, 404, 201, 201, 404]),
    ("GET /reports/{report}", "",                                                       [401, 200, 404, 200, 404]),
    ("PATCH /reports/{report}", r#"{"state":"resolved","decision":"Weggehaald."}"#,     [401, 403, 404, 200, 404]),
    // templates                                                                        anon stra memb coor admin
    ("GET /templates", "",                                                              [200; 5]),
    ("GET /templates/{template}", "",                                                   [200; 5]),
    ("GET /templates/{template}?network=hidden", "",                                    [400, 400, 200, 200, 400]),
    ("POST /templates", r#"{"key":"schouw","kind":"document","name":"Schouw","summary":"Samen kijken.","documentKind":"note","title":"T","body":"B"}"#, [401, 403, 403, 403, 201]),
    ("PATCH /templates/{template}", r#"{"name":"Verslagen"}"#,                          [401, 403, 403, 403, 200]),
    ("DELETE /templates/{template}", "",                                                [401, 403, 403, 403, 409]), // it came with Kring
    ("POST /networks/{network}/documents", r#"{"template":"minutes.nl"}"#,              [401, 403, 201, 201, 403]),
    // imports
    ("POST /networks/{network}/document-imports", "a document",                         [401, 403, 201, 201, 403]),
    ("POST /networks/{network}/document-imports", "{}",                                 [401, 415, 415, 415, 415]),
    ("POST /networks/{network:membersNetwork}/document-imports", "a document",          [401, 403, 201, 201, 403]),
    ("POST /networks/{network:hiddenNetwork}/document-imports", "a document",           [401, 404, 201, 201, 404]),
    // search: what of it everyone finds is in tests/search.rs
    ("GET /search?query=perron", "",                                                    [200; 5]),
    ("GET /search?query=perron&network=members", "",                                    [403, 403, 200, 200, 403]),
    ("GET /search?query=perron&network=hidden", "",                                     [400, 400, 200, 200, 400]),
    // attachments: of a thread of the member; of those that belong to nothing: tests/attachments.rs
    ("POST /attachments", "file for <network>", [401, 403, 201, 201, 403]),
    ("POST /attachments", "file for <membersNetwork>", [401, 403, 201, 201, 403]),
    ("POST /attachments", "file for <hiddenNetwork>", [401, 404, 201, 201, 404]),
    ("POST /attachments", r#"{}"#, [401, 415, 415, 415, 415]),
    ("GET /attachments/{attachment}", "", [200; 5]),
    ("GET /attachments/{attachment:membersAttachment}", "", [404, 404, 200, 200, 404]),
    ("GET /attachments/{attachment:hiddenAttachment}", "", [404, 404, 200, 200, 404]),
    ("GET /attachments/{attachment}/content", "", [200; 5]),
    ("GET /attachments/{attachment:membersAttachment}/content", "", [404, 404, 200, 200, 404]),
    ("GET /attachments/{attachment:hiddenAttachment}/content", "", [404, 404, 200, 200, 404]),
    ("PATCH /attachments/{attachment}", r#"{"alt":"Een halte"}"#, [401, 403, 200, 200, 403]),
    ("PATCH /attachments/{attachment:hiddenAttachment}", r#"{"alt":"Een halte"}"#, [401, 404, 200, 200, 404]),
    ("DELETE /attachments/{attachment}", "", [401, 403, 204, 204, 403]),
    ("DELETE /attachments/{attachment:hiddenAttachment}", "", [401, 404, 204, 204, 404]),
];

/// `GET /networks/{network:hidden}?limit=1` is a call of the operation `GET /networks/{network}`.
fn operation(call: &str) -> String {
    let path = call.split('?').next().unwrap_or(call);
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |mut whole, piece| {
        let (parameter, rest) = piece.split_once('}').unwrap_or_else(|| panic!("{call}: a brace is open"));
        whole.push_str(&format!("{{{}}}{rest}", parameter.split(':').next().unwrap_or_default()));
        whole
    })
}

/// Every operation of the document: `METHOD path`, and the statuses that it promises.
fn operations() -> Vec<(String, BTreeSet<u16>)> {
    let mut found = Vec::new();
    for (path, methods) in kring::web::openapi::value()["paths"].as_object().expect("paths") {
        let methods = methods.as_object().expect("methods").iter();
        for (method, operation) in methods.filter(|(method, _)| *method != "parameters") {
            let statuses = operation["responses"].as_object().expect("responses").keys();
            let statuses = statuses.filter_map(|status| status.parse().ok()).collect();
            found.push((format!("{} {path}", method.to_uppercase()), statuses));
        }
    }
    found
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let known: BTreeSet<String> = operations().into_iter().map(|(operation, _)| operation).collect();
    let rows: BTreeSet<String> = ROWS.iter().map(|(call, ..)| operation(call)).collect();
    let without: Vec<&String> = known.difference(&rows).collect();
    assert!(without.is_empty(), "say in tests/coverage.rs who may do this: {without:#?}");
    let gone: Vec<&String> = rows.difference(&known).collect();
    assert!(gone.is_empty(), "rows of operations that are not there: {gone:#?}");
}

#[test]
fn everything_in_a_network_is_asked_for_in_a_hidden_one_too() {
    let hidden: BTreeSet<String> = ROWS
        .iter()
        .filter(|(call, ..)| call.contains(":hidden"))
        .map(|(call, ..)| operation(call))
        .collect();
    let inside = ["{network}", "{thread}", "{reply}", "{document}", "{attachment}"];
    let inside = |operation: &String| inside.iter().any(|parameter| operation.contains(parameter));
    let without: Vec<String> =
        operations().into_iter().map(|(operation, _)| operation).filter(inside).collect();
    let without: Vec<&String> = without.iter().filter(|operation| !hidden.contains(*operation)).collect();
    assert!(without.is_empty(), "say who may do this in a hidden network: {without:#?}");
}

#[test]
fn everyone_gets_what_their_column_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let wrong = runtime.block_on(async {
        let world = world::build().await;
        let mut stage = Stage { current: None };
        let mut wrong = Vec::new();
        for row in ROWS {
            wrong.extend(stage.play(&world, row).await);
        }
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The world that calls are made on: a copy, made anew after every call that changed it.
struct Stage {
    current: Option<TestApp>,
}

impl Stage {
    /// Makes the call of a row as each of [`WHO`], and tells what came out otherwise.
    async fn play(&mut self, world: &World, row: &Row) -> Vec<String> {
        let (call, body, expected) = row;
        let promised = operations().into_iter().find(|(name, _)| *name == operation(call));
        let promised = promised.map(|(_, statuses)| statuses).unwrap_or_default();
        let mut wrong = Vec::new();
        for (who, expected) in WHO.into_iter().zip(expected) {
            let app = self.current.get_or_insert_with(|| TestApp::copied(&world.app));
            let status = ask(&world.as_who(app, who), world, call, body).await;
            if status != *expected {
                wrong.push(format!("{call} {body}: {who} gets {status}, the table says {expected}"));
            }
            if !promised.contains(&status) {
                wrong.push(format!("{call}: {status} does not stand in the OpenAPI document"));
            }
            if !call.starts_with("GET ") && status < 400 {
                self.current = None;
            }
        }
        wrong
    }
}

async fn ask(client: &Client, world: &World, call: &str, body: &str) -> u16 {
    let (method, path) = call.split_once(' ').expect("a method and a path");
    let mut request = client.call(method, &format!("/v1{}", world.fill(path)));
    if method != "GET" {
        request = request.header("if-match", "*");
    }
    if body == "a document" {
        let file = Part::text("# Haltes\n\nElke halte.").file_name("haltes.md");
        request = request.form(Form::new().part("file", file));
    } else if let Some(network) = body.strip_prefix("file for ") {
        let file = Part::text("De stoep is te hoog.").file_name("halte.txt");
        request = request.form(Form::new().text("network", world.fill(network)).part("file", file));
    } else if let Some(lines) = body.strip_prefix("csv ") {
        request = request.body("text/csv", lines);
    } else if !body.is_empty() {
        let body = world.fill(body);
        let body: Value =
            serde_json::from_str(&body).unwrap_or_else(|fault| panic!("{call} {body}: {fault}"));
        request = request.json(&body);
    }
    request.await.status
}
