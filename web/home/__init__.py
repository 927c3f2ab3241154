"""The first page: what sounds now, what comes next, what needs somebody."""
