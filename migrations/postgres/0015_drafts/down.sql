DROP TABLE attachment_holds;
DROP TABLE drafts;
