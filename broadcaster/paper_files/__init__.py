"""Papers as files: a text, a Word document, a PDF or a picture becomes lines of text, read in a bounded process."""

from broadcaster.paper_files.intake import LARGEST_BYTES, MOST_PAGES, FileText, can_read_pictures, read_file

__all__ = ["LARGEST_BYTES", "MOST_PAGES", "FileText", "can_read_pictures", "read_file"]
