-- A theme network. Never deleted: archived.
CREATE TABLE networks (
    id BIGINT PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL,
    -- empty for networks of this instance
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    description_html TEXT NOT NULL,
    -- name and description folded, a space before each word: what lists look through
    folded TEXT COLLATE "C" NOT NULL,
    language TEXT NOT NULL,
    -- public, members, hidden
    visibility TEXT NOT NULL,
    -- open, request, invitation
    join_policy TEXT NOT NULL,
    -- members, coordinators
    documents_edited_by TEXT NOT NULL,
    -- proposed, active, archived
    state TEXT NOT NULL,
    seeking_people BOOLEAN NOT NULL,
    -- the founder's public statement that experts by experience lead it
    led_by_experts BOOLEAN NOT NULL,
    -- lists as JSON, for reading; network_tags has them for finding
    municipalities TEXT NOT NULL,
    themes TEXT NOT NULL,
    crpd_articles TEXT NOT NULL,
    member_count BIGINT NOT NULL,
    coordinator_count BIGINT NOT NULL,
    founder_count BIGINT NOT NULL,
    thread_count BIGINT NOT NULL,
    document_count BIGINT NOT NULL,
    created_by BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    archived_at TIMESTAMP,
    -- since when nobody coordinates it: who joined later has no voice in who will
    without_coordinator_since TIMESTAMP,
    -- rises with every change of the description or settings: the ETag
    version BIGINT NOT NULL,
    UNIQUE (slug, host)
);

CREATE TABLE network_tags (
    network_id BIGINT NOT NULL REFERENCES networks (id),
    -- municipality, theme, article
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (network_id, kind, value)
);
CREATE INDEX network_tags_value ON network_tags (kind, value);

CREATE TABLE memberships (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    -- member, facilitator, coordinator
    role TEXT NOT NULL,
    -- active, requested, invited, refused, left, removed
    state TEXT NOT NULL,
    -- joined while the network was proposed
    founder BOOLEAN NOT NULL,
    -- official, organisation, relative, professional, volunteer
    capacity TEXT,
    organisation TEXT,
    -- shown here, by the person's own choice
    shows_experience BOOLEAN NOT NULL,
    -- what was written with the request
    message TEXT NOT NULL,
    invited_by BIGINT REFERENCES persons (id),
    joined_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (network_id, person_id)
);
CREATE INDEX memberships_person ON memberships (person_id, state);
CREATE INDEX memberships_network ON memberships (network_id, state, id);

-- Whom members choose as coordinator while there is none.
CREATE TABLE coordinator_choices (
    network_id BIGINT NOT NULL REFERENCES networks (id),
    voter_id BIGINT NOT NULL REFERENCES persons (id),
    choice_id BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (network_id, voter_id)
);
