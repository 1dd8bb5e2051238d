// The citizen form, one statement at a time.
