package web

import "github.com/gofiber/fiber/v2"

// routes is the whole URL surface. Whoever adds a page adds its line here.
func (s *server) routes(app *fiber.App) {
	app.Use(s.observe, secureHeaders, s.compress(), s.settle, s.deadline, s.sameOrigin, formBody)

	// Operators.
	app.Get("/healthz", s.healthz)
	app.Get("/readyz", s.readyz)
	app.Get("/metrics", s.metrics)

	// Anyone.
	app.Get("/static/*", s.static)
	app.Get("/audio/*", s.recording)
	app.Get("/sw.js", s.serviceWorker)
	app.Get("/k/:point/app.webmanifest", s.kioskManifest)
	app.Get("/", s.home)
	app.Get("/results", s.results)
	app.Get("/accessibility", s.access)
	app.Get("/results/:unit", s.unitResults)

	s.citizenRoutes(app)

	// Programs.
	api := app.Group("/api/v1", s.bearer)
	api.Get("/openapi.json", s.openAPI)
	api.Post("/responses", s.postResponse)
	api.Post("/responses/batch", s.postBatch)
	api.Get("/responses", s.getResponses)
	api.Post("/devices/pair", s.postPair)
	api.Post("/devices/heartbeat", devicesOnly, s.postHeartbeat)
	api.Get("/devices/kit", devicesOnly, s.getKit)
	api.Get("/points/:code", s.getPoint)
	api.Get("/instruments/:id", s.getInstrument)
	api.Get("/units", s.getUnits)
	api.Get("/waves", s.getWaves)
	api.Get("/index", s.getIndex)
	api.Get("/book", s.getBook)

	// Staff.
	app.Get("/login", s.showLogin)
	app.Post("/login", s.ownForm, s.postLogin)
	app.Post("/logout", s.postLogout)
	s.staffRoutes(app.Group("/app", s.staffOnly))
}

// citizenRoutes are the form and the receipt.
func (s *server) citizenRoutes(app fiber.Router) {
	app.Get("/s/:point", s.showForm)
	app.Post("/s/:point", s.postForm) // counts what is sent, not the parts before
	app.Get("/r/:receipt", s.showReceipt)
	app.Get("/r/:receipt/qr.svg", s.receiptQR)
	app.Get("/k", s.showKiosk)
	app.Get("/k/:point", s.showKiosk)
}

// staffRoutes are below /app; whoever comes here is signed in, see who(c).
func (s *server) staffRoutes(app fiber.Router) {
	s.figureRoutes(app)
	s.fieldRoutes(app)
	s.deskRoutes(app)
	s.bookRoutes(app)
}

// bookRoutes are the index book.
func (s *server) bookRoutes(app fiber.Router) {
	app.Get("/book", s.book)
	app.Get("/book.csv", s.bookCSV)
	app.Get("/book/league", s.bookLeague)
	app.Get("/book/league.csv", s.bookLeagueCSV)
	app.Get("/book/conference", s.bookConference)
	app.Get("/book/conference.xlsx", s.bookConferenceBook)
	app.Get("/book/conference.css", s.bookConferenceMargins)
	app.Get("/book/rules", s.commendRules)
	app.Post("/book/rules", s.postCommendRules) // whose entry is asked by unit
	app.Get("/book/together", s.bookTogether)
	app.Get("/book/types", s.bookTypes)
	app.Post("/book/types", managersOnly, s.postBookType)
	app.Get("/book/edit", s.bookEdit)
	app.Post("/book/edit", s.postBookEdit) // whose entry is asked by unit
	app.Get("/book/history", s.bookHistory)
}

