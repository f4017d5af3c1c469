-- Long work that a person asked for, and what became of it: kept for a while after it ended, for them to read.
CREATE TABLE asked_jobs (
    id INTEGER PRIMARY KEY NOT NULL,
    -- who asked, and alone sees it; null once the account is closed
    account_id BIGINT REFERENCES accounts (id),
    kind TEXT NOT NULL,
    -- queued, running, done, failed
    state TEXT NOT NULL,
    -- what was asked for
    request TEXT NOT NULL,
    -- how far it is, of how much where that is known; also where it goes on after its worker died
    done BIGINT NOT NULL,
    total BIGINT,
    -- what came of it so far
    result TEXT,
    -- why it failed, in each language of Kring
    problem TEXT,
    -- the file that was sent with it is still kept
    has_file BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP
);
CREATE INDEX asked_jobs_account ON asked_jobs (account_id);
CREATE INDEX asked_jobs_age ON asked_jobs (finished_at);
CREATE INDEX asked_jobs_leaving ON asked_jobs (id) WHERE has_file AND finished_at IS NOT NULL;
