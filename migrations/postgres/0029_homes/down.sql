DROP INDEX persons_elsewhere;
ALTER TABLE networks DROP COLUMN home_url;
ALTER TABLE persons DROP COLUMN home_url;
