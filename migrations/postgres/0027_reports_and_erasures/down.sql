DROP INDEX activities_tells;
ALTER TABLE activities DROP COLUMN tells;
DROP INDEX activities_erasure;
ALTER TABLE activities DROP COLUMN erasure_id;
DROP TABLE erasure_hosts;
DROP TABLE erasures;
DROP TABLE copies;
DROP TABLE reports;
