package survey

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// PINVerifier lets a kiosk check the PIN that staff leave it with, without the
// network and without knowing it: PBKDF2 with SHA-256, which every browser has.
// A PIN is short, so this keeps out a passer-by, not who takes the device apart.
type PINVerifier struct {
	Salt   string `json:"salt"` // hex
	Rounds int    `json:"rounds"`
	Hash   string `json:"hash"` // hex, of 32 bytes
}

const (
	pinRounds   = 100_000 // a quarter of a second on a cheap tablet
	shortestPIN = 4
	longestPIN  = 8
)

// NewPIN makes the verifier of a PIN of four to eight digits.
func NewPIN(pin string, salt [16]byte) (PINVerifier, error) {
	const op = "survey.NewPIN"
	if len(pin) < shortestPIN || len(pin) > longestPIN || strings.Trim(pin, "0123456789") != "" {
		return PINVerifier{}, Bad(op, string(PINSetting), "device.bad_pin", shortestPIN, longestPIN)
	}
	sum, err := pbkdf2.Key(sha256.New, pin, salt[:], pinRounds, sha256.Size)
	if err != nil {
		return PINVerifier{}, fmt.Errorf("%s: %w", op, err)
	}
	return PINVerifier{hex.EncodeToString(salt[:]), pinRounds, hex.EncodeToString(sum)}, nil
}

// String writes v as the value of PINSetting.
func (v PINVerifier) String() string {
	return v.Salt + "$" + strconv.Itoa(v.Rounds) + "$" + v.Hash
}

// ParsePIN reads a value of PINSetting, and reports whether it is one.
func ParsePIN(value string) (PINVerifier, bool) {
	parts := strings.Split(value, "$")
	if len(parts) != 3 {
		return PINVerifier{}, false
	}
	rounds, err := strconv.Atoi(parts[1])
	return PINVerifier{parts[0], rounds, parts[2]}, err == nil && rounds > 0
}
