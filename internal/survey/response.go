package survey

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Submission is what a client sends: one citizen's answers, before they are
// checked against the point, the wave and the instrument.
type Submission struct {
	ID          string // a UUID made by the client, so that a replay is harmless
	Point       PointCode
	Instrument  InstrumentID
	Locale      string
	Device      string // a paired device, or empty
	DeviceSeq   int64  // its own count of responses, from 1; 0 without a device
	Partial     bool   // the citizen left before the end
	StartedAt   time.Time
	SubmittedAt time.Time
	Answers     Answers
	Respondent  Answers
	Service     ServiceCode
	Comment     string
	Trap        bool // a field that people do not see was filled in
}

// Response is one citizen's answers as stored: written once, never changed.
type Response struct {
	Seq         int64 // 1, 2, 3 … without holes, in the order of commits
	ID          string
	Wave        WaveID
	Instrument  InstrumentID
	Unit        UnitCode
	Point       PointCode
	Channel     Channel
	Device      string
	DeviceSeq   int64 // 0 without a device
	Service     ServiceCode
	Locale      string
	StartedAt   time.Time
	SubmittedAt time.Time
	ReceivedAt  time.Time // when the transaction that stored it began
	Day         Day       // of SubmittedAt in the deployment's time zone; what it counts for
	State       State     // as it stands after the last judgement
	Reasons     []Reason  // of the last judgement
	Judgements  int       // how many were made; 0 when it is stored
	Trap        bool      // a field that people do not see was filled in
	Belated     bool      // made while its wave was open and brought in by staff later; not stored
	Answers     Sheet
	Respondent  Sheet
	Comment     string
	Digest      Digest
}

// State says whether a response counts.
type State string

// States of responses. Later judgements are rows of their own.
const (
	Counted     State = "counted"     // part of every figure
	Partial     State = "partial"     // stopped half-way: kept, not counted
	Quarantined State = "quarantined" // under suspicion: kept, not counted
	Rejected    State = "rejected"    // judged invalid: kept, not counted
)

// States lists every state in the order it is shown.
var States = []State{Counted, Partial, Quarantined, Rejected}

// Digest is the SHA-256 of what makes two bodies the same.
type Digest [sha256.Size]byte

// digest covers all that the client said. Every part is preceded by its
// length, so that no two responses share a text.
func (r *Response) digest() Digest {
	h := sha256.New()
	var n [8]byte
	for _, part := range []string{
		r.ID, string(r.Point), string(r.Instrument), r.Device, string(r.Service), r.Locale,
		string(r.Answers), string(r.Respondent), r.Comment,
	} {
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	for _, t := range []time.Time{r.StartedAt, r.SubmittedAt} {
		binary.BigEndian.PutUint64(n[:], uint64(t.UnixMilli()))
		h.Write(n[:])
	}
	// Only where there is something to say, so that older digests stay true. The
	// trap is no part of what a citizen says.
	if r.DeviceSeq != 0 || r.State == Partial {
		binary.BigEndian.PutUint64(n[:], uint64(r.DeviceSeq))
		h.Write(n[:])
		h.Write([]byte(r.State))
	}
	return Digest(h.Sum(nil))
}

// Filter picks responses. The zero Filter picks all.
type Filter struct {
	Wave   WaveID            // empty: any
	Units  map[UnitCode]bool // nil: any; the units themselves, not their subtrees
	Period Period            // of Response.Day
}

// Fate is what became of a response that was handed to a store.
type Fate uint8

// Fates.
const (
	Stored     Fate = iota // new, and durable
	Replayed               // the same id with the same body was there already
	Clashed                // the same id with another body was there; this body is in quarantine
	WaveClosed             // its wave is not open; a belated one: nor closed without being published
)

// Outcome is a store's answer for one response. Seq, ReceivedAt and State are
// those of the response as it was stored, also when that was earlier; what was
// judged since is not looked up.
type Outcome struct {
	Fate       Fate
	Seq        int64
	ReceivedAt time.Time
	State      State
}

// Clash is a body that came under an id already taken by another body. It is
// kept whole and counts nowhere.
type Clash struct {
	ID         string
	Seq        int64 // of the response that has the id
	ReceivedAt time.Time
	Body       string // JSON of the contract
}
