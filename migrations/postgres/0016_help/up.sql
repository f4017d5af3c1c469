-- Which help a network seeks: themes; none of them, help with what it is about; null, it seeks no help.
ALTER TABLE networks ADD COLUMN seeking_help TEXT;
CREATE INDEX networks_seeking_help ON networks (id) WHERE seeking_help IS NOT NULL;

-- What somebody offers to help networks with. Goes with the account.
CREATE TABLE help_offers (
    id BIGINT PRIMARY KEY NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    sentence TEXT NOT NULL,
    language TEXT NOT NULL,
    -- lists; an empty one: with anything, anywhere
    themes TEXT NOT NULL,
    municipalities TEXT NOT NULL,
    -- shown to nobody but its owner, for as long as they like
    paused BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX help_offers_person ON help_offers (person_id, id);

-- What lists and matches look for: kind is theme or municipality.
CREATE TABLE help_offer_tags (
    offer_id BIGINT NOT NULL REFERENCES help_offers (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (offer_id, kind, value)
);
CREATE INDEX help_offer_tags_value ON help_offer_tags (kind, value, offer_id);

-- A network asked an offerer: once.
CREATE TABLE help_asks (
    offer_id BIGINT NOT NULL REFERENCES help_offers (id),
    network_id BIGINT NOT NULL REFERENCES networks (id),
    asked_by BIGINT NOT NULL REFERENCES persons (id),
    message TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (offer_id, network_id)
);
CREATE INDEX help_asks_by ON help_asks (asked_by, created_at);

-- Which match of an offer and a network a digest told whom of: none is told twice.
CREATE TABLE help_told (
    person_id BIGINT NOT NULL REFERENCES persons (id),
    offer_id BIGINT NOT NULL REFERENCES help_offers (id),
    network_id BIGINT NOT NULL REFERENCES networks (id),
    PRIMARY KEY (person_id, offer_id, network_id)
);
CREATE INDEX help_told_offer ON help_told (offer_id);

-- Templates that this instance wrote or changed. Those that come with Kring stand in the program; a row of the same
-- key and language stands in for one.
CREATE TABLE templates (
    key TEXT NOT NULL,
    language TEXT NOT NULL,
    -- network or document
    kind TEXT NOT NULL,
    -- JSON; null: as it came with Kring
    content TEXT,
    hidden BOOLEAN NOT NULL,
    changed_by BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (key, language)
);

-- Which document began as which template.
CREATE TABLE template_uses (
    document_id BIGINT PRIMARY KEY NOT NULL REFERENCES documents (id),
    network_id BIGINT NOT NULL REFERENCES networks (id),
    template TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX template_uses_network ON template_uses (network_id, created_at);

-- What a coordinator took off their network's checklist.
CREATE TABLE checklist_dismissals (
    network_id BIGINT NOT NULL REFERENCES networks (id),
    item TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (network_id, item)
);
