package survey

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PartQuery asks for tallies of some parts, of one unit, for the whole wave and
// Counted.
type PartQuery struct {
	Wave   WaveID
	Unit   UnitCode
	Parts  []TallyPart
	Beside []UnitCode // whose tallies are read too
}

// TallyRow is one stored tally.
type TallyRow struct {
	TallyKey
	Tally
}

// PartCounts is what a store knows of a PartQuery at one moment.
type PartCounts struct {
	Rows []TallyRow
	Moment
}

// BreakdownQuery asks for the groups of one dimension.
type BreakdownQuery struct {
	Wave      WaveID
	Unit      UnitCode
	Channel   Channel // empty: all channels together
	Dimension Dimension
}

// Breakdown is the indices of the groups that the responses of a unit, and of
// all below it, fall into. The groups add up to Whole, which is all responses
// together, whatever the instrument's rule for units.
type Breakdown struct {
	Wave       *Wave
	Instrument *Instrument
	Question   *Question // whose options the groups are; nil for the dimensions that are no questions
	Whole      Group
	Groups     []Group // in the order of the options, the channels or the codes; last those without any
	Watermark  Watermark
	Behind     int64 // responses stored but not in the figures yet; 0 unless late
}

// Group is one group. Its tally knows the questions of the index alone.
type Group struct {
	Value string // an option, channel, service or field; empty: none given
	Tally Tally
	Index Index
}

// Breakdown computes the index of every group of q, for the whole wave, from a
// handful of tallies. A group nobody is in has N = 0; services and fields that
// nobody named, and the group without a value if nobody is in it, are left out.
// It is NotFound for an unknown wave or a dimension that its questionnaire does
// not have.
func (r *Reader) Breakdown(ctx context.Context, q BreakdownQuery) (Breakdown, error) {
	all, err := r.Breakdowns(ctx, q, q.Dimension)
	if err != nil {
		return Breakdown{}, err
	}
	return all[0], nil
}

