-- What people and networks of other instances took away; also what was not known here yet.
CREATE TABLE taken_away (
    uri TEXT NOT NULL,
    -- whoever says so: its author, or the network that it was written in
    said_by TEXT NOT NULL,
    -- the Delete as it came, for telling on
    activity TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (uri, said_by)
);
CREATE INDEX taken_away_created ON taken_away (created_at);
