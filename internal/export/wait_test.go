package export

// Wait waits until no job runs, for tests.
func (d *Desk) Wait() { d.wg.Wait() }