// Breakdowns is Breakdown for several dimensions, which stand for q's own, at
// one moment.
func (r *Reader) Breakdowns(ctx context.Context, q BreakdownQuery, by ...Dimension) ([]Breakdown, error) {
	const op = "survey.Breakdown"
	catalog := r.Catalog()
	w, in, err := catalog.asked(op, q.Wave)
	if err != nil {
		return nil, err
	}
	all, parts := make([]Breakdown, len(by)), []TallyPart{WholeTally}
	for i, dimension := range by {
		all[i] = Breakdown{Wave: w, Instrument: in}
		switch dimension {
		case ByChannel:
		case ByService, ByField:
			parts = append(parts, catalog.serviceParts()...)
		default:
			d := slices.IndexFunc(in.Dimensions(), func(d *Question) bool { return Dimension(d.Code) == dimension })
			if d < 0 {
				return nil, Missing(op, "breakdown.unknown_dimension", string(dimension))
			}
			all[i].Question = in.Dimensions()[d]
			parts = append(parts, OfGroups)
		}
	}
	slices.Sort(parts)
	counts, err := r.parts(ctx, catalog, PartQuery{Wave: q.Wave, Unit: q.Unit, Parts: slices.Compact(parts)}, q.Channel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	for i, dimension := range by {
		b := &all[i]
		q.Dimension = dimension
		b.Watermark, b.Behind = counts.mark()
		b.fill(in.groups(catalog, q, b.Question, counts), in.indexed(counts.whole))
	}
	return all, nil
}

// serviceParts are the part of every service; none is ever removed.
func (c *Catalog) serviceParts() []TallyPart {
	var parts []TallyPart
	for _, code := range slices.Sorted(maps.Keys(c.Services)) {
		parts = append(parts, OfService(code))
	}
	return parts
}

// asked is a wave and its questionnaire.
func (c *Catalog) asked(op string, id WaveID) (*Wave, *Instrument, error) {
	w := c.Waves[id]
	if w == nil {
		return nil, nil, Missing(op, "wave.unknown", string(id))
	}
	in := c.Instruments[w.Instrument]
	if in == nil {
		return nil, nil, &Error{Op: op, Err: fmt.Errorf("wave %s has unknown instrument %s", w.ID, w.Instrument)}
	}
	return w, in, nil
}

// partSums is the tallies of some parts with the tail.
type partSums struct {
	parts    map[TallyPart]Tally
	channels map[Channel]Tally // of the whole
	whole    Tally
	Moment
}

// parts reads the tallies of some parts at one moment, adds the tail, and all channels together unless one is named.
func (r *Reader) parts(ctx context.Context, catalog *Catalog, q PartQuery, channel Channel) (partSums, error) {
	counts, err := r.Store.Parts(ctx, q)
	if err != nil {
		return partSums{}, err
	}
	return catalog.sumParts(q, channel, counts)
}

// sumParts adds up what was read of the unit of q.
func (c *Catalog) sumParts(q PartQuery, channel Channel, counts PartCounts) (partSums, error) {
	s := partSums{parts: map[TallyPart]Tally{}, channels: map[Channel]Tally{}, Moment: counts.Moment}
	wanted := map[TallyPart]bool{}
	for _, p := range q.Parts {
		wanted[p] = true
	}
	d, err := c.tailOf(counts.Tail, q.Unit)
	if err != nil {
		return s, err
	}
	for _, row := range counts.Rows {
		if row.Unit == q.Unit {
			d.at(row.TallyKey).Add(row.Tally)
		}
	}
	for k, t := range d {
		if k.Unit != q.Unit || k.Grain != GrainWave || k.State != Counted || channel != "" && k.Channel != channel {
			continue
		}
		if k.Part == WholeTally {
			s.whole.Add(*t)
			of := s.channels[k.Channel]
			of.Add(*t)
			s.channels[k.Channel] = of
		} else if wanted[k.Part] {
			sum := s.parts[k.Part]
			sum.Add(*t)
			s.parts[k.Part] = sum
		}
	}
	return s, nil
}

// tailOf is what the responses of a tail that count for unit add to tallies.
func (c *Catalog) tailOf(tail []Response, unit UnitCode) (Delta, error) {
	sums, d := newLeaves(), Delta{}
	for i := range tail {
		if r := tail[i]; r.State == Counted && c.Tree.Within(r.Unit, unit) {
			r.Unit = unit // and not all between the two: groups are long
			if err := sums.add(c, &r); err != nil {
				return nil, err
			}
		}
	}
	sums.spread(c.Tree, d, 1)
	return d, nil
}

// groups are those of q's dimension that have a value, in order.
func (in *Instrument) groups(catalog *Catalog, q BreakdownQuery, asked *Question, s partSums) []Group {
	var groups []Group
	if asked != nil {
		for o, option := range asked.Options {
			groups = append(groups, Group{Value: option.Value, Tally: in.groupOf(s.parts[OfGroups], asked, o)})
		}
		return groups
	}
	if q.Dimension == ByChannel {
		for _, c := range Channels {
			if q.Channel == "" || q.Channel == c {
				groups = append(groups, Group{Value: string(c), Tally: in.indexed(s.channels[c])})
			}
		}
		return groups
	}
	sums := map[string]Tally{}
	for part, t := range s.parts {
		value, ok := strings.CutPrefix(string(part), servicePart)
		if !ok {
			continue
		}
		if q.Dimension == ByField {
			value = catalog.Services[ServiceCode(value)].Field
		}
		sum := sums[value]
		sum.Add(in.group(t.Counts))
		sums[value] = sum
	}
	delete(sums, "") // a service without a field: in none
	for _, value := range slices.SortedFunc(maps.Keys(sums), cmp.Compare[string]) {
		if sums[value].N > 0 {
			groups = append(groups, Group{value, sums[value], Index{}})
		}
	}
	return groups
}

// fill computes the indices and the group of those without a value.
func (b *Breakdown) fill(groups []Group, whole Tally) {
	b.Whole = Group{Tally: whole}
	rest := whole
	for _, g := range groups {
		rest = rest.Minus(g.Tally)
	}
	if rest.N > 0 {
		groups = append(groups, Group{Tally: rest})
	}
	b.Groups = groups
	b.Whole.Index = b.Instrument.Index(whole)
	for i := range b.Groups {
		b.Groups[i].Index = b.Instrument.Index(b.Groups[i].Tally)
	}
}

// MomentsQuery asks for the moments of one unit.
type MomentsQuery struct {
	Wave    WaveID
	Unit    UnitCode
	Channel Channel // empty: all channels together
}

// FactorMoments are the moments of the items of one factor, each level from 1
// for the lowest.
type FactorMoments struct {
	Domain, Code string
	Items        []ItemCode
	Moments
}

// Reliability is what says whether items of a factor agree, and which factors
// go with the overall satisfaction.
type Reliability struct {
	Wave       *Wave
	Instrument *Instrument
	Factors    []FactorMoments // those of two or more items that are all scales
	// Drivers are the moments of the factors' mean levels, in the instrument's
	// order, and last of the overall level, all times MeanScale. Nil if the
	// questionnaire does not ask for the overall satisfaction.
	Drivers *Moments
	// Clusters are of a clustered sample what each lowest unit with responses adds
	// to Drivers; nobody, where its people came by other channels.
	Clusters  map[UnitCode]Moments
	Watermark Watermark
	Behind    int64 // responses stored but not in the figures yet; 0 unless late
}

// Moments reads the moments of q for the whole wave, from a handful of tallies.
// It is NotFound for an unknown wave.
func (r *Reader) Moments(ctx context.Context, q MomentsQuery) (Reliability, error) {
	const op = "survey.Moments"
	catalog := r.Catalog()
	w, in, err := catalog.asked(op, q.Wave)
	if err != nil {
		return Reliability{}, err
	}
	query := PartQuery{Wave: q.Wave, Unit: q.Unit, Parts: []TallyPart{OfMoments}}
	clustered := w.Random() && w.Sampling == Clustered && in.moments.drivers >= 0
	if clustered {
		query.Beside = catalog.Tree.below([]UnitCode{q.Unit})
	}
	counts, err := r.Store.Parts(ctx, query)
	if err != nil {
		return Reliability{}, fmt.Errorf("%s: %w", op, err)
	}
	s, err := catalog.sumParts(query, q.Channel, counts)
	if err != nil {
		return Reliability{}, fmt.Errorf("%s: %w", op, err)
	}
	m := Reliability{Wave: w, Instrument: in}
	m.Watermark, m.Behind = s.mark()
	in.readFactors(s.parts[OfMoments], &m)
	if clustered {
		if m.Clusters, err = catalog.clusters(in, q, counts); err != nil {
			return Reliability{}, fmt.Errorf("%s: %w", op, err)
		}
	}
	return m, nil
}

// clusters are the moments of drivers of the lowest units at and below that of
// q, from the moments of all of them.
func (c *Catalog) clusters(in *Instrument, q MomentsQuery, counts PartCounts) (map[UnitCode]Moments, error) {
	tail, d := newLeaves(), Delta{}
	for i := range counts.Tail {
		if r := &counts.Tail[i]; r.State == Counted && c.Tree.Within(r.Unit, q.Unit) {
			if err := tail.add(c, r); err != nil {
				return nil, err
			}
		}
	}
	tail.spread(c.Tree, d, 1)
	for _, row := range counts.Rows {
		d.at(row.TallyKey).Add(row.Tally)
	}
	all, asked := map[UnitCode]Tally{}, map[UnitCode]Tally{}
	for k, t := range d {
		if k.Part != OfMoments || k.Grain != GrainWave || k.State != Counted {
			continue
		}
		addTally(all, k.Unit, t)
		if q.Channel == "" || k.Channel == q.Channel {
			addTally(asked, k.Unit, t)
		}
	}
	below, clusters := c.Tree.below([]UnitCode{q.Unit}), map[UnitCode]Moments{}
	of := c.Tree.ownOf(below, asked)
	for u := range c.Tree.ownOf(below, all) {
		clusters[u] = in.driversOf(of[u])
	}
	return clusters, nil
}

func addTally(sums map[UnitCode]Tally, u UnitCode, t *Tally) {
	sum := sums[u]
	sum.Add(*t)
	sums[u] = sum
}

// driversOf reads the block of drivers of a tally of part OfMoments.
func (in *Instrument) driversOf(t Tally) Moments {
	l := &in.moments
	return readMoments(grown(t.Counts, l.size)[l.drivers:], len(l.all)+1)
}

// readFactors reads a tally of part OfMoments.
func (in *Instrument) readFactors(t Tally, m *Reliability) {
	l, number := &in.moments, 0
	counts := grown(t.Counts, l.size)
	for _, d := range in.Domains {
		for _, f := range d.Factors {
			if slices.Contains(l.number, number) {
				m.Factors = append(m.Factors, FactorMoments{d.Code, f.Code, f.Items, readMoments(counts, len(f.Items))})
				counts = counts[block(len(f.Items)):]
			}
			number++
		}
	}
	if l.drivers >= 0 {
		drivers := in.driversOf(t)
		m.Drivers = &drivers
	}
}
