DROP TABLE document_read_states;
DROP TABLE document_tags;
DROP TABLE revisions;
DROP TABLE documents;
