package web

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"sipas/internal/survey"
)

// frame is the shape of a response without its answers: what must be there,
// and how long it may be. What it means is for the domain to judge.
type frame struct {
	ID          string `json:"id" validate:"required,max=64"`
	Point       string `json:"point" validate:"required,max=64"`
	Instrument  string `json:"instrument" validate:"required,max=64"`
	Locale      string `json:"locale" validate:"required,max=64"`
	StartedAt   string `json:"started_at" validate:"required,max=64"`
	SubmittedAt string `json:"submitted_at" validate:"required,max=64"`
	Service     string `json:"service" validate:"max=64"`
}

// shapes is the one validator; it keeps what it has learnt about types.
var shapes = newValidator()

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
}

// tagKeys says each rule of the validator with a message key of ours.
var tagKeys = map[string]string{"required": "value.missing", "max": "value.too_long"}

// complete checks the frame and that there are answers. It notes what is
// wrong, unless something about the same field was noted before.
func (r *reader) complete() bool {
	noted := map[string]bool{}
	for _, f := range r.faults {
		noted[f.Field] = true
	}
	for _, f := range shapeFaults(r.frame) {
		if !noted[f.Field] {
			r.faults = append(r.faults, f)
		}
	}
	if r.sub.Answers == nil && !noted["answers"] {
		r.wrong("answers", "value.missing")
	}
	return len(r.faults) == 0
}

func shapeFaults(v any) []survey.FieldError {
	var faults []survey.FieldError
	bad, _ := errors.AsType[validator.ValidationErrors](shapes.Struct(v))
	for _, b := range bad {
		f := survey.FieldError{Field: b.Field(), Key: tagKeys[b.Tag()]}
		if n, err := strconv.Atoi(b.Param()); err == nil {
			f.Args = []any{n}
		}
		faults = append(faults, f)
	}
	return faults
}
