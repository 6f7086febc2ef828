"""What each part of a report shows: a `View` in, the values of its template out. One module a part."""
