-- What can be found, as it is shown. The search tables differ between the two databases; all others are twins.
CREATE TABLE search_entries (
    -- an id of the moment it is news of, unlike any other: the order of what is found
    rank INTEGER PRIMARY KEY NOT NULL,
    -- the id of the thing itself
    id BIGINT NOT NULL UNIQUE,
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

-- What it is found by: words and stems, made by Kring, so that both databases hold the same. rowid is the entry's rank.
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
