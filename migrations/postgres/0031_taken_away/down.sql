DROP TABLE taken_away;
