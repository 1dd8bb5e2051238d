// Package simulate makes up respondents: for the demo, for load, and for tests
// that need figures with structure in them.
//
// A respondent has a latent satisfaction that all answers share, moved by the
// unit, by the factor, by the item and by time; some leave questions out, some
// press the same answer throughout, some write a comment. Everything follows
// from a seed: the same seed gives the same people. What comes out is a
// survey.Submission like any citizen's, and has to pass the same checks.
package simulate
