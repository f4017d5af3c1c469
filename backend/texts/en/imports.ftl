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

search-in-attachment = In the attachment { $file }
