package web

import (
	"github.com/gofiber/fiber/v2"

	"sipas/internal/export"
	"sipas/internal/survey"
	"sipas/static"
)

var exportsView = newStaffView[exportsPage]("exports.html")

// exportsPage is where auditors take out raw responses.
type exportsPage struct {
	formBase
	Waves, Units, Formats []pick
	From, To              string
	Jobs                  []jobRow
	Running               bool
	Codebooks             []pick // questionnaires of the waves
}

// jobRow is one export in words.
type jobRow struct {
	ID       string
	Title    string
	State    export.JobState
	Words    string // what it is doing, or what stopped it
	Advice   string
	Progress export.Progress
	By       string
	Size     string
	Filter   string
	Inst     survey.InstrumentID
	Mark     string
	SHA256   string
	File     string
	When     string
}

// refreshJobs is how often a page with running jobs loads itself again.
const refreshJobs = 3

func (s *server) exports(c *fiber.Ctx) error {
	r := export.Request{Wave: survey.WaveID(c.Query("wave")), Unit: survey.UnitCode(c.Query("unit")), Format: export.CSV}
	if v := s.viewer(c); r.Wave == "" && len(v.waves()) > 0 {
		r.Wave = v.usualWave(v.waves(), "").ID
	}
	return s.renderExports(c, fiber.StatusOK, r, "", "", nil)
}

func (s *server) renderExports(c *fiber.Ctx, status int, r export.Request, from, to string, faults []formFault) error {
	v := s.viewer(c)
	p := exportsPage{formBase: formBase{s.staff(c, v, "exports"), faults}, From: from, To: to}
	p.Waves = v.wavePicks(r.Wave, false)
	p.Units = v.everyUnit(p.Printer, r.Unit)
	if v.who.Unit == "" {
		p.Units = append([]pick{{"", p.T("staff.export.all_units"), r.Unit == ""}}, p.Units...)
	}
	for _, f := range export.Formats {
		p.Formats = append(p.Formats, pick{string(f), p.T("staff.export.format." + string(f)), f == r.Format})
	}
	seen := map[survey.InstrumentID]bool{}
	for _, w := range v.cat.WaveList() {
		if in := v.cat.Instruments[w.Instrument]; in != nil && !seen[in.ID] {
			seen[in.ID] = true
			p.Codebooks = append(p.Codebooks, pick{Value: string(in.ID), Text: in.Title.In(p.Lang)})
		}
	}
	for _, j := range s.Exports.Jobs() {
		if s.mayFetch(v, j) {
			p.Jobs = append(p.Jobs, s.jobRow(v, p.staffPage, j))
			p.Running = p.Running || !j.Over()
		}
	}
	if p.Running {
		p.Refresh = refreshJobs
	}
	return exportsView.render(c, status, p)
}

// mayFetch reports whether the reader may see a job and its file: one's own,
// and an administrator all.
func (s *server) mayFetch(v viewer, j export.Job) bool {
	return v.who.CanManage() || v.who.CanAudit() && j.By == v.who.Name
}

// jobRow says a job in words.
func (s *server) jobRow(v viewer, p staffPage, j export.Job) jobRow {
	wave, unit := string(j.Wave), p.T("staff.export.all_units")
	if w := v.cat.Waves[j.Wave]; w != nil {
		wave = w.Name
	}
	if u, ok := v.cat.Tree.Unit(j.Unit); ok {
		unit = u.Name
	}
	r := jobRow{
		ID: j.ID, State: j.State, By: j.By, Progress: j.Progress, File: j.File,
		Title: p.T("staff.export.job", wave, unit, p.T("staff.export.short."+string(j.Format))),
		When:  p.DateTime(j.CreatedAt.In(s.Zone)),
	}
	switch j.State {
	case export.Running:
		if j.Progress.Head == 0 {
			r.Words, r.State = p.T("staff.export.begins"), export.Waiting
			break
		}
		r.Words = p.T("staff.export.running", j.Progress.Scanned, j.Progress.Head, j.Progress.Rows)
	case export.Failed:
		r.Words = s.say(p.Printer, "staff."+j.Reason+".why", "staff.export.other.why", []any{j.Progress.Rows})
		r.Advice = s.say(p.Printer, "staff."+j.Reason+".advice", "staff.export.other.advice", nil)
	case export.Waiting, export.Cancelled:
		r.Words = p.T("staff.export." + string(j.State))
	}
	m := j.Manifest
	if m == nil {
		return r
	}
	r.Words = p.N("staff.export.done", m.Rows)
	r.Size, r.SHA256, r.Inst = sizeOf(p, m.Bytes), m.SHA256, m.Instrument.ID
	r.Mark = p.T("staff.export.empty_mark")
	if m.Watermark.At != nil {
		r.Mark = p.T("staff.export.mark", m.Watermark.Seq, p.DateTime(m.Watermark.At.In(s.Zone)))
	}
	if r.Filter = p.T("staff.export.filter.unit", unit); j.Unit == "" {
		r.Filter = p.T("staff.export.filter.none")
	}
	if !j.Period.Whole() {
		r.Filter += " " + p.T("staff.export.filter.days", j.Period.From.Date(), j.Period.To.Date())
	}
	return r
}

