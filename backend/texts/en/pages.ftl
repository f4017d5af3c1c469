# Kring's own pages.

page-skip = Skip to the content
page-languages = Language
page-language-name = English
page-footer = { $instance } runs on Kring: theme networks of experts by experience, organisations and municipalities.
page-all-networks = All networks
page-api = API documentation
page-to-home = To the networks

page-problem-not-found = This page does not exist
page-problem-not-found-text = Maybe the address is wrong, or what was here was removed. It may also be for members only, or a link from a mail may not work any more.
page-problem-too-many = One moment please
page-problem-not-like-this = This cannot be done like this
page-problem-not-like-this-text = There is something in the address that we do not know. Go back and try again.
page-problem-ours = Something went wrong on our side
