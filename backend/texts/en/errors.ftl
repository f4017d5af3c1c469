# What went wrong and what to do about it. Names: error-CODE and fault-CODE.

error-invalid = { $count ->
    [one] One field cannot be saved like this. It says what is wrong.
   *[other] { $count } fields cannot be saved like this. Each says what is wrong.
}
error-malformed_body = What you sent cannot be read. Send valid JSON in UTF-8.
error-sign_in_required = Sign in first.
error-token_expired = Your access has expired. Refresh the session or sign in again.
error-token_invalid = You are not signed in any more. Sign in again.
error-wrong_credentials = The name or the password is wrong, or the e-mail address is not confirmed yet. Try again, or ask for a new password.
error-refresh_token_invalid = This session is over. Sign in again.
error-email_unverified = First confirm your e-mail address with the link in the mail you got. You can have the mail sent again.
error-awaiting_approval = Your account waits for approval by the administrator. You get a mail as soon as it works.
error-registration_closed = You cannot make an account on this server yourself. Ask the administrator for one.
error-admin_only = Only an administrator of this server can do this.
error-wrong_password = The present password is wrong.
error-password_needed = You signed in a while ago. Send your password once more, to show that it is you.
error-members_only = This is for members only. Join the network to see it.
error-coordinators_only = Only a coordinator of the network can do this.
error-author_only = Only the person who wrote it can do this.
error-uploader_only = Only the person who uploaded the file, or a coordinator or facilitator of the network, can do this.
error-moderators_only = Only a coordinator or facilitator of the network can do this.
error-network_archived = This network is closed. You can read everything, but change nothing any more.
error-invitation_needed = You need an invitation to this network. Ask a member or coordinator for one.
error-removed_from_network = A coordinator removed you from this network. Get in touch with a coordinator.
error-thread_locked = This conversation is closed. You can read it, but not reply any more.
error-own_membership_only = You can change this only for your own membership.
error-not_expert_by_experience = First say in your account that you are an expert by experience. Then you can show it in each network.
error-not_found = This does not exist, or you may not see it. Check the address or sign in.
error-thread_deleted = This thread was deleted. Only the replies are left.
error-method_not_allowed = This cannot be done at this address. The Allow header says what can.
error-slug_taken = There is a network with this address already. Choose another address.
error-handle_taken = This name is taken. Choose another.
error-already_member = This person is a member already.
error-already_requested = You have asked to join already. A coordinator will look at it.
error-not_waiting = There is nothing to decide here any more: the request is gone.
error-last_coordinator = You are the only coordinator. Make somebody else coordinator first.
error-has_coordinator = This network has a coordinator already.
error-joined_later = This network lost its coordinator before you joined. Those who were members then choose the next one; the administrator can appoint one, too.
error-too_deep = This reply sits too deep. Reply to an earlier message.
error-too_many_drafts = You have a great many drafts already. Publish one, or throw one away.
error-too_many_unused_files = You sent many files that belong to nothing yet. Use them in a message or document, or delete some. After a day they go by themselves.
error-idempotency_key_reused = This Idempotency-Key was used for another request. Make a new one.
error-link_used_up = This link does not work any more. Ask for a new one.
error-too_large = This is too large. Make it smaller and try again.
error-unsupported_media_type = This kind of content is not taken here. Send application/json, and files as multipart/form-data.
error-range_not_satisfiable = This part of the file does not exist.
error-if_match_required = Send the ETag of the version you read in the If-Match header. That way nobody's work is lost.
error-stale = Somebody else changed this meanwhile. Nothing was overwritten. Read the new version and try again.
error-stale_draft = Another device has a newer text of this draft. What you sent is kept beside it. Compare them and choose what stays.
error-stale_draft_gone = This draft was published or thrown away elsewhere. What you sent is kept as a new draft.
error-stale_kept = Somebody else changed this meanwhile. Nothing was overwritten, and your text is kept as a draft. Compare the two, then save yours again.
error-too_many = Those are too many attempts in a row. Try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
error-unavailable = The server cannot do this right now. Nothing is lost. Try again shortly.
error-internal = Something went wrong on our side. Nothing was saved. Try again later.

fault-required = Fill this in.
fault-not_null = This cannot be cleared. Leave it out or give a value.
fault-wrong_type = This is not the right kind of value.
fault-unknown_field = We do not know this field. Check its spelling.
fault-unknown_parameter = We do not know this parameter. Check its spelling.
fault-repeated = Give this parameter once only.
fault-control_characters = There are characters in this that cannot be seen. Remove them.
fault-not_utf8 = There are bytes in this that are no UTF-8. Send it in UTF-8.
fault-empty = Fill something in here.
fault-too_short = This is too short. Use at least { $min } characters.
fault-too_long = This is too long: { $length } characters. Use { $max } at most.
fault-too_many_items = These are too many. Give { $max } at most.
fault-not_allowed = Choose one of these: { $allowed }.
fault-limit = Give a number from 1 to { $max }.
fault-cursor = We do not know this cursor. Start again without one.
fault-idempotency_key = Use 1 to 200 characters for Idempotency-Key.
fault-reserved = This name is for the server itself. Choose another.
fault-handle = Use 3 to 30 letters, digits or underscores, and begin with a letter.
fault-slug = Use 3 to 50 small letters, digits or hyphens, and begin with a letter.
fault-language = Use a language code, such as nl or en-GB.
fault-email = This is not a whole e-mail address. An address looks like name@example.org.
fault-password_short = This password is too short. Use at least { $min } characters; a sentence is fine.
fault-taken = This name is taken. Choose another.
fault-municipality_code = Use the code of a municipality, such as GM0344.
fault-unknown_municipality = We do not know this municipality. Look the code up at /v1/municipalities.
fault-theme = Use 2 to 40 small letters, digits or hyphens for a theme.
fault-article = The UN convention (CRPD) has articles 1 to 50.
fault-unknown_person = We do not know this person. Check the name.
fault-unknown_reply = This reply is not part of this conversation.
fault-needs_replies = Ask for the replies too: include=replies.
fault-unknown_revision = The document has no such revision. See its history for the ones it has.
fault-needs_capacity = Say in which capacity, too, or leave the organisation out.
fault-own_only = This is for joining yourself. Leave it out when you invite somebody.
fault-needs_handle = Say whom you invite, too, or leave the role out.
fault-led_by_experts = On this server whoever proposes a network states that experts by experience lead it. Everyone sees that statement.
fault-unknown_attachment = We do not know this file, or it belongs to something else. Upload it first, and use each file once.
fault-needs_description = Say in words what can be seen on the image (alt). Or say that it is only decoration, or ask for a description.
fault-image_kind = This kind of image is not taken, because it may tell where it was made. Save it as JPEG, PNG or WebP first.
fault-damaged_image = This image is damaged. Save it once more and try again.
fault-known_email = This e-mail address has an account already.
fault-empty_file = This file is empty. Choose another one.
fault-file_name = A file name has no slashes and no invisible characters.
fault-time_zone = Use a name of the IANA list of time zones, as Europe/Amsterdam.
fault-hour = Use a whole hour from 0 to 23.
fault-no_words = There is no word in this to look for. Give at least one word or number.
fault-too_many_words = These are too many words. Search with { $max } words at most.
fault-unknown_network = We do not know this network. Check the address or sign in.
fault-draft_reference = This is no version of a draft. Copy `version` from the draft.
