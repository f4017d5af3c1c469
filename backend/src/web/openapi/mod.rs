//! The OpenAPI document: generated from the routes, then completed by rules that hold for every operation, so
//! that a handler's annotation says only what is its own.
//!
//! The rules: operation ids in camelCase; path parameters by name; security (`GET` may be anonymous unless it
//! says otherwise, everything else needs a session); the problems an operation can answer with; the version
//! header of the NLGov REST API Design Rules.

mod parameters;
mod schemas;

use std::sync::{Arc, LazyLock};

use actix_web::App as Actix;
use serde_json::{Value, json};
use utoipa_actix_web::AppExt as _;

use super::problem::Problem;
use super::server::{API_VERSION, api};

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
static JSON: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", *DOCUMENT));

/// The document, as it is served and committed.
pub fn json() -> &'static str {
    &JSON
}

/// The document, for those who look into it.
pub fn value() -> &'static Value {
    &DOCUMENT
}

/// The paths of operations as sub-resources, which all are POST.
pub fn operations() -> impl Iterator<Item = &'static str> {
    let paths = DOCUMENT["paths"].as_object().into_iter().flatten();
    paths.map(|(path, _)| path.as_str()).filter(|path| path.contains("/_"))
}

/// Which methods each path knows, to tell 405 from 404, and which of them need a session.
pub struct MethodTable(Vec<(actix_web::dev::ResourceDef, Vec<Known>)>);

struct Known {
    method: String,
    needs_session: bool,
}

impl MethodTable {
    /// The one of this process: the document is the same for all.
    pub fn shared() -> Arc<Self> {
        static SHARED: LazyLock<Arc<MethodTable>> = LazyLock::new(|| Arc::new(MethodTable::read()));
        SHARED.clone()
    }

    fn read() -> Self {
        let paths = DOCUMENT["paths"].as_object().into_iter().flatten();
        Self(
            paths
                .map(|(path, methods)| {
                    let methods = methods.as_object().into_iter().flatten();
                    let known =
                        methods.filter(|(method, _)| *method != "parameters").map(|(method, operation)| {
                            Known {
                                method: method.to_uppercase(),
                                needs_session: operation["security"] == json!([{ "bearer": [] }]),
                            }
                        });
                    (actix_web::dev::ResourceDef::new(format!("/v1{path}")), known.collect())
                })
                .collect(),
        )
    }

    /// The methods of `path`; none where there is no such path.
    pub fn allowed(&self, path: &str) -> Vec<&str> {
        self.known(path).into_iter().map(|known| known.method.as_str()).collect()
    }

    /// Does nobody without a session do this?
    pub fn needs_session(&self, method: &str, path: &str) -> bool {
        self.known(path).iter().any(|known| known.method == method && known.needs_session)
    }

    /// An operation as a sub-resource (`/sessions/_refresh`) is not also a session of that name.
    fn known(&self, path: &str) -> Vec<&Known> {
        let of = |wanted: &dyn Fn(&actix_web::dev::ResourceDef) -> bool| {
            let paths = self.0.iter().filter(|(definition, _)| wanted(definition));
            paths.flat_map(|(_, methods)| methods).collect::<Vec<_>>()
        };
        let by_name = of(&|definition| definition.pattern() == Some(path));
        if by_name.is_empty() {
            of(&|definition| definition.is_match(path))
        } else {
            by_name
        }
    }
}

/// What an operation is about, in the order of the docs page.
const TAGS: &[(&str, &str)] = &[
    ("home", "What waits for you."),
    ("accounts", "Registering, passwords and your own account."),
    ("sessions", "Signing in and out."),
    ("persons", "How others see people."),
    (
        "municipalities",
        "Dutch municipalities (source: CBS, CC BY 4.0), and those of other countries.",
    ),
    ("networks", "Theme networks across municipalities."),
    ("memberships", "Joining, inviting, roles."),
    ("mail-members", "Members who are invited by e-mail address, and read nothing but the digest."),
    ("threads", "Conversations, replies, reactions and what you have read."),
    ("documents", "Plans, guides, minutes and notes that a network owns."),
    ("drafts", "What you are writing: kept across sessions and devices, for you alone."),
    ("templates", "How networks and documents can begin."),
    ("attachments", "Files that belong to threads, replies and documents."),
    ("help", "Offering help to networks that seek it."),
    ("moderation", "Reporting what should not stand there, and deciding about it."),
    ("search", "Finding."),
    ("jobs", "Long work you asked for."),
    ("digests", "The mail of what happened."),
    ("federation", "Exchanging with other instances."),
    ("instance", "This server."),
    ("admin", "Running this server."),
];

