// Package challenge asks for work instead of shutting a door: whoever is under
// suspicion gets a challenge, lets the machine search for a while, and shows
// the proof. No person has to read, hear or recognise anything.
//
// It writes and reads what ALTCHA's proof of work, version 2, specifies
// (https://altcha.org/docs/v2/), so that ALTCHA's widget can do the search. A
// challenge names a nonce, a salt and the first half of a key; the search
// counts up until the key that PBKDF2-SHA-256 derives from nonce and counter
// begins like that. The counter was chosen here, below a bound, so that the
// search always ends; the key itself is signed, so that checking a proof costs
// two HMACs and no search.
package challenge

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Why a proof is refused.
var (
	ErrMalformed = errors.New("malformed") // not a proof at all
	ErrForged    = errors.New("forged")    // the challenge is not ours, or was altered
	ErrExpired   = errors.New("expired")   // too late
	ErrElsewhere = errors.New("elsewhere") // the challenge was for something else
	ErrUnsolved  = errors.New("unsolved")  // the key is not the one searched for
	ErrSpent     = errors.New("spent")     // shown before
)

// algorithm is native in browsers, so that whoever cheats with a program of
// his own gains little over a phone.
const algorithm = "PBKDF2/SHA-256"

// The size of the search. Levels are eight times as hard as the one before.
const (
	cost       = 1000 // iterations of one derivation
	fewest     = 250  // derivations at level 0; the most is twice that
	perLevel   = 3    // bits of work that a level adds
	highest    = 3    // level
	keyLength  = 32
	prefixSize = keyLength / 2
	longest    = 2048 // bytes of a payload
)

// Lifetime is how long a challenge can be answered, by our own clock. It does
// not travel as ALTCHA's expiresAt: the widget would hold that against the
// clock of the phone, which may be wrong.
const Lifetime = 10 * time.Minute

// Challenge is what is asked for, as ALTCHA writes it.
type Challenge struct {
	Parameters Parameters `json:"parameters"`
	Signature  string     `json:"signature"`
}

// Parameters describe the search. Fields stand in the order of their names,
// because the signature is over the JSON with sorted keys.
type Parameters struct {
	Algorithm    string `json:"algorithm"`
	Cost         int    `json:"cost"`
	Data         Data   `json:"data"`
	KeyLength    int    `json:"keyLength"`
	KeyPrefix    string `json:"keyPrefix"`
	KeySignature string `json:"keySignature"`
	Nonce        string `json:"nonce"`
	Salt         string `json:"salt"`
}

// Data is what we ourselves sign along.
type Data struct {
	For   string `json:"for"`   // what the proof is good for
	Level int    `json:"level"` // how hard it is
	Until int64  `json:"until"` // Unix seconds
}

// Solution is what the search found.
type Solution struct {
	Counter    int     `json:"counter"`
	DerivedKey string  `json:"derivedKey"`
	Time       float64 `json:"time"` // how long it took; nobody relies on it
}

// payload is a proof as it comes back: JSON in base64.
type payload struct {
	Challenge Challenge `json:"challenge"`
	Solution  Solution  `json:"solution"`
}

// Issuer makes challenges and redeems proofs, each once. It is safe for
// several goroutines as far as its source of randomness is.
type Issuer struct {
	secret [2][]byte // of the challenge and of the key
	random io.Reader
	spent  *spent
}

// New returns an issuer that remembers at most room redeemed proofs. Issuers
// with the same secret redeem each other's challenges.
func New(secret []byte, random io.Reader, room int) *Issuer {
	return &Issuer{
		secret: [2][]byte{mac(secret, []byte("sipas challenge")), mac(secret, []byte("sipas challenge key"))},
		random: random, spent: newSpent(room),
	}
}

