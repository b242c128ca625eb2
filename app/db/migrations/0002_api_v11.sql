-- compatible: 1
-- What the REST API needs to answer at a cost that does not grow: versions of rows, for entity tags and If-Match; kept counts and
-- totals; the answers given under an Idempotency-Key. A binary of version 1 may go on writing beside: it raises no version and
-- keeps no total, so run `manage deploy`, which mends the totals, once more when the last of them is gone.

ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN follower_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN following_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE comments ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- NULL: never changed.
ALTER TABLE comments ADD COLUMN updated_at @time@;

-- Followers in the order of their ids.
CREATE INDEX follows_followed_id_follower_id ON follows (followed_id, follower_id);
DROP INDEX follows_followed_id @on(follows)@;

-- Nobody counts as their own follower.
UPDATE users SET
    follower_count = (SELECT COUNT(*) FROM follows WHERE follows.followed_id = users.id AND follows.follower_id <> users.id),
    following_count = (SELECT COUNT(*) FROM follows WHERE follows.follower_id = users.id AND follows.followed_id <> users.id);

-- A total is the sum of 32 rows, so that writers at the same time seldom meet at one: slot is the author's id modulo 32 for posts,
-- the post's for comments.
CREATE TABLE totals (
    name @exact(32)@ NOT NULL,
    slot BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (name, slot)
) @engine@;
INSERT INTO totals (name, slot, amount)
    WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 31)
    SELECT 'posts', slots.slot, COALESCE(counted.amount, 0) FROM slots LEFT JOIN
        (SELECT author_id % 32 AS slot, COUNT(*) AS amount FROM posts GROUP BY author_id % 32) AS counted ON counted.slot = slots.slot;
INSERT INTO totals (name, slot, amount)
    WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 31)
    SELECT 'comments', slots.slot, COALESCE(counted.amount, 0) FROM slots LEFT JOIN
        (SELECT post_id % 32 AS slot, COUNT(*) AS amount FROM comments WHERE disabled = 0 GROUP BY post_id % 32) AS counted
        ON counted.slot = slots.slot;

-- key_hash and fingerprint are SHA-256 sums in hexadecimal.
CREATE TABLE idempotency_keys (
    user_id BIGINT NOT NULL,
    key_hash @exact(64)@ NOT NULL,
    fingerprint @exact(64)@ NOT NULL,
    status BIGINT NOT NULL,
    location @text@ NOT NULL,
    etag @exact(255)@ NOT NULL,
    media_type @exact(255)@ NOT NULL,
    body @text@ NOT NULL,
    created_at @time@ NOT NULL,
    PRIMARY KEY (user_id, key_hash),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) @engine@;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- down
DROP TABLE idempotency_keys;
DROP TABLE totals;
CREATE INDEX follows_followed_id ON follows (followed_id);
DROP INDEX follows_followed_id_follower_id @on(follows)@;
ALTER TABLE comments DROP COLUMN updated_at;
ALTER TABLE comments DROP COLUMN version;
ALTER TABLE posts DROP COLUMN version;
ALTER TABLE users DROP COLUMN following_count;
ALTER TABLE users DROP COLUMN follower_count;
ALTER TABLE users DROP COLUMN version;
