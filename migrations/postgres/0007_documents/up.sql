-- A text that a network owns and edits together. Never deleted. Its body stands in its revisions.
CREATE TABLE documents (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    -- plan, guide, minutes, note
    kind TEXT NOT NULL,
    -- of the current revision, for lists
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    language TEXT NOT NULL,
    -- lists as JSON, for reading; document_tags has them for finding
    municipalities TEXT NOT NULL,
    themes TEXT NOT NULL,
    crpd_articles TEXT NOT NULL,
    -- the number of the current revision
    revision BIGINT NOT NULL,
    -- rises with every change of what stands beside the text: kind, subjects, files
    version BIGINT NOT NULL,
    created_by BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    -- of the current revision
    changed_by BIGINT NOT NULL REFERENCES persons (id),
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX documents_network ON documents (network_id, changed_at DESC, id DESC);

-- Every save of a document. Written once, never changed.
CREATE TABLE revisions (
    id BIGINT PRIMARY KEY NOT NULL,
    document_id BIGINT NOT NULL REFERENCES documents (id),
    -- from 1, without holes
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    author_id BIGINT NOT NULL REFERENCES persons (id),
    -- the number of the revision whose text this one brought back
    restored_from BIGINT,
    created_at TIMESTAMP NOT NULL,
    -- long texts last: a list of revisions does not read past them
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    UNIQUE (document_id, number)
);
CREATE INDEX revisions_author ON revisions (author_id);

CREATE TABLE document_tags (
    document_id BIGINT NOT NULL REFERENCES documents (id),
    -- municipality, theme, article
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (document_id, kind, value)
);
CREATE INDEX document_tags_value ON document_tags (kind, value);

-- Up to which revision somebody has read a document. No row at all: they never opened it.
CREATE TABLE document_read_states (
    person_id BIGINT NOT NULL REFERENCES persons (id),
    document_id BIGINT NOT NULL REFERENCES documents (id),
    revision BIGINT NOT NULL,
    read_at TIMESTAMP NOT NULL,
    PRIMARY KEY (person_id, document_id)
);
CREATE INDEX document_read_states_document ON document_read_states (document_id);
