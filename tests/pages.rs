//! Kring's own pages: what a browser gets, and what a reader may do there.

#[path = "pages/finding.rs"]
mod finding;
#[path = "pages/official.rs"]
mod official;

use chrono::Duration;
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp, html};

/// What a browser asks with.
const BROWSER: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

/// Opens a page as a browser of a Dutch reader does.
async fn open(app: &TestApp, path: &str) -> Response {
    open_in(app, "nl", path).await
}

async fn open_in(app: &TestApp, languages: &str, path: &str) -> Response {
    let path = path.strip_prefix(&app.base).unwrap_or(path);
    let call = app.anonymous().get(path).header("accept", BROWSER).header("accept-language", languages);
    page(call.await)
}

/// Presses the button of a form.
async fn press(app: &TestApp, path: &str, form: &str) -> Response {
    let path = path.strip_prefix(&app.base).unwrap_or(path);
    let call = app.anonymous().call("POST", path).header("accept", BROWSER).header("accept-language", "nl");
    page(call.body("application/x-www-form-urlencoded", form).await)
}

/// Holds a page against what holds for all of them.
fn page(answer: Response) -> Response {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{answer}");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!answer.headers.contains_key("set-cookie"), "{answer}");
    if answer.status != 304 {
        html::check(&answer.body());
    }
    answer
}

fn heading(answer: &Response) -> String {
    let tags = html::tags(&answer.body());
    tags.into_iter()
        .find(|tag| tag.name == "h1")
        .map(|tag| tag.text.trim().to_owned())
        .unwrap_or_default()
}

async fn register(app: &TestApp) -> String {
    let account = json!({
        "handle": "ann", "displayName": "Ann", "email": "ann@example.org", "password": PASSWORD, "language": "nl",
    });
    app.anonymous().post("/v1/accounts", account).await.expect(202);
    app.mail_to("ann@example.org").await.link()
}

async fn reset_link(app: &TestApp) -> String {
    app.anonymous()
        .post("/v1/password-resets", json!({ "email": "ann@example.org" }))
        .await
        .expect(202);
    app.mail_to("ann@example.org").await.link()
}

async fn signs_in(app: &TestApp, password: &str) -> bool {
    let login = json!({ "login": "ann", "password": password });
    app.anonymous().post("/v1/sessions", login).await.status == 201
}

/// A network with this visibility, and the coordinator whose it is.
async fn network(app: &TestApp, visibility: &str) -> Client {
    let ann = app.member("ann").await;
    let network = json!({
        "slug": "haltes", "name": "Haltes voor iedereen", "description": "Perrons, **trappen** en borden.",
        "visibility": visibility, "municipalities": ["GM0344"], "themes": ["vervoer"], "language": "nl",
    });
    ann.post("/v1/networks", network).await.expect(201);
    ann
}

async fn thread(who: &Client, title: &str) -> String {
    let thread = json!({ "title": title, "body": "## Wat ik zag\n\nMet een rolstoel kom ik er niet in." });
    who.post("/v1/networks/haltes/threads", thread).await.expect(201).text("/id")
}

async fn reply(who: &Client, thread: &str, body: &str, parent: Value) -> String {
    let reply = json!({ "body": body, "parent": parent });
    who.post(&format!("/v1/threads/{thread}/replies"), reply).await.expect(201).text("/id")
}