// figureRoutes show the index, from near and far.
func (s *server) figureRoutes(app fiber.Router) {
	app.Get("/", s.whenMoved, s.dashboard)
	app.Get("/live", s.live)
	app.Get("/heatmap", s.heatMap)
	app.Get("/ranks", s.ranks)
	app.Get("/units", s.units)
	app.Get("/units/:code", s.whenMoved, s.unit)
	app.Get("/drivers", s.driversPage)
	app.Get("/breakdown", s.breakdown)
	app.Get("/breakdown.csv", s.breakdownCSV)
	app.Get("/explain", s.explain)
	app.Get("/explain.csv", s.explainCSV)
	app.Get("/report", s.report)
	app.Get("/report.xlsx", s.reportBook)
	app.Get("/report.css", s.reportMargins)

	app.Get("/compare", s.compare)
	app.Get("/compare.csv", s.compareCSV)

	app.Get("/annotations", s.notes)
	app.Post("/annotations", keepersOnly, s.postNote)
	app.Post("/annotations/:id/end", keepersOnly, s.endNote)
}

// fieldRoutes are how answers are collected and looked after.
func (s *server) fieldRoutes(app fiber.Router) {
	app.Get("/fieldwork", s.fieldwork)
	app.Get("/fieldwork.csv", s.fieldworkCSV)
	app.Get("/fieldwork/plan", keepersOnly, s.plan)
	app.Post("/fieldwork/plan", managersOnly, s.postPlan)
	app.Get("/fieldwork/plan.csv", keepersOnly, s.planCSV)

	app.Get("/waves", s.waves)
	app.Get("/waves/new", managersOnly, s.newWave)
	app.Post("/waves", managersOnly, s.postWave)
	app.Get("/waves/:wave", s.wave)
	app.Get("/waves/:wave/rules", s.rules)
	app.Post("/waves/:wave/rules", managersOnly, s.postRules)
	app.Get("/waves/:wave/sampling", managersOnly, s.sampling)
	app.Post("/waves/:wave/sampling", managersOnly, s.postSampling)
	app.Get("/waves/:wave/:step", managersOnly, s.askMove)
	app.Post("/waves/:wave/:step", managersOnly, s.postMove)

	app.Get("/points", s.points)
	app.Get("/points/new", managersOnly, s.newPoint)
	app.Post("/points", managersOnly, s.postPoint)
	app.Get("/points/:code/qr.svg", s.pointQR)
	app.Get("/points/:code/poster", s.poster)
	app.Get("/posters", s.posters)

	app.Get("/quality", s.quality)
	app.Get("/quality/:seq", s.showSuspect)
	app.Post("/quality/:seq", judgesOnly, s.postSuspect)

	app.Get("/comments", s.comments)
	app.Get("/comments/:seq", s.comment)
	app.Post("/comments/words", managersOnly, s.postWords)
	app.Post("/comments/:seq", judgesOnly, s.postComment)

	app.Get("/devices", s.devices)
	app.Get("/devices/new", keepersOnly, s.newDevice)
	app.Post("/devices", keepersOnly, s.postDevice)
	app.Get("/devices/code/:code", keepersOnly, s.pairing)
	app.Get("/devices/:id", s.device)
	app.Get("/devices/:id/revoke", keepersOnly, s.askRevoke)
	app.Post("/devices/:id/revoke", keepersOnly, s.postDeviceRevoke)
	app.Get("/settings", managersOnly, s.settings)
	app.Post("/settings", managersOnly, s.postSettings)
}

// deskRoutes are what auditors take out and administrators look after.
func (s *server) deskRoutes(app fiber.Router) {
	app.Get("/exports", auditorsOnly, s.exports)
	app.Post("/exports", auditorsOnly, s.postExport)
	app.Get("/exports/:job/file", auditorsOnly, s.exportFile)
	app.Get("/exports/:job/manifest", auditorsOnly, s.exportManifest)
	app.Post("/exports/:job/remove", auditorsOnly, s.removeExport)
	app.Get("/codebook/:instrument", s.codebook)

	app.Get("/accounts", managersOnly, s.accounts)
	app.Post("/accounts", managersOnly, s.postAccount)
	app.Post("/accounts/:name/password", managersOnly, s.postPassword)
	app.Post("/accounts/:name/disable", managersOnly, s.postDisable)
	app.Post("/accounts/:name/enable", managersOnly, s.postEnable)
	app.Post("/tokens", managersOnly, s.postToken)
	app.Post("/tokens/:name/revoke", managersOnly, s.postRevoke)
}
