DROP TABLE checklist_dismissals;
DROP TABLE template_uses;
DROP TABLE templates;
DROP TABLE help_told;
DROP TABLE help_asks;
DROP TABLE help_offer_tags;
DROP TABLE help_offers;
DROP INDEX networks_seeking_help;
ALTER TABLE networks DROP COLUMN seeking_help;
