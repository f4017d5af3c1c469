-- An archive that somebody asked for: a file to fetch for some days.
CREATE TABLE archives (
    id INTEGER PRIMARY KEY NOT NULL,
    -- null where it is of an account
    network_id BIGINT REFERENCES networks (id),
    -- who asked; null once the account is closed
    person_id BIGINT REFERENCES persons (id),
    file_name TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- has the list of members in it
    with_members BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    -- when the file went
    removed_at TIMESTAMP
);
CREATE INDEX archives_person ON archives (person_id);
CREATE INDEX archives_leaving ON archives (expires_at) WHERE removed_at IS NULL;

-- Who belonged to a network where it was brought here from: credit, no membership.
CREATE TABLE network_credits (
    network_id BIGINT NOT NULL REFERENCES networks (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- member, facilitator, coordinator
    role TEXT NOT NULL,
    co_founder BOOLEAN NOT NULL,
    joined_at TIMESTAMP,
    PRIMARY KEY (network_id, person_id)
);

-- Networks that were brought in from an archive, or are being.
CREATE TABLE network_imports (
    -- refers to nothing: what came of an import that did not end is taken away
    network_id INTEGER PRIMARY KEY NOT NULL,
    -- the instance that made the archive, and when
    from_host TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    -- null where the command line did it
    asked_by BIGINT REFERENCES persons (id),
    -- whose work it is: one that was taken for dead writes nothing any more
    worker TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    touched_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP
);

-- Persons that an import made, until it has ended.
CREATE TABLE network_import_persons (
    network_id BIGINT NOT NULL REFERENCES network_imports (network_id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    PRIMARY KEY (network_id, person_id)
);
