CREATE TABLE threads (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    author_id BIGINT NOT NULL REFERENCES persons (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    language TEXT NOT NULL,
    -- replies that are there to read
    reply_count BIGINT NOT NULL,
    -- the number given to the newest reply: arrival, counted without holes
    last_seq BIGINT NOT NULL,
    last_activity_at TIMESTAMP NOT NULL,
    pinned BOOLEAN NOT NULL,
    locked_at TIMESTAMP,
    thanks_count BIGINT NOT NULL,
    recognise_count BIGINT NOT NULL,
    more_count BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    edited_at TIMESTAMP,
    deleted_at TIMESTAMP,
    deleted_by BIGINT REFERENCES persons (id),
    version BIGINT NOT NULL
);
CREATE INDEX threads_network ON threads (network_id, pinned DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX threads_author ON threads (author_id);

CREATE TABLE replies (
    id BIGINT PRIMARY KEY NOT NULL,
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    parent_id BIGINT REFERENCES replies (id),
    author_id BIGINT NOT NULL REFERENCES persons (id),
    -- arrival within the thread, from 1
    seq BIGINT NOT NULL,
    depth BIGINT NOT NULL,
    -- ids from the root down: its order is the order of reading
    path TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    language TEXT NOT NULL,
    thanks_count BIGINT NOT NULL,
    recognise_count BIGINT NOT NULL,
    more_count BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    edited_at TIMESTAMP,
    deleted_at TIMESTAMP,
    deleted_by BIGINT REFERENCES persons (id),
    version BIGINT NOT NULL,
    UNIQUE (thread_id, seq)
);
CREATE UNIQUE INDEX replies_tree ON replies (thread_id, path);
CREATE INDEX replies_author ON replies (author_id);

-- How a thread or reply read before an edit.
CREATE TABLE post_versions (
    id BIGINT PRIMARY KEY NOT NULL,
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    -- null for the thread itself
    reply_id BIGINT REFERENCES replies (id),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    language TEXT NOT NULL,
    editor_id BIGINT NOT NULL REFERENCES persons (id),
    written_at TIMESTAMP NOT NULL
);
CREATE INDEX post_versions_thread ON post_versions (thread_id, reply_id, version);

-- Supportive only. A row a person and kind; subject_id is a thread's or a reply's id.
CREATE TABLE reactions (
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    subject_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- thanks, recognise, more
    kind TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (subject_id, person_id, kind)
);

-- How far somebody has read a thread, by arrival.
CREATE TABLE read_states (
    person_id BIGINT NOT NULL REFERENCES persons (id),
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    -- no row at all: the thread itself is unread
    read_seq BIGINT NOT NULL,
    read_at TIMESTAMP NOT NULL,
    PRIMARY KEY (person_id, thread_id)
);
CREATE INDEX read_states_thread ON read_states (thread_id);
