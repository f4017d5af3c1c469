mail-word = Does a program ask for a code? It is this one:

mail-verify-subject = Confirm your e-mail address for { $instance }
mail-verify-text = Hello { $name },

    You made an account at { $instance }, with the name @{ $handle }. Follow the link to confirm your e-mail address. The link works for seven days.
mail-verify-action = Confirm e-mail address
mail-verify-why = You get this mail because somebody gave this address at { $instance }. Was it not you? Then you need to do nothing.

mail-change-subject = Confirm your new e-mail address for { $instance }
mail-change-text = Hello { $name },

    You want to use this address at { $instance }. Follow the link to confirm it. Until then your old address works.
mail-change-action = Confirm new address
mail-change-why = You get this mail because somebody gave this address at { $instance }. Was it not you? Then you need to do nothing.

mail-known-subject = You have an account at { $instance } already
mail-known-text = Hello { $name },

    Somebody wanted to make an account at { $instance } with this e-mail address. But you have one already. Nothing has changed.

    Did you forget your password? Then ask for a new one.
mail-known-why = You get this mail because somebody gave your address at { $instance }. Was it not you? Then you need to do nothing.

mail-taken-subject = Your e-mail address at { $instance }
mail-taken-text = Hello { $name },

    Somebody wanted to use this e-mail address for another account at { $instance }. But it belongs to your account, @{ $handle }. Nothing has changed.

    Was it you, and do you want to use the other account with this address? Then first give your account @{ $handle } another address, or close it.
mail-taken-why = You get this mail because somebody gave your address at { $instance }. Was it not you? Then you need to do nothing.

mail-begin-subject = Your account at { $instance }
mail-begin-text = Hello { $name },

    The administrator of { $instance } made an account for you, with the name @{ $handle }. Follow the link and choose a password. Then you can sign in. The link works for seven days, and once.
mail-begin-action = Choose a password
mail-begin-why = You get this mail because the administrator of { $instance } gave this address. Do you not want an account? Then you need to do nothing.

mail-reset-subject = A new password for { $instance }
mail-reset-text = Hello { $name },

    You asked for a new password for { $instance }. Follow the link and choose one. The link works for 24 hours, and once.
mail-reset-action = Choose a new password
mail-reset-why = You get this mail because somebody asked for a new password. Was it not you? Then you need to do nothing; your password stays as it was.

mail-password-changed-subject = Your password for { $instance } was changed
mail-password-changed-text = Hello { $name },

    Your password for { $instance } was changed just now. Other devices were signed out.

    Was it not you? Then ask for a new password at once.
mail-password-changed-why = You get this mail because the password of your account changed.

mail-email-changed-subject = Your e-mail address at { $instance } was changed
mail-email-changed-text = Hello { $name },

    Your account at { $instance } uses another e-mail address now. We send nothing more to this one.

    Was it not you? Then get in touch with the administrator.
mail-email-changed-why = You get this mail because the e-mail address of your account changed.

mail-approved-subject = Your account at { $instance } is ready
mail-approved-text = Hello { $name },

    The administrator of { $instance } approved your account. You can sign in now.
mail-approved-why = You get this mail because you made an account at { $instance }.

mail-declined-subject = Your account at { $instance }
mail-declined-text = Hello { $name },

    The administrator of { $instance } did not approve your request. Your data was removed.
mail-declined-why = You get this mail because you asked for an account at { $instance }.

mail-approval-wanted-subject = Somebody waits for approval at { $instance }
mail-approval-wanted-text = Hello { $name },

    @{ $handle } wants an account at { $instance } and waits for approval.

    Approve or decline it in the programme in which you look after Kring. On the server the command is: kring admin accounts approve { $handle }
mail-approval-wanted-why = You get this mail because you are an administrator of { $instance }.

mail-invitation-subject = { $who } invites you to { $network }
mail-invitation-subject-hidden = You are invited to a network at { $instance }
mail-invitation-text = Hello { $name },

    { $who } asks whether you would like to become a member of the network { $network } at { $instance }. If you do, sign in and join. If you do not, you need not do anything.
mail-invitation-network = See the network
mail-invitation-home = Go to { $instance }
mail-invitation-why = You get this mail because somebody invited you at { $instance }. For this network it comes once.
mail-invitation-stop = Send me no more invitations and digests

next-verify = Look in your mailbox. It says what to do next.
next-reset = Look in your mailbox. If we know this address, it says how to choose a new password.
next-sign-in = Your e-mail address is confirmed. You can sign in now.
next-approval = Your e-mail address is confirmed. An administrator looks at your account now; you get a mail as soon as you can sign in.

mail-help-subject = { $who } asks for your help with { $network }
mail-help-subject-hidden = Somebody asks for your help at { $instance }
mail-help-text = Hello { $name },
mail-help-offer = You offer help: ‘{ $offer }’
mail-help-network-asks = { $who } coordinates the network { $network } at { $instance } and asks whether you want to help. { $who } writes:
mail-help-answer = Do you want to help? Then join the network. You need not do anything if it does not suit you. Nobody sees your e-mail address.
mail-help-network = See the network
mail-help-home = Go to { $instance }
mail-help-why = You get this mail because you offer help at { $instance }. This network can ask you about it once. You can always pause or withdraw your offer.
mail-help-stop = Send me no more requests, invitations and digests

mail-job-network_archive-done = Your archive is ready
mail-job-network_archive-done-text = You asked for the archive of a network. It is ready.
mail-job-network_archive-failed = Your archive was not made
mail-job-network_archive-failed-text = You asked for the archive of a network. That did not work.
mail-job-account_export-done = Your data is ready
mail-job-account_export-done-text = You asked for everything that is yours. It is ready, in one file.
mail-job-account_export-failed = Your data is not ready
mail-job-account_export-failed-text = You asked for everything that is yours. That did not work.
mail-job-document_import-done = Your documents were read in
mail-job-document_import-done-text = You sent a folder of documents. It was read in.
mail-job-document_import-failed = Your documents were not read in
mail-job-document_import-failed-text = You sent a folder of documents. Reading it in did not work.
mail-job-network_import-done = The network was read in
mail-job-network_import-done-text = You sent the archive of a network. It was read in.
mail-job-network_import-failed = The network was not read in
mail-job-network_import-failed-text = You sent the archive of a network. Reading it in did not work.
mail-job-file = You can fetch it until { $until }, on the device where you are signed in. Its address is { $address }
mail-job-network = See the network
mail-job-why = You get this mail because you asked for this, and it took longer than a minute.
mail-job-stop = Send me no such mails and no digests any more
