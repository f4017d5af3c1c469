DROP TABLE idempotency_keys;
DROP TABLE jobs;
DROP TABLE event_failures;
DROP TABLE event_cursors;
DROP TABLE events;