// Challenge asks for work of a level, good once for the named thing.
func (i *Issuer) Challenge(what string, level int, now time.Time) (Challenge, error) {
	var b [36]byte
	if _, err := io.ReadFull(i.random, b[:]); err != nil {
		return Challenge{}, fmt.Errorf("challenge.Challenge: %w", err)
	}
	level = min(max(level, 0), highest)
	least := uint32(fewest) << (perLevel * level)
	key, err := derive(b[:16], b[16:32], least+binary.BigEndian.Uint32(b[32:])%least)
	if err != nil {
		return Challenge{}, fmt.Errorf("challenge.Challenge: %w", err)
	}
	p := Parameters{
		Algorithm: algorithm, Cost: cost, KeyLength: keyLength,
		Data:      Data{For: what, Level: level, Until: now.Add(Lifetime).Unix()},
		KeyPrefix: hex.EncodeToString(key[:prefixSize]), KeySignature: hex.EncodeToString(mac(i.secret[1], key)),
		Nonce: hex.EncodeToString(b[:16]), Salt: hex.EncodeToString(b[16:32]),
	}
	return Challenge{p, hex.EncodeToString(i.sign(p))}, nil
}

// Redeem takes a proof for the named thing and returns its level. A proof that
// was taken is spent.
func (i *Issuer) Redeem(proof, what string, now time.Time) (level int, err error) {
	var p payload
	if len(proof) > longest {
		return 0, ErrMalformed
	}
	raw, err := base64.StdEncoding.DecodeString(proof)
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return 0, ErrMalformed
	}
	asked := p.Challenge.Parameters
	key, err := hex.DecodeString(p.Solution.DerivedKey)
	nonce, nonceErr := hex.DecodeString(asked.Nonce)
	if err != nil || nonceErr != nil || len(nonce) != 16 {
		return 0, ErrMalformed
	}
	switch {
	case !same(i.sign(asked), p.Challenge.Signature):
		return 0, ErrForged
	case !now.Before(time.Unix(asked.Data.Until, 0)):
		return 0, ErrExpired
	case asked.Data.For != what:
		return 0, ErrElsewhere
	case !same(mac(i.secret[1], key), asked.KeySignature):
		return 0, ErrUnsolved
	case !i.spent.add([16]byte(nonce), now):
		return 0, ErrSpent
	}
	return asked.Data.Level, nil
}

// Solve searches for the answer to c, as the widget does, and returns the
// proof. It is for programs and tests; it counts to at most ten million.
func Solve(c Challenge) (string, error) {
	nonce, err := hex.DecodeString(c.Parameters.Nonce)
	if err != nil {
		return "", fmt.Errorf("challenge.Solve: %w", err)
	}
	salt, err := hex.DecodeString(c.Parameters.Salt)
	if err != nil {
		return "", fmt.Errorf("challenge.Solve: %w", err)
	}
	prefix, err := hex.DecodeString(c.Parameters.KeyPrefix)
	if err != nil {
		return "", fmt.Errorf("challenge.Solve: %w", err)
	}
	for n := range uint32(10_000_000) {
		key, err := derive(nonce, salt, n)
		if err != nil {
			return "", fmt.Errorf("challenge.Solve: %w", err)
		}
		if bytes.HasPrefix(key, prefix) {
			return payload{c, Solution{Counter: int(n), DerivedKey: hex.EncodeToString(key)}}.encode()
		}
	}
	return "", errors.New("challenge.Solve: no answer")
}

func (p payload) encode() (string, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("challenge.encode: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

// derive is one step of the search: the counter follows the nonce as 32 bits,
// the highest first.
func derive(nonce, salt []byte, counter uint32) ([]byte, error) {
	word := binary.BigEndian.AppendUint32(bytes.Clone(nonce), counter)
	return pbkdf2.Key(sha256.New, string(word), salt, cost, keyLength)
}

// sign is over the JSON as JavaScript writes it: nothing escaped for HTML.
func (i *Issuer) sign(p Parameters) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // numbers and texts only
	return mac(i.secret[0], bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func mac(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return h.Sum(nil)
}

// same compares without telling by its time how much is right.
func same(want []byte, got string) bool {
	b, err := hex.DecodeString(got)
	return err == nil && hmac.Equal(want, b)
}
