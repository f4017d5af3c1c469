-- What can be found, as it is shown and found. The search tables differ between the two databases; all others are
-- twins.
CREATE TABLE search_entries (
    -- the id of the thing itself
    id BIGINT PRIMARY KEY NOT NULL,
    -- an id of the moment it is news of, unlike any other: the order of what is found
    rank BIGINT NOT NULL UNIQUE,
    -- network, thread, reply, document
    kind TEXT NOT NULL,
    -- the thread of a reply
    parent_id BIGINT,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    language TEXT NOT NULL,
    published_at TIMESTAMP NOT NULL,
    title TEXT NOT NULL,
    -- plain text
    body TEXT NOT NULL,
    -- words and stems, made by Kring, so that both databases hold the same; stems begin with an underscore
    title_terms TSVECTOR NOT NULL,
    -- those of the title too
    terms TSVECTOR NOT NULL
-- Long columns live outside the row: whoever sorts ten thousand hits reads little of each.
) WITH (toast_tuple_target = 256);
CREATE INDEX search_entries_title_terms ON search_entries USING gin (title_terms);
CREATE INDEX search_entries_terms ON search_entries USING gin (terms);
