package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Drivers says how the spread of an outcome goes back to its predictors, in
// the order of the variables without the outcome. What moves together with
// satisfaction need not cause it.
type Drivers struct {
	R2      float64   // part of the outcome's variance that all explain, 0 to 1
	Raw     []float64 // part that each explains, 0 or more; adds up to R2
	Percent []float64 // the same as percent of R2; adds up to 100, all 0 if R2 is 0
	// Condition is the largest ÷ the smallest eigenvalue of the predictors'
	// correlations, +Inf where one follows from others. Above about 1000 the
	// predictors say the same thing and how they share it is arbitrary.
	Condition float64
}

// Drivers returns Johnson's relative weights of the other variables of m on
// variable outcome. With X the correlations of the predictors, QΛQ′ their
// eigenvectors and values, and r their correlations with the outcome:
//
//	L = QΛ^½Q′,  β = L⁻¹r,  Raw(j) = Σₖ L(j,k)²·β(k)²
//
// L relates the predictors to their closest uncorrelated likenesses, through
// which they share what they explain together. Where predictors follow from
// each other (eigenvalues below 1e-10), L⁻¹ is the pseudo-inverse: R2 stays
// right and those that say the same share it evenly; see Condition.
//
// Errors: [ErrShape] for an outcome that is no variable or has no predictor,
// [ErrNoVariance], and [ErrNoData] for no more respondents than variables.
//
// Source: J. W. Johnson, A heuristic method for estimating the relative weight
// of predictor variables in multiple regression, Multivariate Behavioral
// Research 35 (2000) 1–19.
func (m Moments) Drivers(outcome int) (Drivers, error) {
	k := len(m.Sum)
	if outcome < 0 || outcome >= k || k < 2 {
		return Drivers{}, fmt.Errorf("stats: drivers of variable %d of %d: %w", outcome, k, ErrShape)
	}
	if m.N <= int64(k) {
		return Drivers{}, fmt.Errorf("stats: drivers: %d respondents for %d variables: %w", m.N, k, ErrNoData)
	}
	r, err := m.Correlations()
	if err != nil {
		return Drivers{}, fmt.Errorf("stats: drivers: %w", err)
	}
	return relativeWeights(r, outcome)
}

// negligible is an eigenvalue of a correlation matrix, whose eigenvalues
// average 1, that stands for 0.
const negligible = 1e-10

func relativeWeights(r [][]float64, outcome int) (Drivers, error) {
	p := len(r) - 1
	x, with := mat.NewSymDense(p, nil), make([]float64, p)
	for i := range p {
		with[i] = r[skip(i, outcome)][outcome]
		for j := i; j < p; j++ {
			x.SetSym(i, j, r[skip(i, outcome)][skip(j, outcome)])
		}
	}
	values, root, err := symmetricRoots(x)
	if err != nil {
		return Drivers{}, err
	}
	d := Drivers{Raw: make([]float64, p), Percent: make([]float64, p), Condition: math.Inf(1)}
	if least := values[0]; least > negligible {
		d.Condition = values[p-1] / least
	}
	l, beta := root(0.5), mat.NewVecDense(p, nil)
	beta.MulVec(root(-0.5), mat.NewVecDense(p, with))
	for j := range p {
		for k := range p {
			d.Raw[j] += square(l.At(j, k) * beta.AtVec(k))
		}
		d.R2 += d.Raw[j]
	}
	for j, raw := range d.Raw {
		if d.R2 > 0 {
			d.Percent[j] = 100 * raw / d.R2
		}
	}
	return d, nil
}

// skip is the number of the i-th variable that is not the outcome.
func skip(i, outcome int) int {
	if i >= outcome {
		return i + 1
	}
	return i
}

func square(v float64) float64 { return v * v }

// symmetricRoots returns the eigenvalues of x, smallest first, and its power
// QΛᵉQ′ for an exponent e, without what is negligible.
func symmetricRoots(x *mat.SymDense) (values []float64, power func(e float64) *mat.Dense, err error) {
	var eigen mat.EigenSym
	if !eigen.Factorize(x, true) {
		return nil, nil, fmt.Errorf("stats: eigenvalues do not converge: %w", ErrShape)
	}
	values = eigen.Values(nil)
	var q mat.Dense
	eigen.VectorsTo(&q)
	return values, func(e float64) *mat.Dense {
		n := len(values)
		scaled := mat.NewDense(n, n, nil)
		for k, v := range values {
			if v <= negligible {
				continue
			}
			for i := range n {
				scaled.Set(i, k, q.At(i, k)*math.Pow(v, e))
			}
		}
		var product mat.Dense
		product.Mul(scaled, q.T())
		return &product
	}, nil
}
