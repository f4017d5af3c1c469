-- Keys with which people prove what they write, each as it was seen: also those that they have no more.
CREATE TABLE author_keys (
    -- the address of the person
    actor TEXT NOT NULL,
    -- Multikey (FEP-521a)
    public_key TEXT NOT NULL,
    -- the address of the key
    key_id TEXT NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor, public_key)
);

-- What was written and signed, as it was signed, beside what it became here.
CREATE TABLE signed_copies (
    id BIGINT PRIMARY KEY NOT NULL,
    -- document, thread, reply
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    -- of a document, which revision; 0 of a thread or reply
    revision BIGINT NOT NULL,
    -- how often what stands beside the words was changed since; 0 with the words
    labels BIGINT NOT NULL,
    -- who signed it
    actor TEXT NOT NULL,
    -- the activity that it came in
    activity TEXT NOT NULL,
    kept_at TIMESTAMP NOT NULL,
    UNIQUE (kind, subject_id, revision, labels)
);

-- Words that were sent to the home of a document, which has not said yet what becomes of them.
CREATE TABLE proposed_revisions (
    document_id BIGINT NOT NULL REFERENCES documents (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- the revision that they were written from
    base BIGINT NOT NULL,
    title TEXT NOT NULL,
    plain_summary TEXT,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (document_id, person_id)
);

-- What is left of documents that were taken away.
CREATE TABLE removed_documents (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    removed_by BIGINT NOT NULL REFERENCES persons (id),
    removed_at TIMESTAMP NOT NULL
);

-- How far the copy of a network that lives elsewhere has come.
CREATE TABLE copied_networks (
    network_id BIGINT PRIMARY KEY NOT NULL REFERENCES networks (id),
    -- the page of its documents that comes next
    documents_page TEXT,
    -- the same of its threads and replies, where it is copied whole
    posts_page TEXT
);
