DROP TABLE asked_jobs;