// sizeOf writes a number of bytes for people.
func sizeOf(p staffPage, bytes int64) string {
	switch b := float64(bytes); {
	case bytes < 1000:
		return p.T("staff.size.bytes", bytes)
	case b < 1e6:
		return p.T("staff.size.kb", p.Decimal(b/1e3, 0))
	default:
		return p.T("staff.size.mb", p.Decimal(b/1e6, 1))
	}
}

func (s *server) postExport(c *fiber.Ctx) error {
	form := formOf(c)
	r := export.Request{
		Wave: survey.WaveID(form.Get("wave")), Unit: survey.UnitCode(form.Get("unit")), Format: export.Format(form.Get("format")),
	}
	from, to := form.Get("from"), form.Get("to")
	v := s.viewer(c)
	if r.Unit == "" {
		r.Unit = v.who.Unit // some see one subtree only
	}
	if r.Unit != "" && !v.sees(r.Unit) {
		return survey.Missing("web.postExport", "unit.unknown", string(r.Unit))
	}
	p := s.staff(c, v, "exports")
	var faults []formFault
	if from != "" || to != "" {
		days, bad := readDays(from, to)
		r.Period = days
		for _, b := range bad {
			faults = append(faults, formFault{b.Field, s.say(p.Printer, b.Key, "error.field", b.Args)})
		}
	}
	if len(faults) > 0 {
		return s.renderExports(c, fiber.StatusUnprocessableEntity, r, from, to, faults)
	}
	if _, err := s.Exports.Start(c.UserContext(), who(c).Name, r); err != nil {
		if faults, err = s.faults(p, err); err != nil {
			return err
		}
		return s.renderExports(c, fiber.StatusUnprocessableEntity, r, from, to, faults)
	}
	return c.Redirect("/app/exports?said=export", fiber.StatusSeeOther)
}

// jobOf finds a job that the reader may fetch.
func (s *server) jobOf(c *fiber.Ctx) (export.Job, error) {
	j, err := s.Exports.Job(c.Params("job"))
	if err == nil && !s.mayFetch(s.viewer(c), j) {
		err = survey.Missing("web.jobOf", "export.no_job")
	}
	return j, err
}

// exportFile sends the file of a job. It is streamed from disk, however large.
func (s *server) exportFile(c *fiber.Ctx) error {
	j, err := s.jobOf(c)
	if err != nil {
		return err
	}
	f, err := s.Exports.Open(j.ID)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	c.Attachment(j.File)
	c.Set(fiber.HeaderContentType, mediaTypes[j.Format])
	c.Context().SetBodyStream(f, int(info.Size())) // closes f when it is sent
	return nil
}

var mediaTypes = map[export.Format]string{
	export.CSV:    "text/csv; charset=utf-8",
	export.NDJSON: "application/x-ndjson",
	export.XLSX:   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

func (s *server) exportManifest(c *fiber.Ctx) error {
	j, err := s.jobOf(c)
	if err != nil {
		return err
	}
	if j.Manifest == nil {
		return survey.Missing("web.exportManifest", "export.no_file")
	}
	c.Attachment(j.File + ".manifest.json")
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(j.Manifest.JSON())
}

func (s *server) removeExport(c *fiber.Ctx) error {
	j, err := s.jobOf(c)
	if err != nil {
		return err
	}
	if err := s.Exports.Remove(j.ID); err != nil {
		return err
	}
	return c.Redirect("/app/exports", fiber.StatusSeeOther)
}

// codebook explains the columns of a questionnaire's raw files.
func (s *server) codebook(c *fiber.Ctx) error {
	id := c.Params("instrument")
	in := s.Catalog().Instruments[survey.InstrumentID(id)]
	if in == nil {
		return survey.Missing("web.codebook", "wave.unknown_instrument", id)
	}
	book := export.NewCodebook(in)
	if c.Query("format") == "csv" {
		c.Attachment("codebook-" + id + ".csv")
		c.Set(fiber.HeaderContentType, mediaTypes[export.CSV])
		return c.Send(book.CSV())
	}
	page, err := book.HTML(s.printer(c).Lang, static.URL("css/staff.css"))
	if err != nil {
		return err
	}
	return c.Type("html", "utf-8").Send(page)
}
