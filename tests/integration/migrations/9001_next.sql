-- compatible: 1
-- One step more than the product has: with it, manage_next stands for the next version in tests.
CREATE TABLE next_things (
    id @id@,
    name @exact(20)@ NOT NULL
) @engine@;
CREATE INDEX next_things_name ON next_things (name);
INSERT INTO next_things (name) VALUES ('one');
INSERT INTO next_things (name) VALUES ('two');
ALTER TABLE posts ADD COLUMN next_title @text(20)@;
-- down
ALTER TABLE posts DROP COLUMN next_title;
DROP TABLE next_things;
