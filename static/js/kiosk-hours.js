// Opening hours as the kit writes them: "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30", nothing over midnight.

const weekDays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** The parts of the hours: days from and to (0 is Monday), and spans in minutes. */
export function hoursOf(text) {
  return text.split(";").map((part) => part.trim().split(/\s+/)).filter((w) => w.length > 1).map(([days, ...spans]) => {
    const [from, to = from] = days.split("-").map((d) => weekDays.indexOf(d));
    return { from, to, spans: spans.map((s) => s.split("-").map((t) => t.split(":").reduce((h, m) => h * 60 + Number(m), 0))) };
  });
}

/** Whether an office with these hours is open at a moment; without hours it always is. */
export function openAt(text, zone, at) {
  const hours = hoursOf(text);
  if (!hours.length) return true;
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .formatToParts(at);
  const part = (type) => parts.find((p) => p.type === type).value;
  const day = weekDays.indexOf(part("weekday").toLowerCase());
  const minute = Number(part("hour")) * 60 + Number(part("minute"));
  const on = (h) => (h.from <= h.to ? day >= h.from && day <= h.to : day >= h.from || day <= h.to);
  return hours.some((h) => on(h) && h.spans.some(([a, b]) => minute >= a && minute < b));
}

/** The hours in a language: "Thứ Hai – Thứ Sáu 07:30–11:30, 13:30–17:00". */
export function hoursIn(text, lang) {
  const name = new Intl.DateTimeFormat(lang, { weekday: "long", timeZone: "UTC" });
  const day = (d) => name.format(new Date(Date.UTC(2024, 0, 1 + d))); // a Monday
  const clock = (m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
  return hoursOf(text).map(({ from, to, spans }) =>
    `${from === to ? day(from) : `${day(from)} – ${day(to)}`} ${spans.map(([a, b]) => `${clock(a)}–${clock(b)}`).join(", ")}`).join("; ");
}
