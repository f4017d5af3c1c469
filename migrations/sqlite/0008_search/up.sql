-- What can be found, as it is shown. The search tables differ between the two databases; all others are twins.
CREATE TABLE search_entries (
    -- the id of the thing itself
    id INTEGER PRIMARY KEY NOT NULL,
    -- network, thread, reply, document
    kind TEXT NOT NULL,
    -- the thread of a reply
    parent_id BIGINT,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    language TEXT NOT NULL,
    published_at TIMESTAMP NOT NULL,
    title TEXT NOT NULL,
    -- plain text
    body TEXT NOT NULL
);

-- What it is found by: words and stems, made by Kring, so that both databases hold the same. rowid is the entry's id.
-- The ascii tokenizer parts nothing but what Kring joined with spaces; stems begin with an underscore.
CREATE VIRTUAL TABLE search_terms USING fts5 (
    title,
    -- those that are not in the title
    body,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '2 3',
    tokenize = "ascii tokenchars '_'"
);
