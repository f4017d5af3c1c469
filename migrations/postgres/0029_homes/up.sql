-- Where people read of a person or network that lives on another instance; null for those of this one.
ALTER TABLE persons ADD COLUMN home_url TEXT;
ALTER TABLE networks ADD COLUMN home_url TEXT;
-- For finding who is addressed as ann@kring.example.
CREATE INDEX persons_elsewhere ON persons (host, lower(handle)) WHERE host <> '';
UPDATE persons SET home_url = (SELECT uri FROM remote_actors WHERE remote_actors.person_id = persons.id LIMIT 1);
UPDATE networks SET home_url = (SELECT uri FROM remote_actors WHERE remote_actors.network_id = networks.id LIMIT 1);