both! {
    async fn a_confirmation_link_shows_one_button_and_only_the_button_confirms(app: &TestApp) {
        let link = register(app).await;
        for _ in 0..2 {
            let shown = open(app, &link).await.expect(200);
            assert_eq!(heading(&shown), "Bevestig uw e-mailadres");
            assert!(shown.body().contains("@ann"), "it says whose account it is");
            assert_eq!(shown.body().matches("<button").count(), 1);
            assert_eq!(shown.header("cache-control"), "no-store");
            assert_eq!(shown.header("referrer-policy"), "no-referrer");
            assert!(!signs_in(app, PASSWORD).await, "opening the link is not enough");
        }
        let done = press(app, &link, "").await.expect(200);
        assert_eq!(heading(&done), "Uw e-mailadres is bevestigd");
        assert!(signs_in(app, PASSWORD).await);
        assert!(open(app, &link).await.expect(200).body().contains("Dat was al gebeurd"));
    }

    async fn a_confirmation_link_that_is_over_offers_a_new_one(app: &TestApp) {
        let link = register(app).await;
        app.pass(Duration::days(7));
        for over in [open(app, &link).await, press(app, &link, "").await] {
            let over = over.expect(410);
            assert_eq!(heading(&over), "Deze link werkt niet meer");
            assert!(over.body().contains("action=\"/verify-email\""));
        }
        press(app, "/verify-email", "email=ann%40example.org").await.expect(200);
        let again = app.mail_to("ann@example.org").await.link();
        press(app, &again, "").await.expect(200);
        assert!(signs_in(app, PASSWORD).await);
    }

    async fn a_new_password_is_chosen_on_the_page_the_mail_leads_to(app: &TestApp) {
        app.member("ann").await;
        let link = reset_link(app).await;
        let form = open(app, &link).await.expect(200);
        assert!(form.body().contains("autocomplete=\"new-password\""));
        let short = press(app, &link, "password=kort").await.expect(400);
        let told = short.body();
        assert!(told.contains("<title>Fout: Kies een nieuw wachtwoord"), "{told}");
        assert!(told.contains("aria-describedby=\"password-hint password-error\"") && told.contains("href=\"#password\""));
        assert!(!told.contains("value=\"kort\""), "a password is not sent back");
        assert!(signs_in(app, PASSWORD).await, "nothing has changed yet");
        let done = press(app, &link, "password=een+andere+lange+zin").await.expect(200);
        assert_eq!(heading(&done), "Uw nieuwe wachtwoord werkt");
        assert!(signs_in(app, "een andere lange zin").await && !signs_in(app, PASSWORD).await);
        for over in [open(app, &link).await, press(app, &link, "password=een+derde+lange+zin").await] {
            assert_eq!(heading(&over.expect(410)), "Deze link werkt niet meer");
        }
    }

    async fn a_page_that_sends_a_mail_says_the_same_of_every_address(app: &TestApp) {
        app.member("ann").await;
        for path in ["/reset-password", "/verify-email"] {
            open(app, path).await.expect(200);
            let known = press(app, path, "email=ann%40example.org").await.expect(200);
            let unknown = press(app, path, "email=nobody%40example.org").await.expect(200);
            assert_eq!(known.body(), unknown.body());
            let wrong = press(app, path, "email=%22nobody%22%3C").await.expect(400);
            assert!(wrong.body().contains("value=\"&#34;nobody&#34;&#60;\""), "{wrong}");
        }
        app.mail_to("ann@example.org").await;
    }

    [|settings| settings.attempts_per_minute = 1]
    async fn who_tries_too_often_is_told_so_in_words(app: &TestApp) {
        press(app, "/reset-password", "email=ann%40example.org").await.expect(200);
        let told = press(app, "/reset-password", "email=ann%40example.org").await.expect(429);
        assert_eq!(heading(&told), "Even geduld");
        assert!(told.headers.contains_key("retry-after"));
    }

    async fn a_public_network_can_be_read_by_everyone(app: &TestApp) {
        let ann = network(app, "public").await;
        let thread = thread(&ann, "Perron te laag").await;
        let home = open(app, "/").await.expect(200);
        assert!(home.body().contains("href=\"/networks/haltes\""));
        let network = open(app, "/networks/haltes").await.expect(200);
        assert_eq!(heading(&network), "Haltes voor iedereen");
        let body = network.body();
        for said in ["<strong>trappen</strong>", "Utrecht", "Dit netwerk is voorgesteld", "Iedereen mag lid worden"] {
            assert!(body.contains(said), "{said}:\n{body}");
        }
        assert!(body.contains(&format!("href=\"/threads/{thread}\"")));
        assert!(!body.contains("ann de Vries,"), "who belongs to it is not told");
        let conversation = open(app, &format!("/threads/{thread}")).await.expect(200);
        assert!(conversation.body().contains(&format!("rel=\"canonical\" href=\"{}/threads/{thread}\"", app.base)));
        assert!(conversation.body().contains(&format!("/v1/threads/{thread}\"")));
        let person = open(app, "/@ann").await.expect(200);
        assert_eq!(heading(&person), "ann de Vries");
        open(app, "/@nobody").await.expect(404);
    }

    async fn what_is_hidden_is_the_same_404_as_what_is_not_there(app: &TestApp) {
        let ann = network(app, "hidden").await;
        let thread = thread(&ann, "Perron te laag").await;
        for (hidden, nothing) in [
            ("/networks/haltes".to_owned(), "/networks/nergens".to_owned()),
            (format!("/threads/{thread}"), "/threads/01k9q3v8r0a7c".to_owned()),
        ] {
            let hidden_page = open(app, &hidden).await.expect(404);
            let nothing_page = open(app, &nothing).await.expect(404);
            assert_eq!(hidden_page.body().replace(&hidden, ""), nothing_page.body().replace(&nothing, ""));
            assert_eq!(heading(&hidden_page), "Deze pagina is er niet");
        }
        assert!(!open(app, "/").await.body().contains("haltes"));
    }

    async fn a_network_for_members_shows_itself_and_nothing_that_is_in_it(app: &TestApp) {
        let ann = network(app, "members").await;
        let thread = thread(&ann, "Perron te laag").await;
        let shown = open(app, "/networks/haltes").await.expect(200);
        assert!(shown.body().contains("is voor leden") && !shown.body().contains("Perron te laag"));
        open(app, &format!("/threads/{thread}")).await.expect(404);
    }

    async fn who_answers_whom_stands_in_lists_in_headings_and_in_words(app: &TestApp) {
        let ann = network(app, "public").await;
        let bob = app.member("bob").await;
        bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        let thread = thread(&ann, "Perron te laag").await;
        let first = reply(&bob, &thread, "# Kop\n\nIk ook.", Value::Null).await;
        let second = reply(&ann, &thread, "Waar was dat?", json!(first)).await;
        let third = reply(&bob, &thread, "Bij het ziekenhuis.", json!(second)).await;
        let fourth = reply(&bob, &thread, "En nog iets.", Value::Null).await;
        ann.put(&format!("/v1/replies/{fourth}/reactions/recognise"), json!({})).await;
        ann.delete(&format!("/v1/replies/{second}")).await.expect(204);
        let shown = open(app, &format!("/threads/{thread}")).await.expect(200);
        let body = shown.body();
        let places: Vec<usize> = [&first, &second, &third, &fourth]
            .iter()
            .map(|id| body.find(&format!("<li id=\"reply-{id}\">")).unwrap_or_else(|| panic!("{id}:\n{body}")))
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(body[places[0]..places[2]].matches("<ol").count(), 2, "each answer in the list of what it answers");
        assert_eq!(body[places[2]..places[3]].matches("</ol>").count(), 2);
        assert!(body.contains("<h4>Kop</h4>"), "a heading in a reply stands below the reply's own");
        assert!(body.contains("Deze reactie is verwijderd."));
        assert!(body.contains(&format!("href=\"#reply-{second}\">antwoordt iemand, in een verwijderde reactie")));
        assert!(body.contains("3 reacties"), "{body}");
    }

    async fn a_long_conversation_comes_in_pages_and_a_reply_is_found_on_its_own(app: &TestApp) {
        let ann = network(app, "public").await;
        let thread = thread(&ann, "Perron te laag").await;
        let mut ids = Vec::new();
        for number in 0..60 {
            let parent = if number % 2 == 1 { json!(ids[number - 1]) } else { Value::Null };
            ids.push(reply(&ann, &thread, &format!("Nummer {number}."), parent).await);
        }
        let first = open(app, &format!("/threads/{thread}")).await.expect(200).body();
        assert!(first.contains(&ids[49]) && !first.contains(&format!("reply-{}", ids[50])));
        let next = first.split("href=\"").find(|rest| rest.contains("rel=\"next\"")).unwrap();
        let next = next.split(['"', '#']).next().unwrap().to_owned();
        let second = open(app, &next).await.expect(200).body();
        assert!(second.contains(&format!("id=\"reply-{}\"", ids[50])) && second.contains("rel=\"prev\""));
        let around = open(app, &format!("/threads/{thread}?around={}", ids[59])).await.expect(200).body();
        assert!(around.contains(&format!("id=\"reply-{}\"", ids[59])));
        for nonsense in ["around=x", "around=01k9q3v8r0a7c", "after=x", "utm_source=x"] {
            open(app, &format!("/threads/{thread}?{nonsense}")).await.expect(200);
        }
    }

    async fn a_document_can_be_read_as_it_is_and_as_it_was(app: &TestApp) {
        let ann = network(app, "public").await;
        let body = "# Visie\n\nVoor iedereen.\n\n## Wie\n\nWij.\n\n## Wanneer\n\n|a|b|\n|-|-|\n|1|2|";
        let plan = json!({ "kind": "plan", "title": "Plan haltes", "body": body, "municipalities": ["GM0344"] });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201);
        let (id, etag) = (plan.text("/id"), plan.header("etag").to_owned());
        let path = format!("/documents/{id}");
        assert!(!open(app, &path).await.expect(200).body().contains("Alle versies"), "there is one");
        let changed = json!({ "title": "Plan haltes", "body": format!("{body}\n\nKlaar in 2027."), "language": "nl" });
        ann.call("PUT", &format!("/v1{path}")).header("if-match", &etag).json(&changed).await.expect(200);
        let network = open(app, "/networks/haltes").await.expect(200).body();
        assert!(network.contains(&path) && network.contains("Plan") && network.contains("2 versies"), "{network}");
        let now = open(app, &path).await.expect(200);
        assert_eq!(heading(&now), "Plan haltes");
        let body = now.body();
        for said in ["Klaar in 2027", "href=\"#kop-wie\"", "<h3 id=\"kop-wie\">Wie</h3>", "versie 2", "Utrecht"] {
            assert!(body.contains(said), "{said}:\n{body}");
        }
        assert!(body.contains("tabindex=\"0\" role=\"group\" aria-label=\"Tabel\"><table>"));
        let list = open(app, &format!("{path}/revisions")).await.expect(200).body();
        assert!(list.contains(&format!("{path}/revisions/1")) && list.contains(&format!("{path}/revisions/2")));
        let earlier = open(app, &format!("{path}/revisions/1")).await.expect(200).body();
        assert!(earlier.contains("Dit is een eerdere versie") && !earlier.contains("Klaar in 2027"));
        open(app, &format!("{path}/revisions/3")).await.expect(404);
        open(app, "/documents/01k9q3v8r0a7c").await.expect(404);
    }

    async fn a_page_speaks_the_readers_language_and_links_keep_a_choice(app: &TestApp) {
        let ann = network(app, "public").await;
        thread(&ann, "Perron te laag").await;
        let english = open_in(app, "en", "/networks/haltes").await.expect(200);
        assert_eq!(english.header("content-language"), "en");
        let vary = english.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok());
        assert!(vary.collect::<String>().contains("Accept-Language"));
        let body = english.body();
        assert!(body.contains("<h1 lang=\"nl\"") && body.contains("Conversations"), "{body}");
        assert!(body.contains("href=\"/networks/haltes?lang=nl\""));
        let chosen = open_in(app, "en", "/networks/haltes?lang=nl").await.expect(200);
        assert!(chosen.body().contains("href=\"/?lang=nl\"") && chosen.body().contains("Gesprekken"));
        let wrong = open_in(app, "nl", "/networks/nergens?lang=en").await.expect(404);
        assert_eq!(heading(&wrong), "This page does not exist");
    }

    async fn a_browser_that_has_the_page_is_not_sent_it_again(app: &TestApp) {
        let ann = network(app, "public").await;
        let thread = thread(&ann, "Perron te laag").await;
        let path = format!("/threads/{thread}");
        let first = open(app, &path).await.expect(200);
        assert_eq!(first.header("cache-control"), "public, no-cache");
        let again = async || {
            let call = app.anonymous().get(&path).header("accept", BROWSER).header("accept-language", "nl");
            call.header("if-none-match", first.header("etag")).await
        };
        assert_eq!(again().await.expect(304).body(), "");
        reply(&ann, &thread, "Ik ook.", Value::Null).await;
        again().await.expect(200);
        app.anonymous().call("HEAD", &path).await.expect(200);
    }

    async fn what_people_write_cannot_break_out(app: &TestApp) {
        let ann = network(app, "public").await;
        ann.patch("/v1/account", json!({ "displayName": "<b>Ann</b>", "bio": "\"><script>alert(1)</script>" }))
            .await
            .expect(200);
        let thread = thread(&ann, "<script>alert(1)</script>").await;
        reply(&ann, &thread, "<img src=x onerror=alert(1)>", Value::Null).await;
        for path in ["/networks/haltes".to_owned(), format!("/threads/{thread}"), "/@ann".to_owned()] {
            let body = open(app, &path).await.expect(200).body();
            assert!(!body.contains("<script>") && !body.contains("alert(1)</") && !body.contains("<b>Ann") && !body.contains("<img src=x"), "{body}");
        }
    }

    async fn errors_are_pages_for_browsers_alone(app: &TestApp) {
        assert_eq!(heading(&open(app, "/nergens").await.expect(404)), "Deze pagina is er niet");
        app.anonymous().get("/nergens").await.problem(404, "not_found");
        app.anonymous().get("/v1/nergens").header("accept", BROWSER).await.problem(404, "not_found");
    }

    [|settings| settings.frontend_url = "https://forum.example.org".into()]
    async fn with_a_frontend_the_pages_stay_and_name_its_address(app: &TestApp) {
        network(app, "public").await;
        let shown = open(app, "/networks/haltes").await.expect(200);
        assert!(shown.body().contains("rel=\"canonical\" href=\"https://forum.example.org/networks/haltes\""));
    }

    async fn the_style_is_kept_for_ever_under_a_name_of_its_own(app: &TestApp) {
        let home = open(app, "/").await.expect(200).body();
        let path = home.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
        let style = app.anonymous().get(path).await.expect(200);
        assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
        assert!(style.header("cache-control").contains("immutable"));
        app.anonymous().get("/assets/icon.svg").await.expect(200);
        assert!(app.anonymous().get("/robots.txt").await.expect(200).body().contains("Disallow: /v1/"));
    }

    async fn without_the_setting_there_is_no_mailbox(app: &TestApp) {
        open(app, "/dev/mail").await.expect(404);
    }

    [|settings| (settings.mail_url, settings.dev_mail) = (String::new(), true)]
    async fn the_mailbox_shows_what_was_mailed(app: &TestApp) {
        let empty = open(app, "/dev/mail").await.expect(200);
        assert!(empty.body().contains("Er is nog niets gemaild"));
        let account = json!({ "handle": "ann", "displayName": "Ann", "email": "ann@example.org", "password": PASSWORD });
        app.anonymous().post("/v1/accounts", account).await.expect(202);
        app.settle().await;
        let list = open(app, "/dev/mail").await.expect(200);
        assert_eq!(list.header("cache-control"), "no-store");
        let body = list.body();
        let path = body.split("href=\"").find(|rest| rest.starts_with("/dev/mail/")).unwrap();
        let path = path.split('"').next().unwrap();
        let formatted = open(app, path).await.expect(200);
        assert!(formatted.header("content-security-policy").ends_with("frame-src 'self'"));
        assert!(formatted.body().contains("sandbox=\"allow-top-navigation-by-user-activation\""));
        assert!(open(app, &format!("{path}/text")).await.expect(200).body().contains("/verify-email/"));
        assert!(open(app, &format!("{path}/source")).await.expect(200).body().contains("Message-ID"));
        let content = app.anonymous().get(&format!("{path}/content")).await.expect(200);
        assert!(content.header("content-security-policy").contains("sandbox"));
        assert!(content.body().contains("<base target=\"_top\">") && content.body().contains("/verify-email/"));
        open(app, "/dev/mail/01k9q3v8r0a7c").await.expect(404);
        app.anonymous().get("/dev/mail").header("host", "kring.example.org").await.problem(404, "not_found");
    }
}
