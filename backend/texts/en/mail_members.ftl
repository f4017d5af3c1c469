# Members by mail: invited by their address, reading the digest and nothing else.

digest-greeting-nameless = Hello,
digest-full = Would you like to write something, too? Become a full member
digest-full-link = Become a full member

digest-page-leave-text = Do you want no more mail from { $instance }? Then press the button. You then leave your networks.

    We erase your e-mail address, your name and what we sent you. You cannot turn it on again yourself.
digest-page-left-text = You have left your networks at { $instance }. Your e-mail address, your name and what we sent you are erased.
digest-page-never = I never want to be invited here again

mail-by-mail-subject = { $who } invites you to { $network }
mail-by-mail-reminder-subject = Reminder: { $who } invites you to { $network }
mail-by-mail-reminder = A week ago we sent you this invitation. This is the only reminder.
mail-by-mail-asks = { $who } asks whether you would like to follow the network { $network } at { $instance } by mail.
mail-by-mail-about = About this network: { $lead }
mail-by-mail-new = If you say yes, you get a mail with what is new: usually once a week. You choose the day yourself. You need no account and no password, and you can stop at any time with one click.
mail-by-mail-known = You get a mail from { $instance } with what is new already. If you say yes, the news of this network comes in that same mail.
mail-by-mail-account = You have an account at { $instance }. If you say yes, you become a member of this network with it.
mail-by-mail-action = Say yes or no
mail-by-mail-why = You get this mail because { $who } gave your address at { $instance }. If you do nothing, we send one reminder and then nothing more. After 30 days we forget your address.
mail-by-mail-why-reminder = You get this mail because { $who } gave your address at { $instance }. If you do nothing, you hear nothing more from this network, and we forget your address.
by-mail-other = { $who } invites you to the network { $network }.
mail-by-mail-others = More invitations wait for you. You see them once you answered this one.
mail-by-mail-why-others = You get this mail because others gave your address at { $instance }. If you do nothing, you hear nothing more of these invitations.
mail-by-mail-stop = Never invite me again

mail-full-subject = Become a full member of { $instance }
mail-full-text = Hello,

    You want to become a full member at { $instance }. Follow the link and choose a name and a password. Then you can sign in and write. Everything you have stays. The link works for 24 hours, and once.
mail-full-action = Choose a name and a password
mail-full-why = You get this mail because somebody asked for this with a link from your digest, or with your address. Was it not you? Then you need to do nothing; everything stays as it is.

mail-taken-by-mail-subject = Your e-mail address at { $instance }
mail-taken-by-mail-text = Hello,

    Somebody wanted to use this e-mail address for an account at { $instance }. But this address gets the digest already. Nothing has changed.

    Was it you? Then first stop the digest with the link at its end. After that you can give your account this address.
mail-taken-by-mail-why = You get this mail because somebody gave your address at { $instance }. Was it not you? Then you need to do nothing.

mail-declined-by-mail-subject = Your request at { $instance }
mail-declined-by-mail-text = Hello { $name },

    The administrator of { $instance } did not approve your request for an account. You still get the digest, as before.
mail-declined-by-mail-why = You get this mail because you asked for an account at { $instance }.

page-by-mail = Follow { $network } by mail?
page-by-mail-asks = { $who } invites you to the network { $network } at { $instance }.
page-by-mail-new = If you say yes, you are a member. You get a mail with what is new in the network. When nothing is new, no mail comes. You need no account and no password.
page-by-mail-stop = You can stop at any time, with a link in each mail. Your address is erased then.
page-by-mail-known = You get a mail from { $instance } with what is new already. If you say yes, the news of this network comes in that same mail.
page-by-mail-account = You have an account at { $instance }: @{ $handle }. If you say yes, you become a member with it, and other members can see that. Who invited you then knows that this address is yours.
page-by-mail-about = What this network is about
page-by-mail-yes = I would like that
page-by-mail-yes-button = Yes, I want to follow it
page-by-mail-shown = Other members may see my name
page-by-mail-no = I would rather not
page-by-mail-no-text = If you say no, you hear nothing more from this network, and your address is erased.
page-by-mail-no-button = No, thank you
page-by-mail-welcome = You are a member of { $network }
page-by-mail-welcome-text = When there is something new, the first mail comes on { $when }.
page-by-mail-welcome-account = You see the network when you sign in.
page-by-mail-welcome-stop = In each mail there are links to change this, or to stop.
page-by-mail-others = Other invitations wait for you
page-by-mail-others-text = You need not choose. What you do not answer now, we send you by mail once at most.
page-by-mail-others-yes = Yes, I want to follow { $network }
page-by-mail-others-read = Read about { $network }, and say yes or no
page-by-mail-before = You said yes before
page-by-mail-before-text = You need to do nothing more. In each digest there are links to change when it comes, or to stop.
page-by-mail-declined = You get no more mail about this
page-by-mail-declined-text = We erased your address.
page-by-mail-over = This invitation is over
page-by-mail-over-text = It was waited for long enough, or it was taken back. Would you still like to follow the network? Then ask who invited you.
page-by-mail-archived-text = The network is closed. Nobody can join any more.

