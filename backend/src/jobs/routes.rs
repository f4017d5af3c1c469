//! `/v1/jobs`.

use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::asked::{self, AskedId, JobView};
use crate::app::App;
use crate::error::Result;
use crate::web::{Caller, Path, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config.service(get_job);
}

/// Look at long work you asked for
///
/// How far it is, and when it ended what came of it or why it failed. Asking every two seconds is often enough. Only
/// who asked for it sees it, until 30 days after its end.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), responses((status = 200, description = "The job.", body = JobView)))]
#[get("/jobs/{job}")]
async fn get_job(app: App, caller: Caller, Path(id): Path<AskedId>) -> Result<Seen<JobView>> {
    let lang = caller.lang;
    app.read(&caller, move |conn, _, viewer| {
        let asked = asked::read(conn, viewer.signed_in()?, id)?;
        Ok(Seen(JobView::of(asked, lang)))
    })
    .await
}
