use crate::both;
use crate::harness::TestApp;

both! {
    async fn a_member_reads_their_account(app: &TestApp) {
        let ann = app.member("ann").await;
        let account = ann.get("/v1/account").await.expect(200);
        assert_eq!(account["handle"], "ann");
    }
}
