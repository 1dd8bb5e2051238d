package survey

import (
	"context"
	"maps"
	"slices"
)

// SetActions chooses what a wave does with the responses that its rules point
// at, from now on: what was judged before stays as it is. It is a Conflict once
// the wave is closed.
func (g *Registry) SetActions(ctx context.Context, id WaveID, actions map[Reason]Action) error {
	const op = "survey.SetActions"
	for _, r := range slices.Sorted(maps.Keys(actions)) {
		a := actions[r]
		if !slices.Contains(Reasons, r) || a != Ignore && a != Flag && a != Quarantine {
			return &Error{Kind: Invalid, Op: op, Fields: []FieldError{{string(r), "quality.unknown_action", []any{string(a)}}}}
		}
	}
	err := g.Store.UpdateWave(ctx, id, func(w *Wave) error {
		if w.State == Closed || w.State == Published {
			return &Error{Kind: Conflict, Op: op, Key: "wave.over"}
		}
		chosen := maps.Clone(w.Actions)
		if chosen == nil {
			chosen = map[Reason]Action{}
		}
		maps.Copy(chosen, actions)
		w.Actions = chosen
		return nil
	})
	return g.stored(ctx, op, err)
}
