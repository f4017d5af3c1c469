-- Keys of actors of this instance, made when they are first asked for.
CREATE TABLE actor_keys (
    -- instance, network, person
    owner_kind TEXT NOT NULL,
    -- 0 for the instance
    owner_id BIGINT NOT NULL,
    -- rsa signs requests, ed25519 signs objects
    algorithm TEXT NOT NULL,
    -- PKCS#8, in base64
    private_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (owner_kind, owner_id, algorithm)
);