page-never = Never be invited again
page-never-text = Press the button. Then nobody invites you by e-mail at { $instance } any more. We keep no address for this, only a code that we recognise it by.
page-never-button = Never invite me again
page-never-done = Nobody invites you any more
page-never-done-text = You get no more invitations by e-mail from { $instance }. If you are a member already, you stay one.

page-member-language = In which language
page-member-name = Your name
page-member-name-hint = You may leave this empty.
page-member-shown = Where other members may see your name
page-member-shown-hint = If you leave this empty, nobody sees that you are a member. You do count.
page-member-more = Do more than read
page-member-full-text = As a full member you can sign in, write and work along. Everything you have stays.
page-member-older = You choose your name, your language and your networks with the link in your newest digest. This link is too old for that: so nobody can do it with a mail that you passed on.
page-member-leave = Leave
page-member-leave-text = You can leave a network. When you leave the last one, your address is erased.
page-leave = Leave { $network }
page-leave-text = Press the button. Then you get no more news of { $network }. Your other networks stay.
page-leave-last-text = Press the button. Then you get no more mail. This is your last network, so we erase your e-mail address, your name and what we sent you.
page-leave-button = Leave this network
page-left = You have left { $network }
page-left-text = You get no more news of { $network }.
page-left-last-text = You get no more mail. Your e-mail address, your name and what we sent you are erased.
page-left-back = Back to your choices

page-full-ask = Become a full member
page-full-ask-text = As a full member you sign in with a name and a password. Then you can write and work along, too. Your networks and your digest stay.

    Press the button. We send a mail with a link to your own address, so that nobody else can do this for you.
page-full-ask-button = Send me the mail
page-full-sent-text = A mail with a link comes within a few minutes. Follow it to choose a name and a password. If nothing comes, look in your junk mail too.
page-full = Become a full member
page-full-text = Choose a name and a password. Then you can sign in, write and work along.
page-full-kept = Your networks, your digest and when it comes stay as they are. Other members of your networks can see your name from now on.
page-full-name = Your name
page-full-name-hint = So others see you, such as Jan de Groot.
page-full-handle = Short name
page-full-handle-hint = With this you sign in, and others address you: small letters, digits and underscores, such as jan_degroot. It never changes.
page-full-password = Password
page-full-button = Become a full member
page-full-done = You are a full member
page-full-before-text = You became one with this link before. You need to do nothing more.
page-full-over-text = A link to become a full member works for 24 hours, and once. Ask for a new one with the link in your digest.
next-full = You can sign in now, with your short name or your e-mail address. Everything you had is still there.
next-full-approval = An administrator looks at it now. You get a mail as soon as you can sign in. Until then the digest goes on.

fault-already_invited = This address was invited to this network before, and has not answered yet.
fault-member_by_mail = Who has this address said yes before, and is a member.
fault-invited_before = This address was invited to this network before. We ask everybody once.
fault-twice_in_file = This address stands in line { $line } already.
fault-invitation_limit = No more than { $max } invitations go out in a day. Send this one again tomorrow.
fault-no_lines = There is no address in this. Give one on each line.
fault-too_many_lines = These are too many lines. Send { $max } at most, and the others afterwards.
fault-needs_name = Fill in a name if other members may see you.
