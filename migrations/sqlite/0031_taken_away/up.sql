-- What was deleted before it came here: a message may be overtaken by the one that takes it back.
CREATE TABLE taken_away (
    uri TEXT NOT NULL,
    -- whoever says so: its author, or the network that it was written in
    said_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (uri, said_by)
);
CREATE INDEX taken_away_created ON taken_away (created_at);
