package stats

import (
	"fmt"
	"math"
)

// Moments are the sums that means, covariances and correlations of a few
// variables follow from. They add up: moments of units, days or shards merge
// into those of all, so that they can be tallied like counts. For answers and
// other whole numbers the sums are exact.
type Moments struct {
	N     int64
	Sum   []float64   // Σxᵢ
	Cross [][]float64 // Σxᵢxⱼ, both halves
}

// NewMoments returns the moments of nobody in k variables.
func NewMoments(k int) Moments {
	m := Moments{Sum: make([]float64, k), Cross: make([][]float64, k)}
	for i := range m.Cross {
		m.Cross[i] = make([]float64, k)
	}
	return m
}

// Add counts one respondent, one value per variable. A respondent with a NaN
// among them is left out of all (listwise), for a covariance matrix put
// together from different people may be impossible. It reports whether the
// respondent counted; too few or too many values never do.
func (m *Moments) Add(values ...float64) bool {
	if len(values) != len(m.Sum) {
		return false
	}
	for _, v := range values {
		if math.IsNaN(v) {
			return false
		}
	}
	m.N++
	for i, v := range values {
		m.Sum[i] += v
		row := m.Cross[i]
		for j, w := range values {
			row[j] += v * w
		}
	}
	return true
}

// Merge counts the respondents of other too. Errors: [ErrShape].
func (m *Moments) Merge(other Moments) error {
	if len(m.Sum) != len(other.Sum) {
		return fmt.Errorf("stats: merge moments of %d and %d variables: %w", len(m.Sum), len(other.Sum), ErrShape)
	}
	m.N += other.N
	for i := range m.Sum {
		m.Sum[i] += other.Sum[i]
		for j := range m.Cross[i] {
			m.Cross[i][j] += other.Cross[i][j]
		}
	}
	return nil
}

// Covariances returns (Σxᵢxⱼ − ΣxᵢΣxⱼ/n)/(n−1), variances on the diagonal.
// Errors: [ErrNoData] for fewer than two respondents.
func (m Moments) Covariances() ([][]float64, error) { return m.weighted().covariances() }

// Correlations returns Pearson's correlations. Errors: [ErrNoData];
// [ErrNoVariance] where everybody answered a variable alike.
func (m Moments) Correlations() ([][]float64, error) { return m.weighted().correlations() }

func (m Moments) weighted() weighted { return weighted{float64(m.N), m.Sum, m.Cross} }

// weighted is Moments of people who need not count as one each.
type weighted struct {
	n     float64
	sum   []float64
	cross [][]float64
}

func (w weighted) covariances() ([][]float64, error) {
	if w.n < 2 || len(w.sum) == 0 {
		return nil, fmt.Errorf("stats: covariances of %v respondents in %d variables: %w", w.n, len(w.sum), ErrNoData)
	}
	c := make([][]float64, len(w.sum))
	for i := range c {
		c[i] = make([]float64, len(w.sum))
		for j := range c[i] {
			c[i][j] = (w.cross[i][j] - w.sum[i]*w.sum[j]/w.n) / (w.n - 1)
		}
	}
	return c, nil
}

func (w weighted) correlations() ([][]float64, error) {
	c, err := w.covariances()
	if err != nil {
		return nil, err
	}
	deviation := make([]float64, len(c))
	for i := range c {
		// A variance this small beside the mean square is rounding.
		if c[i][i] <= 1e-12*w.cross[i][i]/w.n {
			return nil, fmt.Errorf("stats: correlations: variable %d: %w", i, ErrNoVariance)
		}
		deviation[i] = math.Sqrt(c[i][i])
	}
	for i := range c {
		for j := range c[i] {
			c[i][j] /= deviation[i] * deviation[j]
		}
		c[i][i] = 1
	}
	return c, nil
}

// Alpha returns Cronbach's alpha of the items of one factor, all variables of
// m, from those who answered all of them:
//
//	k/(k−1) · (1 − Σ variance of items / variance of their sum)
//
// It is at most 1, and below 0 where items contradict each other. It says that
// items move together, which more items do in any case, not that they measure
// one thing.
//
// Errors: [ErrShape] for fewer than two items, [ErrNoData], [ErrNoVariance] if
// everybody has the same sum.
//
// Source: L. J. Cronbach, Coefficient alpha and the internal structure of
// tests, Psychometrika 16 (1951) 297–334.
func (m Moments) Alpha() (float64, error) {
	k := float64(len(m.Sum))
	if k < 2 {
		return 0, fmt.Errorf("stats: alpha of %v items: %w", k, ErrShape)
	}
	c, err := m.Covariances()
	if err != nil {
		return 0, fmt.Errorf("stats: alpha: %w", err)
	}
	var items, total, square float64
	for i := range c {
		items += c[i][i]
		for j := range c[i] {
			total += c[i][j]
			square += m.Cross[i][j] / float64(m.N)
		}
	}
	if total <= 1e-12*square {
		return 0, fmt.Errorf("stats: alpha: %w", ErrNoVariance)
	}
	return k / (k - 1) * (1 - items/total), nil
}
