DROP TABLE municipality_successors;
DROP TABLE municipalities;
