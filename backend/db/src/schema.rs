//! The schema of both databases, search tables excepted. A test compares it with both migrated databases.

diesel::table! {
    municipalities (code) {
        code -> Text,
        country -> Text,
        official_name -> Text,
        display_name -> Text,
        folded_name -> Text,
        province_code -> Text,
        province -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    municipality_successors (code, successor) {
        code -> Text,
        successor -> Text,
    }
}

diesel::table! {
    persons (id) {
        id -> BigInt,
        handle -> Text,
        host -> Text,
        display_name -> Text,
        bio -> Text,
        municipality -> Nullable<Text>,
        languages -> Text,
        created_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        home_url -> Nullable<Text>,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        person_id -> BigInt,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        email_verified_at -> Nullable<Timestamp>,
        password_hash -> Text,
        language -> Text,
        role -> Text,
        approved_at -> Nullable<Timestamp>,
        expert_by_experience -> Bool,
        created_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        password_changed_at -> Nullable<Timestamp>,
        mail_member_since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        account_id -> BigInt,
        device -> Text,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Text,
        session_id -> BigInt,
        created_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    email_tokens (hash) {
        hash -> Text,
        account_id -> BigInt,
        purpose -> Text,
        email -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    networks (id) {
        id -> BigInt,
        slug -> Text,
        host -> Text,
        name -> Text,
        description -> Text,
        description_html -> Text,
        folded -> Text,
        language -> Text,
        visibility -> Text,
        join_policy -> Text,
        documents_edited_by -> Text,
        state -> Text,
        seeking_people -> Bool,
        led_by_experts -> Bool,
        municipalities -> Text,
        themes -> Text,
        crpd_articles -> Text,
        member_count -> BigInt,
        coordinator_count -> BigInt,
        founder_count -> BigInt,
        thread_count -> BigInt,
        document_count -> BigInt,
        created_by -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        archived_at -> Nullable<Timestamp>,
        without_coordinator_since -> Nullable<Timestamp>,
        version -> BigInt,
        plain_summary -> Nullable<Text>,
        seeking_help -> Nullable<Text>,
        federation -> Text,
        home_url -> Nullable<Text>,
    }
}

diesel::table! {
    network_tags (network_id, kind, value) {
        network_id -> BigInt,
        kind -> Text,
        value -> Text,
    }
}

diesel::table! {
    memberships (id) {
        id -> BigInt,
        network_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        state -> Text,
        founder -> Bool,
        capacity -> Nullable<Text>,
        organisation -> Nullable<Text>,
        shows_experience -> Bool,
        message -> Text,
        invited_by -> Nullable<BigInt>,
        joined_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        shown -> Bool,
    }
}

diesel::table! {
    coordinator_choices (network_id, voter_id) {
        network_id -> BigInt,
        voter_id -> BigInt,
        choice_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    email_invitations (id) {
        id -> BigInt,
        network_id -> BigInt,
        email -> Nullable<Text>,
        email_hash -> Text,
        name -> Text,
        language -> Text,
        invited_by -> BigInt,
        state -> Text,
        mail_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        reminded_at -> Nullable<Timestamp>,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    email_refusals (email_hash) {
        email_hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        kind -> Text,
        network_id -> Nullable<BigInt>,
        subject_id -> BigInt,
        actor_id -> Nullable<BigInt>,
        payload -> Text,
        created_at -> Timestamp,
        position -> Nullable<BigInt>,
    }
}

diesel::table! {
    event_cursors (consumer) {
        consumer -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    event_failures (consumer, event_id) {
        consumer -> Text,
        event_id -> BigInt,
        attempts -> BigInt,
        last_error -> Text,
        set_aside_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        run_at -> Timestamp,
        attempts -> BigInt,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        failed_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (account_id, key) {
        account_id -> BigInt,
        key -> Text,
        fingerprint -> Text,
        status -> BigInt,
        headers -> Text,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mails (id) {
        id -> BigInt,
        kind -> Text,
        person_id -> Nullable<BigInt>,
        recipient -> Text,
        subject -> Text,
        message -> Text,
        message_id -> Text,
        state -> Text,
        attempts -> BigInt,
        next_attempt_at -> Timestamp,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    threads (id) {
        id -> BigInt,
        network_id -> BigInt,
        author_id -> BigInt,
        title -> Text,
        body -> Text,
        body_html -> Text,
        language -> Text,
        reply_count -> BigInt,
        last_seq -> BigInt,
        last_activity_at -> Timestamp,
        pinned -> Bool,
        locked_at -> Nullable<Timestamp>,
        thanks_count -> BigInt,
        recognise_count -> BigInt,
        more_count -> BigInt,
        created_at -> Timestamp,
        edited_at -> Nullable<Timestamp>,
        deleted_at -> Nullable<Timestamp>,
        deleted_by -> Nullable<BigInt>,
        version -> BigInt,
        plain_summary -> Nullable<Text>,
    }
}

diesel::table! {
    replies (id) {
        id -> BigInt,
        thread_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        author_id -> BigInt,
        seq -> BigInt,
        depth -> BigInt,
        path -> Text,
        body -> Text,
        body_html -> Text,
        language -> Text,
        thanks_count -> BigInt,
        recognise_count -> BigInt,
        more_count -> BigInt,
        created_at -> Timestamp,
        edited_at -> Nullable<Timestamp>,
        deleted_at -> Nullable<Timestamp>,
        deleted_by -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    post_versions (id) {
        id -> BigInt,
        thread_id -> BigInt,
        reply_id -> Nullable<BigInt>,
        version -> BigInt,
        title -> Text,
        body -> Text,
        body_html -> Text,
        language -> Text,
        editor_id -> BigInt,
        written_at -> Timestamp,
        plain_summary -> Nullable<Text>,
    }
}

diesel::table! {
    reactions (subject_id, person_id, kind) {
        thread_id -> BigInt,
        subject_id -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    mentions (subject_id, person_id) {
        thread_id -> BigInt,
        subject_id -> BigInt,
        person_id -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    read_states (person_id, thread_id) {
        person_id -> BigInt,
        thread_id -> BigInt,
        read_seq -> BigInt,
        read_at -> Timestamp,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        network_id -> BigInt,
        kind -> Text,
        title -> Text,
        excerpt -> Text,
        language -> Text,
        municipalities -> Text,
        themes -> Text,
        crpd_articles -> Text,
        revision -> BigInt,
        version -> BigInt,
        created_by -> BigInt,
        created_at -> Timestamp,
        changed_by -> BigInt,
        changed_at -> Timestamp,
        licence -> Text,
        plain_summary -> Nullable<Text>,
    }
}

diesel::table! {
    revisions (id) {
        id -> BigInt,
        document_id -> BigInt,
        number -> BigInt,
        title -> Text,
        language -> Text,
        author_id -> BigInt,
        restored_from -> Nullable<BigInt>,
        created_at -> Timestamp,
        body -> Text,
        body_html -> Text,
        plain_summary -> Nullable<Text>,
    }
}

diesel::table! {
    document_tags (document_id, kind, value) {
        document_id -> BigInt,
        kind -> Text,
        value -> Text,
    }
}

diesel::table! {
    document_read_states (person_id, document_id) {
        person_id -> BigInt,
        document_id -> BigInt,
        revision -> BigInt,
        read_at -> Timestamp,
    }
}

diesel::table! {
    attachments (id) {
        id -> BigInt,
        network_id -> BigInt,
        uploader_id -> BigInt,
        target_kind -> Nullable<Text>,
        target_id -> Nullable<BigInt>,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
        alt -> Nullable<Text>,
        decorative -> Bool,
        description_wanted -> Bool,
        created_at -> Timestamp,
        attached_at -> Nullable<Timestamp>,
        deleted_at -> Nullable<Timestamp>,
        removed_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    drafts (id) {
        id -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        target -> Text,
        number -> BigInt,
        origin -> Text,
        session_id -> BigInt,
        base -> Nullable<Text>,
        title -> Nullable<Text>,
        excerpt -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        saved_at -> Timestamp,
        further -> Text,
        body -> Text,
    }
}

diesel::table! {
    attachment_holds (attachment_id, holder_id) {
        attachment_id -> BigInt,
        holder_id -> BigInt,
    }
}

diesel::table! {
    digest_preferences (person_id) {
        person_id -> BigInt,
        frequency -> Text,
        weekday -> Text,
        hour -> BigInt,
        time_zone -> Text,
        position -> BigInt,
        next_at -> Nullable<Timestamp>,
        failed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    digests (id) {
        id -> BigInt,
        person_id -> BigInt,
        period_key -> Text,
        due_at -> Timestamp,
        from_position -> BigInt,
        to_position -> BigInt,
        language -> Text,
        contents -> Text,
        mail_id -> BigInt,
        word_hash -> Text,
        word_expires_at -> Timestamp,
        word_revoked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    asked_jobs (id) {
        id -> BigInt,
        account_id -> Nullable<BigInt>,
        kind -> Text,
        state -> Text,
        request -> Text,
        done -> BigInt,
        total -> Nullable<BigInt>,
        result -> Nullable<Text>,
        problem -> Nullable<Text>,
        has_file -> Bool,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    adoptions (document_id) {
        document_id -> BigInt,
        network_id -> BigInt,
        municipality -> Text,
        adopted_by -> BigInt,
        created_at -> Timestamp,
        source_host -> Text,
        source_id -> BigInt,
        source_revision -> BigInt,
        source_title -> Text,
        source_network_slug -> Text,
        source_network_name -> Text,
        licence -> Text,
        authors -> Text,
        origins -> Text,
        seen_revision -> BigInt,
        base_title -> Text,
        base_body -> Text,
    }
}

diesel::table! {
    adopted_files (document_id, source_id) {
        document_id -> BigInt,
        source_id -> BigInt,
        attachment_id -> BigInt,
    }
}

diesel::table! {
    document_variants (document_id) {
        document_id -> BigInt,
        source_id -> BigInt,
        kind -> Text,
        language -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    help_offers (id) {
        id -> BigInt,
        person_id -> BigInt,
        sentence -> Text,
        language -> Text,
        themes -> Text,
        municipalities -> Text,
        paused -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    help_offer_tags (offer_id, kind, value) {
        offer_id -> BigInt,
        kind -> Text,
        value -> Text,
    }
}

diesel::table! {
    help_asks (offer_id, network_id) {
        offer_id -> BigInt,
        network_id -> BigInt,
        asked_by -> BigInt,
        message -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    help_told (person_id, offer_id, network_id) {
        person_id -> BigInt,
        offer_id -> BigInt,
        network_id -> BigInt,
    }
}

diesel::table! {
    templates (key, language) {
        key -> Text,
        language -> Text,
        kind -> Text,
        content -> Nullable<Text>,
        hidden -> Bool,
        changed_by -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    archives (id) {
        id -> BigInt,
        network_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        file_name -> Text,
        size -> BigInt,
        sha256 -> Text,
        with_members -> Bool,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    files_announced (key) {
        key -> Text,
        announced_at -> Timestamp,
    }
}

diesel::table! {
    template_uses (document_id) {
        document_id -> BigInt,
        network_id -> BigInt,
        template -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    network_credits (network_id, person_id) {
        network_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        co_founder -> Bool,
        joined_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    network_imports (network_id) {
        network_id -> BigInt,
        from_host -> Text,
        made_at -> Timestamp,
        asked_by -> Nullable<BigInt>,
        worker -> Text,
        started_at -> Timestamp,
        touched_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    network_import_persons (network_id, person_id) {
        network_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    checklist_dismissals (network_id, item) {
        network_id -> BigInt,
        item -> Text,
        person_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    federation_settings (id) {
        id -> BigInt,
        reach -> Text,
        updated_at -> Timestamp,
        updated_by -> BigInt,
    }
}

diesel::table! {
    peer_rules (host) {
        host -> Text,
        rule -> Text,
        reason -> Text,
        created_at -> Timestamp,
        created_by -> BigInt,
    }
}

diesel::table! {
    actor_keys (owner_kind, owner_id, algorithm) {
        owner_kind -> Text,
        owner_id -> BigInt,
        algorithm -> Text,
        private_key -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    peers (host) {
        host -> Text,
        position -> BigInt,
        takes_rfc9421 -> Bool,
        attempts -> BigInt,
        next_try_at -> Timestamp,
        failing_since -> Nullable<Timestamp>,
        last_success_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        created_at -> Timestamp,
        looked_at -> Nullable<Timestamp>,
        silent_since -> Nullable<Timestamp>,
        continuable_at -> Nullable<Timestamp>,
        told_at -> Nullable<Timestamp>,
        wanted -> BigInt,
        ahead -> Text,
        again_at -> Nullable<Timestamp>,
        inbox -> Nullable<Text>,
        software -> Nullable<Text>,
        software_version -> Nullable<Text>,
        software_due_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    remote_actors (uri) {
        uri -> Text,
        host -> Text,
        person_id -> Nullable<BigInt>,
        network_id -> Nullable<BigInt>,
        inbox -> Text,
        delivery -> Text,
        key_id -> Text,
        public_key -> Text,
        proof_key_id -> Nullable<Text>,
        proof_key -> Nullable<Text>,
        fetched_at -> Timestamp,
        outbox -> Nullable<Text>,
        followers -> Nullable<Text>,
        featured -> Nullable<Text>,
        moderators -> Nullable<Text>,
        backfilling_since -> Nullable<Timestamp>,
        backfilled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    remote_objects (uri) {
        uri -> Text,
        kind -> Text,
        object_id -> BigInt,
        updated_at -> Timestamp,
        activity -> Text,
    }
}

diesel::table! {
    taken_away (uri, said_by) {
        uri -> Text,
        said_by -> Text,
        activity -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    follows (uri) {
        uri -> Text,
        network_id -> BigInt,
        person_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        position -> Nullable<BigInt>,
        uri -> Text,
        owner_kind -> Text,
        owner_id -> BigInt,
        payload -> Text,
        network_id -> Nullable<BigInt>,
        host -> Nullable<Text>,
        inbox -> Nullable<Text>,
        order_key -> Text,
        created_at -> Timestamp,
        post_id -> Nullable<BigInt>,
        erasure_id -> Nullable<BigInt>,
        tells -> Nullable<Text>,
    }
}

diesel::table! {
    network_addresses (slug) {
        slug -> Text,
        network_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    coordinators (network_id, person_id) {
        network_id -> BigInt,
        person_id -> BigInt,
        since -> Timestamp,
    }
}

diesel::table! {
    network_moves (id) {
        id -> BigInt,
        network_id -> BigInt,
        from_uri -> Text,
        to_uri -> Text,
        to_address -> Text,
        state -> Text,
        by_uri -> Nullable<Text>,
        activity -> Text,
        coordinators -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        network_id -> BigInt,
        subject_kind -> Text,
        subject_id -> BigInt,
        reporter_id -> Nullable<BigInt>,
        host -> Text,
        reason -> Text,
        state -> Text,
        decision -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    copies (network_id, host) {
        network_id -> BigInt,
        host -> Text,
        since -> Timestamp,
        asked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erasures (id) {
        id -> BigInt,
        network_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        subject_kind -> Text,
        subject_id -> BigInt,
        reason -> Text,
        objects -> BigInt,
        created_at -> Timestamp,
        asked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erasure_hosts (erasure_id, host) {
        erasure_id -> BigInt,
        host -> Text,
        refused -> BigInt,
        last_error -> Nullable<Text>,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    parked_deliveries (id) {
        id -> BigInt,
        activity_id -> BigInt,
        host -> Text,
        attempts -> BigInt,
        last_error -> Text,
        parked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    inbox_messages (id) {
        id -> BigInt,
        uri -> Text,
        host -> Text,
        signer -> Text,
        body -> Text,
        order_key -> Text,
        run_at -> Timestamp,
        attempts -> BigInt,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        done_at -> Nullable<Timestamp>,
        parked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    author_keys (actor, public_key) {
        actor -> Text,
        public_key -> Text,
        key_id -> Text,
        seen_at -> Timestamp,
        told_by -> Nullable<Text>,
    }
}

diesel::table! {
    signed_copies (id) {
        id -> BigInt,
        kind -> Text,
        subject_id -> BigInt,
        revision -> BigInt,
        labels -> BigInt,
        actor -> Text,
        activity -> Text,
        kept_at -> Timestamp,
    }
}

diesel::table! {
    proposed_revisions (document_id, person_id) {
        document_id -> BigInt,
        person_id -> BigInt,
        base -> BigInt,
        title -> Text,
        plain_summary -> Nullable<Text>,
        language -> Text,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    removed_documents (id) {
        id -> BigInt,
        network_id -> BigInt,
        removed_by -> BigInt,
        removed_at -> Timestamp,
    }
}

diesel::table! {
    copied_networks (network_id) {
        network_id -> BigInt,
        documents_page -> Nullable<Text>,
        posts_page -> Nullable<Text>,
    }
}

diesel::joinable!(persons -> municipalities (municipality));
diesel::joinable!(accounts -> persons (person_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(email_tokens -> accounts (account_id));
diesel::joinable!(networks -> persons (created_by));
diesel::joinable!(network_tags -> networks (network_id));
diesel::joinable!(memberships -> networks (network_id));
diesel::joinable!(coordinator_choices -> networks (network_id));
diesel::joinable!(email_invitations -> networks (network_id));
diesel::joinable!(events -> networks (network_id));
diesel::joinable!(events -> persons (actor_id));
diesel::joinable!(idempotency_keys -> accounts (account_id));
diesel::joinable!(mails -> persons (person_id));
diesel::joinable!(threads -> networks (network_id));
diesel::joinable!(replies -> threads (thread_id));
diesel::joinable!(post_versions -> threads (thread_id));
diesel::joinable!(post_versions -> replies (reply_id));
diesel::joinable!(post_versions -> persons (editor_id));
diesel::joinable!(reactions -> threads (thread_id));
diesel::joinable!(reactions -> persons (person_id));
diesel::joinable!(mentions -> threads (thread_id));
diesel::joinable!(mentions -> persons (person_id));
diesel::joinable!(read_states -> persons (person_id));
diesel::joinable!(read_states -> threads (thread_id));
diesel::joinable!(documents -> networks (network_id));
diesel::joinable!(revisions -> documents (document_id));
diesel::joinable!(revisions -> persons (author_id));
diesel::joinable!(document_tags -> documents (document_id));
diesel::joinable!(document_read_states -> persons (person_id));
diesel::joinable!(document_read_states -> documents (document_id));
diesel::joinable!(attachments -> networks (network_id));
diesel::joinable!(attachments -> persons (uploader_id));
diesel::joinable!(drafts -> persons (person_id));
diesel::joinable!(attachment_holds -> attachments (attachment_id));
diesel::joinable!(digest_preferences -> persons (person_id));
diesel::joinable!(digests -> persons (person_id));
diesel::joinable!(digests -> mails (mail_id));
diesel::joinable!(asked_jobs -> accounts (account_id));
diesel::joinable!(adoptions -> documents (document_id));
diesel::joinable!(adoptions -> networks (network_id));
diesel::joinable!(adoptions -> municipalities (municipality));
diesel::joinable!(adopted_files -> documents (document_id));
diesel::joinable!(help_offers -> persons (person_id));
diesel::joinable!(help_offer_tags -> help_offers (offer_id));
diesel::joinable!(help_asks -> help_offers (offer_id));
diesel::joinable!(help_asks -> networks (network_id));
diesel::joinable!(help_told -> help_offers (offer_id));
diesel::joinable!(templates -> persons (changed_by));
diesel::joinable!(template_uses -> documents (document_id));
diesel::joinable!(archives -> networks (network_id));
diesel::joinable!(archives -> persons (person_id));
diesel::joinable!(network_credits -> networks (network_id));
diesel::joinable!(network_credits -> persons (person_id));
diesel::joinable!(checklist_dismissals -> networks (network_id));

diesel::allow_tables_to_appear_in_same_query!(
    municipalities,
    municipality_successors,
    persons,
    accounts,
    sessions,
    refresh_tokens,
    email_tokens,
    networks,
    network_tags,
    memberships,
    coordinator_choices,
    email_invitations,
    email_refusals,
    events,
    event_cursors,
    event_failures,
    jobs,
    idempotency_keys,
    mails,
    threads,
    replies,
    post_versions,
    reactions,
    mentions,
    read_states,
    documents,
    revisions,
    document_tags,
    document_read_states,
    attachments,
    drafts,
    attachment_holds,
    digest_preferences,
    digests,
    asked_jobs,
    adoptions,
    adopted_files,
    document_variants,
    help_offers,
    help_offer_tags,
    help_asks,
    help_told,
    templates,
    template_uses,
    archives,
    network_credits,
    network_imports,
    network_import_persons,
    checklist_dismissals,
    files_announced,
    actor_keys,
    network_addresses,
    coordinators,
    network_moves,
    peers,
    remote_actors,
    remote_objects,
    taken_away,
    follows,
    activities,
    parked_deliveries,
    reports,
    copies,
    erasures,
    erasure_hosts,
    inbox_messages,
    author_keys,
    signed_copies,
    proposed_revisions,
    removed_documents,
    copied_networks,
);

diesel::allow_columns_to_appear_in_same_group_by_clause!(
    memberships::network_id,
    persons::host,
    peers::failing_since,
);
