-- Words that came by mail and let somebody read stop working when the password changes.
ALTER TABLE accounts ADD COLUMN password_changed_at TIMESTAMP;

-- When somebody wants their digest, and how far they were told. Made when they first join a network.
CREATE TABLE digest_preferences (
    person_id BIGINT PRIMARY KEY NOT NULL REFERENCES persons (id),
    -- weekly, daily, fortnightly, off
    frequency TEXT NOT NULL,
    -- monday to sunday
    weekday TEXT NOT NULL,
    -- 0 to 23, by the clock on the wall
    hour BIGINT NOT NULL,
    -- a name of the IANA list
    time_zone TEXT NOT NULL,
    -- events up to this position were told, or had their chance
    position BIGINT NOT NULL,
    -- null while off
    next_at TIMESTAMP,
    -- when making the digest failed; tried again an hour later
    failed_at TIMESTAMP
);
-- Finds who is due without looking at anybody who is not.
CREATE INDEX digest_preferences_due ON digest_preferences (next_at, person_id) WHERE next_at IS NOT NULL;

-- One for every person and period, written in the transaction that writes its mail.
CREATE TABLE digests (
    id BIGINT PRIMARY KEY NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- 2026-W48, or 2026-11-24 for daily ones
    period_key TEXT NOT NULL,
    -- the moment it was due
    due_at TIMESTAMP NOT NULL,
    -- the window, by order of arrival: after the first, up to and with the second
    from_position BIGINT NOT NULL,
    to_position BIGINT NOT NULL,
    language TEXT NOT NULL,
    -- what it tells of: ids and numbers, no words
    contents TEXT NOT NULL,
    mail_id BIGINT NOT NULL REFERENCES mails (id),
    -- the hash of the word in its links, and how long that lets its owner read
    word_hash TEXT NOT NULL UNIQUE,
    word_expires_at TIMESTAMP NOT NULL,
    word_revoked_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, period_key)
);
