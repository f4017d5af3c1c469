DROP TABLE inbox_messages;
DROP TABLE parked_deliveries;
DROP TABLE activities;
DROP TABLE follows;
DROP TABLE remote_objects;
DROP TABLE remote_actors;
DROP TABLE peers;
