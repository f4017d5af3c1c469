DROP TABLE coordinator_choices;
DROP TABLE memberships;
DROP TABLE network_tags;
DROP TABLE networks;
