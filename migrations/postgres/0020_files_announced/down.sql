DROP TABLE files_announced;
