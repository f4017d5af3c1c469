CREATE TABLE attachments (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    uploader_id BIGINT NOT NULL REFERENCES persons (id),
    -- thread, reply, document; null while it belongs to nothing
    target_kind TEXT,
    target_id BIGINT,
    file_name TEXT NOT NULL,
    -- what the bytes are, not what the sender said
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- of images, as shown: a photo taken upright is higher than wide
    width BIGINT,
    height BIGINT,
    alt TEXT,
    decorative BOOLEAN NOT NULL,
    description_wanted BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    attached_at TIMESTAMP,
    deleted_at TIMESTAMP,
    -- when the file itself went, after the row was marked
    removed_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE INDEX attachments_target ON attachments (target_id, id) WHERE deleted_at IS NULL;
CREATE INDEX attachments_loose ON attachments (created_at) WHERE target_id IS NULL AND deleted_at IS NULL;
CREATE INDEX attachments_loose_of ON attachments (uploader_id) WHERE target_id IS NULL AND deleted_at IS NULL;
CREATE INDEX attachments_leaving ON attachments (deleted_at) WHERE removed_at IS NULL AND deleted_at IS NOT NULL;
