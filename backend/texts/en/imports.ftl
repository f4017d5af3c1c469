# What is said about documents that people bring along. Names: loss-CODE.

import-untitled = Untitled
import-undescribed = Image without a description

loss-merged_cells = { $count ->
    [one] One merged cell was split.
   *[other] { $count } merged cells were split.
} Check that the table still reads well.
loss-nested_table = { $count ->
    [one] A table within a table became text in its cell.
   *[other] { $count } tables within tables became text in their cells.
}
loss-table_without_header = { $count ->
    [one] One table does not say which row is the header. The first row now is.
   *[other] { $count } tables do not say which row is the header. The first row now is.
}
loss-text_box = { $count ->
    [one] The text of a text box now stands below its paragraph.
   *[other] The text of { $count } text boxes now stands below their paragraphs.
}
loss-tracked_changes = { $count ->
    [one] A tracked change was taken over as if it had been accepted.
   *[other] { $count } tracked changes were taken over as if they had been accepted.
}
loss-comments = { $count ->
    [one] One comment was not taken over.
   *[other] { $count } comments were not taken over.
}
loss-page_breaks = { $count ->
    [one] One page break was left out.
   *[other] { $count } page breaks were left out.
}
loss-headers_and_footers = The text at the top and bottom of the pages was not taken over.
loss-table_of_contents = The table of contents was left out. The headings of the document serve as one.
loss-embedded_objects = { $count ->
    [one] An embedded file, such as a spreadsheet, was not taken over.
   *[other] { $count } embedded files, such as spreadsheets, were not taken over.
} Attach it to the document yourself.
loss-drawings = { $count ->
    [one] A drawing or chart was not taken over.
   *[other] { $count } drawings or charts were not taken over.
} Save it as an image and add that.
loss-formulas = { $count ->
    [one] A formula became plain text.
   *[other] { $count } formulas became plain text.
} Check that it is still right.
loss-image_kinds = { $count ->
    [one] An image was not taken over because of its kind. Save it as PNG or JPEG and add it.
   *[other] { $count } images were not taken over because of their kind. Save them as PNG or JPEG and add them.
}
loss-missing_images = { $count ->
    [one] An image is not in the file, only a reference to it. Add the image yourself.
   *[other] { $count } images are not in the file, only references to them. Add the images yourself.
}
loss-links = { $count ->
    [one] A link within the document, or to a place on a computer, became plain text.
   *[other] { $count } links within the document, or to places on a computer, became plain text.
}
loss-highlights = Marking with colours was not taken over. If the colour means something, say it in words.
loss-underlines = Underlining was not taken over.
loss-raised_text = Raised or lowered letters stand on the line now.
loss-list_numbers = { $count ->
    [one] A list with letters or Roman numerals now has numbers.
   *[other] { $count } lists with letters or Roman numerals now have numbers.
}
loss-heading_numbers = The automatic numbers of headings were not taken over.
loss-controls = { $count ->
    [one] A form field, button, sound or film was not taken over.
   *[other] { $count } form fields, buttons, sounds or films were not taken over.
}
loss-raw_html = There is HTML in the text. It is shown as plain text.
loss-cell_paragraphs = { $count ->
    [one] In one cell of a table several paragraphs became one line.
   *[other] In { $count } cells of tables several paragraphs became one line.
}
loss-row_headers = { $count ->
    [one] In one table the first cell of each row is no longer a header, but a cell like the others.
   *[other] In { $count } tables the first cell of each row is no longer a header, but a cell like the others.
} A screen reader no longer names it with the other cells. Check that each row can be understood without it.
loss-other_languages = { $count ->
    [one] One passage is in another language than the document: { $languages }. A screen reader now reads it in the language of the document. Say in front of it which language it is in, or make it a document of its own.
   *[other] { $count } passages are in another language than the document: { $languages }. A screen reader now reads them in the language of the document. Say in front of them which language they are in, or make them documents of their own.
}
loss-hidden_text = { $count ->
    [one] One part of the file was hidden. It was left out. If it belongs to the text, add it yourself.
   *[other] { $count } parts of the file were hidden. They were left out. If they belong to the text, add them yourself.
}
loss-hidden_from_screen_readers = { $count ->
    [one] One part was hidden from screen readers. It was taken over, and a screen reader now reads it. If it is in the way, remove it.
   *[other] { $count } parts were hidden from screen readers. They were taken over, and a screen reader now reads them. If they are in the way, remove them.
}
loss-unused_images = { $count ->
    [one] One image in the folder was not taken over, because no document shows it. If it belongs somewhere, add it there yourself.
   *[other] { $count } images in the folder were not taken over, because no document shows them. If they belong somewhere, add them there yourself.
}

language-name = { $language ->
    [ar] Arabic
    [bg] Bulgarian
    [bn] Bengali
    [cs] Czech
    [da] Danish
    [de] German
    [el] Greek
    [en] English
    [es] Spanish
    [fa] Persian
    [fi] Finnish
    [fr] French
    [fy] Frisian
    [he] Hebrew
    [hi] Hindi
    [hr] Croatian
    [hu] Hungarian
    [id] Indonesian
    [it] Italian
    [ja] Japanese
    [ko] Korean
    [ku] Kurdish
    [la] Latin
    [li] Limburgish
    [nb] Norwegian
    [nds] Low Saxon
    [nl] Dutch
    [no] Norwegian
    [pap] Papiamento
    [pl] Polish
    [pt] Portuguese
    [ro] Romanian
    [ru] Russian
    [so] Somali
    [sr] Serbian
    [sv] Swedish
    [ti] Tigrinya
    [tr] Turkish
    [uk] Ukrainian
    [ur] Urdu
    [vi] Vietnamese
    [zh] Chinese
   *[other] the language with the code { $language }
}

search-in-attachment = In the attachment { $file }
