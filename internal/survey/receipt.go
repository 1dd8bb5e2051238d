package survey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// Receipt proves to a citizen that a response is held: twelve characters in
// three groups of four, "7K2M-Q9XA-34FT". It is made of the response's seq and
// id and the deployment's key, so nothing needs to be stored or indexed for it.
//
// The number inside has 58 bits: 24 of HMAC-SHA-256 over the id, then 34 of
// seq under a mask that depends on those 24. Without the key neither can be
// told from the code, and one guess in 16 million names a response.
type Receipt string

const (
	receiptLength  = 12
	receiptSeqBits = 34
	receiptMacBits = 24
)

// ReceiptKey makes and reads receipts.
type ReceiptKey []byte

// Receipt returns the receipt of the response with seq and id.
func (k ReceiptKey) Receipt(seq int64, id string) Receipt {
	mac := k.mac(id)
	n := mac<<receiptSeqBits | (uint64(seq)^k.mask(mac))&(1<<receiptSeqBits-1)
	code := make([]byte, receiptLength)
	for i := len(code) - 1; i >= 0; i-- {
		code[i] = PointAlphabet[n%uint64(len(PointAlphabet))]
		n /= uint64(len(PointAlphabet))
	}
	return Receipt(string(code[:4]) + "-" + string(code[4:8]) + "-" + string(code[8:]))
}

// Seq returns the seq that a receipt was made for; the caller compares
// Receipt(seq, id of that response) with it before believing it.
func (k ReceiptKey) Seq(r Receipt) (seq int64, ok bool) {
	code := Plain(string(r))
	if len(code) != receiptLength {
		return 0, false
	}
	var n uint64
	for _, c := range code {
		i := strings.IndexRune(PointAlphabet, c)
		if i < 0 {
			return 0, false
		}
		n = n*uint64(len(PointAlphabet)) + uint64(i)
	}
	mac := n >> receiptSeqBits
	return int64((n ^ k.mask(mac)) & (1<<receiptSeqBits - 1)), mac < 1<<receiptMacBits
}

// Plain is a code as it is compared: upper case, without the spaces and
// hyphens that people put into it.
func Plain(code string) string {
	if strings.IndexFunc(code, notPlain) < 0 {
		return code // as nearly all are that machines send
	}
	return strings.ToUpper(separators.Replace(code))
}

var separators = strings.NewReplacer("-", "", " ", "")

func notPlain(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }

func (k ReceiptKey) mac(id string) uint64 { return k.sum("id", []byte(id)) >> (64 - receiptMacBits) }

func (k ReceiptKey) mask(mac uint64) uint64 {
	return k.sum("mask", binary.BigEndian.AppendUint64(nil, mac))
}

func (k ReceiptKey) sum(use string, data []byte) uint64 {
	h := hmac.New(sha256.New, k)
	h.Write([]byte(use))
	h.Write(data)
	return binary.BigEndian.Uint64(h.Sum(nil))
}
