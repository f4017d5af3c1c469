# Advice to whoever writes: what to do, and whom it helps. Names: advice-CODE.

advice-skipped_heading = The heading “{ $text }” is of level { $level }, but above it there is none of level { $wanted }. Make it level { $wanted }. Who jumps from heading to heading with a screen reader will think that something is missing.
advice-several_top_headings = The text has more than one heading of the highest level (#). Begin chapters with ##. The title stands above the text already; this way everybody hears how the text is built.
advice-empty_heading = There is a heading here without words. Write in it what the part is about, or take it out. A screen reader names it, and then says nothing.
advice-fake_heading = “{ $text }” is bold, but it is no heading. Put ## before it instead of asterisks around it. Then people who cannot see can jump to it, too.
advice-empty_link = This link has no words. Write in it where it leads. Who cannot see hears nothing but “link”.
advice-vague_link = The link “{ $text }” does not say where it leads. Write in the link itself what the reader will find there. Who uses a screen reader often hears the links alone.
advice-bare_address = Here is a bare web address. Give the link a name that says what is to be found. A screen reader will read out the whole address, letter by letter.
advice-table_without_header = This table has a column without a name. Put above each column what is in it. Who hears the table then knows with each cell what it is about.
advice-image_without_text = This image has no text. Say in a sentence what can be seen, or mark it as decoration. You can ask the network for a description, too. Then nobody misses anything.
advice-image_file_name = “{ $text }” is the name of a file. Say in a sentence what can be seen. That helps somebody who cannot see it.
advice-fake_list = This looks like a list, but it is none. Begin each line with a hyphen and a space (- ). Then a screen reader says how many items there are.
advice-long_sentence = This sentence has { $count } words. Make two or three of it; up to twenty words are pleasant to read. That helps people who read slowly, tire soon or learn the language.
advice-capitals = “{ $text }” is all in capitals. Use small letters, or make it bold. Capitals are slower to read, and a screen reader may spell them.

advice-ease-very_easy = Nearly everybody reads this with ease.
advice-ease-easy = Most people read this with ease.
advice-ease-plain = Plain language: whoever reads now and then gets through this well.
advice-ease-hard = This is difficult for many people. Shorter sentences and everyday words help.
advice-ease-very_hard = This is hard, even for people who read a lot. Shorter sentences and everyday words help everybody.
advice-figures = A figure counts long words and long sentences, nothing else. Read the text aloud: then you will hear what could be better.
advice-too-short = Of fewer than { $words } words a figure says nothing. Read the text aloud: then you will hear what could be better.
