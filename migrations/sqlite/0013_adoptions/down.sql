DROP TABLE document_variants;
DROP TABLE adopted_files;
DROP TABLE adoptions;
ALTER TABLE documents DROP COLUMN licence;
