package web

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/gofiber/fiber/v2"
)

// csvOf writes rows as spreadsheets open them, Vietnamese whole: with a mark of
// its encoding and lines that end in CRLF.
func csvOf(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("web.csvOf: %w", err)
	}
	return b.Bytes(), nil
}

// sendCSV answers with rows as a file; name is without its ending.
func sendCSV(c *fiber.Ctx, name string, rows [][]string) error {
	b, err := csvOf(rows)
	if err != nil {
		return err
	}
	c.Attachment(name + ".csv")
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	return c.Send(b)
}
