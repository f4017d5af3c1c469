DROP TABLE network_import_persons;
DROP TABLE network_imports;
DROP TABLE network_credits;
DROP TABLE archives;
