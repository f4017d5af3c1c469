DROP TABLE copied_networks;
DROP TABLE removed_documents;
DROP TABLE proposed_revisions;
DROP TABLE signed_copies;
DROP TABLE author_keys;
