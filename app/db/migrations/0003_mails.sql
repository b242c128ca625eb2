-- compatible: 1
-- The outbox: mails that are to be sent, were, or could not be; see app/models/outbox.hpp. Binaries that do not know it queue no mail
-- and send none.

-- due_at is when the next attempt may begin: of a queued mail the end of its pause, of one that is being sent the end of the lease;
-- NULL when nothing more is to be done, so that the index on it holds none of those. An address is its e-mail, then a blank and the
-- name, if it has one; recipients are one on a line.
CREATE TABLE mails (
    id @id@,
    state @exact(16)@ NOT NULL,
    sender @text@ NOT NULL,
    recipients @text@ NOT NULL,
    subject @text@ NOT NULL,
    body_text @text@ NOT NULL,
    body_html @text@ NOT NULL,
    message_id @text@ NOT NULL,
    dated_at @time@ NOT NULL,
    created_at @time@ NOT NULL,
    queued_at @time@ NOT NULL,
    attempts BIGINT NOT NULL,
    due_at @time@,
    lease @exact(255)@ NOT NULL,
    last_attempt_at @time@,
    last_stage @exact(32)@ NOT NULL,
    last_trouble @exact(32)@ NOT NULL,
    last_words @text@ NOT NULL,
    finished_at @time@
) @engine@;
CREATE INDEX mails_due_at ON mails (due_at);
CREATE INDEX mails_state_id ON mails (state, id);
CREATE INDEX mails_state_finished_at ON mails (state, finished_at);

-- down
DROP TABLE mails;