fn document() -> Value {
    let (_, spec) = Actix::new().into_utoipa_app().configure(api).split_for_parts();
    let mut spec = serde_json::to_value(&spec).unwrap_or_default();
    spec["openapi"] = json!("3.1.0");
    spec["info"] = json!({
        "title": "Kring",
        "version": API_VERSION,
        "description": "Theme networks of experts by experience, organisations and municipalities.\n\n\
            Sign in with `POST /sessions` and send the access token as `Authorization: Bearer …`. Errors are \
            `application/problem+json` with a plain sentence in Dutch or English (`Accept-Language`) and, where fields \
            are wrong, every one of them. Lists take `limit` and `cursor`. Hidden things are 404.\n\n\
            No time limit costs anybody their work (WCAG 2.2, 2.2.1), and none that touches it is shorter than 20 hours. \
            What is written is kept as a draft (`/drafts`) for 396 days after it was last saved, with its files; a file that \
            belongs to nothing and to no draft, for 24 hours. A session lasts 30 days without being used, and `POST \
            /sessions/_refresh` prolongs it; an access token lasts 15 minutes, and the request that it was too old for can \
            be sent again as it was. An answer under an `Idempotency-Key` is given again for 24 hours. Links in mails: to \
            confirm an address 7 days, to choose a password 24 hours, to read a digest 60 days; each can be asked for \
            anew.\n\n\
            Outside `/v1`, `GET` and `POST /unsubscribe/{token}` stop the digest with the word from its mail, without \
            signing in: a `GET` shows one button and changes nothing, a `POST` stops it (RFC 8058).\n\n\
            What everyone may read stands on pages outside `/v1` too, without scripts, at addresses that stay: \
            `/networks/{slug}`, `/threads/{id}`, `/documents/{id}` (as Markdown at `/documents/{id}.md`), \
            `/municipalities` and `/municipalities/{code}`. `/networks/{slug}/feed.atom` and \
            `/municipalities/{code}/feed.atom` tell what is new (Atom, RFC 4287); `/sitemap.xml` and `/robots.txt` are \
            for search engines. They honour `If-None-Match` and `If-Modified-Since`.",
        "contact": { "name": "Kring maintainers", "url": "https://example.org/kring", "email": "kring@example.org" },
        "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
    });
    spec["servers"] = json!([{ "url": "/v1", "description": "This instance" }]);
    spec["tags"] = TAGS
        .iter()
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect();
    spec["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The `accessToken` of `POST /sessions`." }
    });
    if let Some(paths) = spec["paths"].as_object_mut() {
        for (path, operations) in paths {
            for (method, operation) in operations.as_object_mut().into_iter().flatten() {
                complete(path, method, operation);
            }
        }
    }
    fn schema<T: utoipa::PartialSchema>() -> Value {
        serde_json::to_value(T::schema()).unwrap_or_default()
    }
    let schemas = &mut spec["components"]["schemas"];
    schemas["Problem"] = schema::<Problem>();
    schemas["ProblemField"] = schema::<super::problem::ProblemField>();
    schemas["CurrentText"] = schema::<super::CurrentText>();
    schemas["Comparison"] = schema::<crate::text::differences::Comparison>();
    schemas::complete(&mut spec);
    spec
}

/// Adds to one operation what follows from the rules.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().map(camel_case).unwrap_or_default();
    operation["operationId"] = json!(id);
    if operation.get("security").is_none() {
        operation["security"] = if method == "get" {
            json!([{}, { "bearer": [] }])
        } else {
            json!([{ "bearer": [] }])
        };
    }
    let security = operation["security"].to_string();
    let (open, sessions) = (security == "[{}]", security.contains("bearer"));
    parameters::complete(&id, path, operation, sessions);
    let has_body = operation.get("requestBody").is_some();
    if has_body {
        // The one that may go without: closing an account.
        operation["requestBody"]["required"] = json!(method != "delete");
    }
    let has_parameters = operation["parameters"].as_array().is_some_and(|list| !list.is_empty());
    let tagged = operation["responses"]
        .as_object()
        .into_iter()
        .flatten()
        .any(|(_, answer)| answer["headers"].get("ETag").is_some());
    let conditional = operation["parameters"].to_string().contains("\"If-Match\"");

    let mut problems: Vec<(&str, &str)> = vec![
        ("429", "Too many attempts; `Retry-After` says how long to wait."),
        ("500", "A fault of the server."),
        ("503", "The server cannot do this now; nothing is lost."),
    ];
    if has_parameters || has_body || method != "get" {
        problems.push(("400", "What was sent cannot be used; `errors` names every field."));
    }
    if !open || id == "createSession" || id == "refreshSession" {
        problems.push(("401", "Sign in first, or again."));
    }
    if sessions || path == "/accounts" || path == "/sessions" {
        problems.push(("403", "Known, but barred; `code` says what helps."));
    }
    if path.contains('{') {
        problems.push(("404", "There is no such thing, or you may not see it."));
    }
    if method != "get" {
        problems.push(("409", "It does not go with how things stand; `code` says why."));
    }
    if has_body {
        problems.push(("413", "Too large."));
        problems.push(("415", "Not a kind of content that is taken here."));
    }
    if conditional {
        problems.push((
            "412",
            "Somebody else changed it meanwhile; `currentEtag` names the present version. Where \
                `draft` is there, the text that was sent is kept, and it says where.",
        ));
        problems.push(("428", "`If-Match` is missing."));
    }
    let responses = &mut operation["responses"];
    for (status, description) in problems {
        if responses.get(status).is_none() {
            responses[status] = json!({
                "description": description,
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            });
        }
    }
    if tagged && method == "get" {
        responses["304"] = json!({ "description": "You have this version already." });
    }
    for (status, answer) in responses.as_object_mut().into_iter().flatten() {
        if status.starts_with(['2', '3']) {
            answer["headers"]["API-Version"] =
                json!({ "description": "The version of the API.", "schema": { "type": "string" } });
        }
    }
}

fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}
