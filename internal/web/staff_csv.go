package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// csvOf writes rows as spreadsheets open them, Vietnamese whole: with a mark of
// its encoding and lines that end in CRLF. What somebody typed is no formula there.
func csvOf(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			row[i] = inert(cell)
		}
		if err := w.Write(row); err != nil {
			return nil, fmt.Errorf("web.csvOf: %w", err)
		}
	}
	if w.Flush(); w.Error() != nil {
		return nil, fmt.Errorf("web.csvOf: %w", w.Error())
	}
	return b.Bytes(), nil
}

// inert puts an apostrophe before text that a spreadsheet would take for a formula;
// a number with a sign is none.
func inert(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
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
