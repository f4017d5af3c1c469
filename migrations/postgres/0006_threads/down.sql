DROP TABLE read_states;
DROP TABLE reactions;
DROP TABLE post_versions;
DROP TABLE replies;
DROP TABLE threads;
