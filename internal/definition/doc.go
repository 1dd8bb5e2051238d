// Package definition reads files by which a deployment or the program defines
// something: questionnaires, types of index.
//
// They are strict YAML, one document a file, read as a syntax tree: a [Page] is
// the file with what was found wrong with it, an [Object] a mapping with a fixed
// set of fields. Whatever is unknown, missing, double or out of place is a
// [Fault] with its file, line and column, and all faults of all files are told
// together. What a reader would not see as it is written is refused as well:
// aliases, which would stand for more than their line, stray blanks, letters
// whose marks are apart.
package definition
