-- compatible: 1
-- The blog: roles, users, posts, comments, follows. Lengths are enforced by the models, in characters, alike on every backend;
-- body holds 16 MiB. email and username_key are canonical (lower case) and compare by their bytes.

CREATE TABLE roles (
    id @id@,
    name @exact(64)@ NOT NULL,
    permissions BIGINT NOT NULL DEFAULT 0,
    is_default INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name)
) @engine@;

CREATE TABLE users (
    id @id@,
    email @exact(254)@ NOT NULL,
    username @exact(64)@ NOT NULL,
    username_key @exact(64)@ NOT NULL,
    password_hash @exact(255)@ NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    role_id BIGINT NOT NULL,
    member_since @time@ NOT NULL,
    last_seen @time@ NOT NULL,
    token_version BIGINT NOT NULL DEFAULT 0,
    post_count BIGINT NOT NULL DEFAULT 0,
    UNIQUE (email),
    UNIQUE (username_key),
    FOREIGN KEY (role_id) REFERENCES roles (id)
) @engine@;
CREATE INDEX users_role_id ON users (role_id);

CREATE TABLE posts (
    id @id@,
    author_id BIGINT NOT NULL,
    body @text@ NOT NULL,
    body_html @text@ NOT NULL,
    created_at @time@ NOT NULL,
    updated_at @time@ NOT NULL,
    comment_count BIGINT NOT NULL DEFAULT 0,
    FOREIGN KEY (author_id) REFERENCES users (id)
) @engine@;
CREATE INDEX posts_author_id_id ON posts (author_id, id);

CREATE TABLE comments (
    id @id@,
    post_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    body @text@ NOT NULL,
    body_html @text@ NOT NULL,
    created_at @time@ NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    FOREIGN KEY (author_id) REFERENCES users (id)
) @engine@;
CREATE INDEX comments_post_id_disabled_id ON comments (post_id, disabled, id);
CREATE INDEX comments_author_id ON comments (author_id);
CREATE INDEX comments_disabled_id ON comments (disabled, id);

CREATE TABLE follows (
    follower_id BIGINT NOT NULL,
    followed_id BIGINT NOT NULL,
    created_at @time@ NOT NULL,
    PRIMARY KEY (follower_id, followed_id),
    FOREIGN KEY (follower_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY (followed_id) REFERENCES users (id) ON DELETE CASCADE
) @engine@;
CREATE INDEX follows_followed_id ON follows (followed_id);
