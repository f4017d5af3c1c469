-- Who is mentioned in a thread or reply, save its author. Goes with what was deleted.
CREATE TABLE mentions (
    thread_id BIGINT NOT NULL REFERENCES threads (id),
    -- a thread's or a reply's id
    subject_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- the reply's number in its thread; 0 for the thread itself
    seq BIGINT NOT NULL,
    PRIMARY KEY (subject_id, person_id)
);
CREATE INDEX mentions_person ON mentions (person_id, subject_id);

-- Find the answers to what somebody wrote, without a look at the rows that have none. On SQLite every index ends with
-- the row's id by itself.
CREATE INDEX replies_parent ON replies (parent_id, id) WHERE parent_id IS NOT NULL;
DROP INDEX replies_author;
CREATE INDEX replies_author ON replies (author_id, id);

-- Finds the few files that ask to be described among all of a network.
CREATE INDEX attachments_wanted ON attachments (network_id, id)
    WHERE description_wanted AND target_id IS NOT NULL AND deleted_at IS NULL;
