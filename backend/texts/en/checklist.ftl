# The list for the first weeks of a network: what there is to do, and why it helps.

checklist-description = Write in ordinary words what the network is about and whom you look for.
checklist-description-why = Who comes by soon decides whether this is for them. A blank or a single line does not tell.
checklist-subjects = Say which municipality and which theme the network is about.
checklist-subjects-why = That is how people find it who look for their municipality or subject, and those who offer help.
checklist-led-by-experts = Have experts by experience lead the network, and say so.
checklist-led-by-experts-why = Nothing about us without us: who lives with it knows what is needed. Everybody sees this statement.
checklist-welcome-thread = Start a conversation that welcomes people, and pin it.
checklist-welcome-thread-why = Who is new first reads how things go here and whom to turn to with a question.
checklist-first-thread = Start a first conversation with a question.
checklist-first-thread-why = In an empty network nobody begins. One question that people know something about is enough.
checklist-invitations = Invite people.
checklist-invitations-why = Most people come because somebody asked them.
checklist-founders = Be three people to begin with, you among them.
checklist-founders-why = Three people make a proposal a network, and it does not hang on one.
checklist-second-coordinator = Make somebody else coordinator, too.
checklist-second-coordinator-why = When you are ill or stop, the network goes on. Share the work before you have to.
checklist-agreements = Agree how you meet accessibly.
checklist-agreements-why = Who knows beforehand that there is a break, an interpreter and plain language dares to come.
checklist-first-document = Write a first document, such as minutes.
checklist-first-document-why = A document stays with the network, also when who wrote it leaves.
checklist-described-image = Share a picture with words that say what can be seen on it.
checklist-described-image-why = Who does not see the picture then knows what you mean, too. Others see how it is done.
checklist-answers = See to it that who asks something gets an answer within a week.
checklist-answers-why = Who gets no answer does not ask again. ‘I do not know, who does?’ is an answer, too.
checklist-first-digest = Wait for the first digest that goes out by mail.
checklist-first-digest-why = Many members read nothing but the mail. It comes by itself as soon as there is something new.
