package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"sipas/internal/survey"
)

// The cost of argon2id: the second of the settings that OWASP's password
// storage cheat sheet recommends, 19 MiB and two passes.
const (
	hashMemory  = 19 * 1024 // KiB
	hashPasses  = 2
	hashThreads = 1
	hashLength  = 32
	saltLength  = 16
)

// parallelHashes bounds how many passwords are hashed at once, and so the
// memory that signing in can take.
const parallelHashes = 2

// Bounds of a password, in characters.
const (
	shortestPassword = 8
	longestPassword  = 200
)

// nobodysHash is checked when there is no such account, so that this takes as
// long as when there is one. No password has it: its key is all zeros.
var nobodysHash = phc(hashMemory, hashPasses, hashThreads, make([]byte, saltLength), make([]byte, hashLength))

func phc(memory, passes uint32, threads uint8, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, memory, passes, threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// hash returns the PHC string of password with a fresh salt.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < shortestPassword || n > longestPassword {
		return "", survey.Bad("auth.hash", "password", "account.bad_password", shortestPassword, longestPassword)
	}
	salt := make([]byte, saltLength)
	if _, err := io.ReadFull(s.random, salt); err != nil {
		return "", fmt.Errorf("auth: random bits: %w", err)
	}
	key, err := s.argon2(ctx, password, salt, hashPasses, hashMemory, hashThreads, hashLength)
	if err != nil {
		return "", err
	}
	return phc(hashMemory, hashPasses, hashThreads, salt, key), nil
}

// verify reports whether hash is of password.
func (s *Service) verify(ctx context.Context, hash, password string) (bool, error) {
	var version int
	var memory, passes uint32
	var threads uint8
	fields := strings.Split(hash, "$")
	if len(fields) != 6 || fields[1] != "argon2id" {
		return false, fmt.Errorf("auth: not an argon2id hash")
	}
	if _, err := fmt.Sscanf(fields[2]+" "+fields[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil {
		return false, fmt.Errorf("auth: argon2id parameters: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil {
		return false, fmt.Errorf("auth: argon2id salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil {
		return false, fmt.Errorf("auth: argon2id key: %w", err)
	}
	if version != argon2.Version || len(want) == 0 {
		return false, fmt.Errorf("auth: argon2id version %d", version)
	}
	if utf8.RuneCountInString(password) > longestPassword {
		password = "" // no account has it; and hashing a book takes time
	}
	got, err := s.argon2(ctx, password, salt, passes, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, err
}

// argon2 waits for its turn, so that a crowd cannot take all the memory.
func (s *Service) argon2(ctx context.Context, password string, salt []byte, passes, memory uint32, threads uint8, length uint32) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, &survey.Error{Kind: survey.Unavailable, Op: "auth.argon2", Err: ctx.Err()}
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, threads, length), nil
}
