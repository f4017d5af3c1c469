-- Under what a document may be used: an SPDX id, or all-rights-reserved.
ALTER TABLE documents ADD COLUMN licence TEXT NOT NULL DEFAULT 'CC-BY-4.0';

-- Where a document comes from that was adopted. Written once; what was dealt with moves on.
CREATE TABLE adoptions (
    -- the new document
    document_id BIGINT PRIMARY KEY NOT NULL REFERENCES documents (id),
    network_id BIGINT NOT NULL REFERENCES networks (id),
    municipality TEXT NOT NULL REFERENCES municipalities (code),
    adopted_by BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    -- empty: this instance
    source_host TEXT NOT NULL,
    -- refers to nothing: it may be of another instance, or gone
    source_id BIGINT NOT NULL,
    -- the source's revision that was adopted
    source_revision BIGINT NOT NULL,
    -- as they were then
    source_title TEXT NOT NULL,
    source_network_slug TEXT NOT NULL,
    source_network_name TEXT NOT NULL,
    licence TEXT NOT NULL,
    -- who wrote what was adopted, in the order in which they came, as JSON; names are looked up
    authors TEXT NOT NULL,
    -- where the source itself came from, the nearest first, as JSON
    origins TEXT NOT NULL,
    -- the source's revision that was last dealt with: taken over, or not wanted
    seen_revision BIGINT NOT NULL,
    -- the source as far as it was dealt with, files by their ids here: what changes are told from
    base_title TEXT NOT NULL,
    base_body TEXT NOT NULL,
    UNIQUE (source_id, source_host, network_id, municipality)
);
CREATE INDEX adoptions_municipality ON adoptions (municipality, document_id);
CREATE INDEX adoptions_network ON adoptions (network_id);

-- Which file of an adopted document is a copy of which of its source.
CREATE TABLE adopted_files (
    document_id BIGINT NOT NULL REFERENCES documents (id),
    source_id BIGINT NOT NULL,
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    PRIMARY KEY (document_id, source_id)
);

-- A document that says what another says, in easy words or another language.
CREATE TABLE document_variants (
    document_id BIGINT PRIMARY KEY NOT NULL REFERENCES documents (id),
    source_id BIGINT NOT NULL REFERENCES documents (id),
    -- easyRead, translation
    kind TEXT NOT NULL,
    -- its document's, so that there is one of each
    language TEXT NOT NULL,
    -- the revision of the source that it says
    revision BIGINT NOT NULL,
    UNIQUE (source_id, kind, language)
);
