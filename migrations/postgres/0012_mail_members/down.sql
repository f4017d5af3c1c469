DROP TABLE email_refusals;
DROP TABLE email_invitations;
ALTER TABLE memberships DROP COLUMN shown;
DROP INDEX accounts_mail_only;
ALTER TABLE accounts DROP COLUMN mail_member_since;
