-- What somebody is writing and has not published. Theirs alone; goes with their account.
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- new-thread, new-reply, answer, new-document; thread, reply, document: an edit of one
    kind TEXT NOT NULL,
    -- the slug of a network or the id of what the kind says
    target TEXT NOT NULL,
    -- 1 is the draft; from 2 on texts that could not be saved over it stand beside it
    number BIGINT NOT NULL,
    -- saved: as a draft; refused: as a change that came too late
    origin TEXT NOT NULL,
    -- who wrote it last, as a device; sessions are forgotten, so this is no reference
    session_id BIGINT NOT NULL,
    -- the ETag of what an edit was written from
    base TEXT,
    title TEXT,
    -- the beginning of the text, plain
    excerpt TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    -- what else was filled in, as JSON
    further TEXT NOT NULL,
    -- long text last: a list of drafts does not read past it
    body TEXT NOT NULL,
    UNIQUE (person_id, kind, target, number)
);
CREATE INDEX drafts_person ON drafts (person_id, saved_at DESC, id DESC);
CREATE INDEX drafts_saved ON drafts (saved_at);

-- Files that belong to nothing yet and are not thrown away while something that is being written needs them.
CREATE TABLE attachment_holds (
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    -- whatever holds it: the id of a draft
    holder_id BIGINT NOT NULL,
    PRIMARY KEY (attachment_id, holder_id)
);
CREATE INDEX attachment_holds_holder ON attachment_holds (holder_id);

-- What a text says in a few plain sentences, in its language. A document's belongs to the revision; documents has that of
-- the current one, for lists.
ALTER TABLE networks ADD COLUMN plain_summary TEXT;
ALTER TABLE threads ADD COLUMN plain_summary TEXT;
ALTER TABLE post_versions ADD COLUMN plain_summary TEXT;
ALTER TABLE documents ADD COLUMN plain_summary TEXT;
ALTER TABLE revisions ADD COLUMN plain_summary TEXT;
