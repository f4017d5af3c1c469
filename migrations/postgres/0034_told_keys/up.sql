-- The instance that told of a key, where its owner's own could not be asked: null of a key that was seen of its owner.
ALTER TABLE author_keys ADD COLUMN told_by TEXT;
