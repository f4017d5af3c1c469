//! The committed OpenAPI document is the one that the code makes.

use crate::both;
use crate::harness::TestApp;

#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = kring::web::openapi::json();
    let differs = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    assert!(
        committed == made,
        "openapi/openapi.json is not what the code says (line {}): write it again with\n\n    \
         cargo run -- openapi > openapi/openapi.json\n\nand read the difference: it is what others build on.",
        differs.unwrap_or_else(|| committed.lines().count().min(made.lines().count())) + 1
    );
}

both! {
    async fn the_document_is_served_to_everyone(app: &TestApp) {
        let served = app.anonymous().get("/v1/openapi.json").await.expect(200);
        assert_eq!(served.body(), kring::web::openapi::json());
    }

    async fn the_docs_page_brings_all_it_needs(app: &TestApp) {
        let moved = app.anonymous().get("/docs").await.expect(302);
        let page = app.anonymous().get(moved.header("location")).await.expect(200).body();
        assert!(!page.contains("https://"), "it loads something from elsewhere:\n{page}");
        for source in page.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = format!("/docs/{}", source.trim_start_matches("./"));
            app.anonymous().get(&path).await.expect(200);
        }
    }
}
