// Package instrument holds the built-in questionnaires and reads them.
//
// A questionnaire is one YAML file, named for its id: "moha-2023@1.yaml". It
// never changes once a wave uses it; a new wording is a new file with the next
// number. A file looks like this:
//
//	id: pulse@1
//	status: house              # official-copy, reconstructed or house
//	title: {vi: …, en: …}      # every text stands in Vietnamese and English
//	ask: {vi: …, en: …}        # the form's first heading
//	source: {vi: …, en: …}     # where the wording comes from
//	follows: tap@2             # optional: what was asked before, in another way
//	minutes: 1
//
//	scales:                    # rows of levels, the lowest first
//	  satisfaction:
//	    faces: true            # shown as the five faces
//	    levels:
//	      1: {vi: …, en: …}
//	choices:                   # lists of words that several questions share
//	  yes-no:
//	    yes: {vi: Có, en: "Yes"}
//
//	sections:                  # one page of the form each
//	  - code: overall
//	    title: {vi: …, en: …}
//	    lead: {vi: …, en: …}   # optional: said once above the questions
//	    scale: satisfaction    # optional: for questions that name no answers
//	    respondent: true       # optional: about the respondent; such come last
//	    questions:
//	      - code: P1
//	        text: {vi: …, en: …}
//	        short: {vi: …, en: …}  # optional: for tables
//	        scale: satisfaction    # or one: yes-no, many: {a: …, b: …}, open: true
//	        required: true         # optional
//	        unconfirmed: true      # optional: reconstructed, seen in no source
//	        sensitive: true        # optional, about the respondent: never broken down by
//	        show_if: {item: P0, in: [1, 2]}  # optional; also all: […], any: […]
//	      - matrix: Q1             # rows that share a text and their answers
//	        text: {vi: …, en: …}
//	        scale: interest
//	        rows:
//	          - code: Q1.1
//	            text: {vi: …, en: …}
//
//	wishes: Q1                 # optional: the question or matrix that asks what people wish
//
//	domains:                   # the index tree: domain › factor › items
//	  - code: service
//	    title: {vi: …, en: …}
//	    factors:
//	      - code: access
//	        title: {vi: …, en: …}
//	        short: {vi: …, en: …}  # optional: its name where there is little room
//	        items: [S24, S25]
//
//	index:                     # how the percentage is computed: survey.Spec
//	  satisfied: [4, 5]
//	  item: satisfied-share
//	  factor: mean-of-items
//	  domain: mean-of-items
//	  overall: mean-of-items
//	  direct: OV               # optional: the question that rule "direct" reads
//	  units: pooled-responses
//	  decimals: 2
//
// Reading is strict, because a slip here would spoil a survey of thousands:
// whatever is unknown, missing, double or out of place is a fault with its file,
// line and column (package definition).
package instrument
