-- Since when its owner is a member by mail: mail goes to them whether or not anybody approved an account. Without a
-- password they are known by their address alone; their handle is then '~' and their id, which nobody can ask for.
ALTER TABLE accounts ADD COLUMN mail_member_since TIMESTAMP;
-- Finds those who have not become full members.
CREATE INDEX accounts_mail_only ON accounts (person_id) WHERE mail_member_since IS NOT NULL AND approved_at IS NULL;

-- Do other members see a mail-only one here? By their own choice; it says nothing of members with an account.
ALTER TABLE memberships ADD COLUMN shown BOOLEAN NOT NULL DEFAULT TRUE;

-- An invitation by e-mail address: one of each address in each network, for ever, so that nobody is asked twice.
CREATE TABLE email_invitations (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    -- forgotten as soon as the invitation no longer waits
    email TEXT,
    -- keyed: who reads the database alone cannot look an address up
    email_hash TEXT NOT NULL,
    -- what the inviter calls them; forgotten with the address
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    invited_by BIGINT NOT NULL REFERENCES persons (id),
    -- invited, confirmed, declined, left, removed, withdrawn, expired
    state TEXT NOT NULL,
    -- its last mail, to be held back while it is still to go out
    mail_id BIGINT,
    -- who confirmed
    person_id BIGINT REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP,
    reminded_at TIMESTAMP,
    expires_at TIMESTAMP NOT NULL,
    -- when it stopped waiting
    ended_at TIMESTAMP,
    UNIQUE (network_id, email_hash)
);
CREATE INDEX email_invitations_network ON email_invitations (network_id, id);
CREATE INDEX email_invitations_person ON email_invitations (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX email_invitations_email ON email_invitations (email_hash);
CREATE INDEX email_invitations_inviter ON email_invitations (invited_by, created_at);

-- Addresses whose owners want no invitation from anybody. Nothing but the hash is kept.
CREATE TABLE email_refusals (
    email_hash TEXT PRIMARY KEY NOT NULL,
    created_at TIMESTAMP NOT NULL
);
