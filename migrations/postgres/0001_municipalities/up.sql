-- Municipalities of any country; the Dutch ones come with the program (source CBS, CC BY 4.0).
CREATE TABLE municipalities (
    -- the code itself where it starts with a letter (GM0344), else country and code (BE-11001)
    code TEXT PRIMARY KEY NOT NULL,
    country TEXT NOT NULL,
    official_name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    -- folded for finding: lower case, no accents
    folded_name TEXT COLLATE "C" NOT NULL,
    province_code TEXT NOT NULL,
    province TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE
);

-- After a merger: where to look now.
CREATE TABLE municipality_successors (
    code TEXT NOT NULL REFERENCES municipalities (code),
    successor TEXT NOT NULL REFERENCES municipalities (code),
    PRIMARY KEY (code, successor)
);
