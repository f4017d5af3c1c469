ALTER TABLE author_keys DROP COLUMN told_by;
