-- Files that are about to be kept. One that is not written down a day later is nobody's and is removed.
CREATE TABLE files_announced (
    -- where it is to be kept: a folder and an id
    key TEXT PRIMARY KEY NOT NULL,
    announced_at TIMESTAMP NOT NULL
);
CREATE INDEX files_announced_at ON files_announced (announced_at);
