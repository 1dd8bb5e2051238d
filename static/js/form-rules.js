// What the form decides without a page: which questions are asked, what a comment gives away, what is sent and when.
// It imports nothing, so that it can be put into form.js as it is.

/** Whether a question is asked after the answers so far; the same rule as survey.Condition. */
export function holds(c, given) {
  if (!c) return true;
  if (c.all) return c.all.every((d) => holds(d, given));
  if (c.any) return c.any.some((d) => holds(d, given));
  return [given[c.item]].flat().some((v) => c.in.includes(String(v)));
}

/** The questions that are asked, in order; an answer to a hidden question opens no other one. */
export function asked(questions, answers) {
  const given = {};
  return questions.filter((q) => {
    const yes = holds(q.if, given);
    if (yes && q.code in answers) given[q.code] = answers[q.code];
    return yes;
  });
}

// The same list as in form_personal.go.
const personal = [
  ["email", /[^\s@]+@[^\s@]+\.[A-Za-z]{2,}/],
  ["id", /\b(?:0\d{11}|[1-9]\d{8})\b/],
  ["phone", /(?:\+84|\b84|\b0)[ .-]?[235789](?:[ .-]?\d){8,9}\b/],
];

/** What in a comment names a person, and how it begins and ends: ["phone", "0912 … 678"]; or undefined. */
export function findPersonal(text) {
  for (const [kind, re] of personal) {
    const m = re.exec(text);
    if (m) return [kind, m[0].length > 7 ? `${m[0].slice(0, 4).trim()} … ${m[0].slice(-3).trim()}` : `${m[0].slice(0, 2)} …`];
  }
}

/** How long to wait before sending again, in ms: what the server asked for, or twice as long each time, with jitter. */
export function pause(tries, after, random) {
  return (after > 0 ? after * 1000 : Math.min(30_000, 1000 * 2 ** tries)) * (1 + random / 2);
}

/** The body of POST /api/v1/responses. Time runs from the server's start, so that a wrong clock does no harm. */
export function body(s, questions, frame, now) {
  const b = {
    ...frame, id: s.id, started_at: s.started,
    submitted_at: new Date(Date.parse(s.started) + Math.max(0, now - s.began)).toISOString(), answers: {}, respondent: {},
  };
  for (const q of asked(questions, s.a)) {
    if (q.code in s.a) b[q.who ? "respondent" : "answers"][q.code] = s.a[q.code];
  }
  if (s.comment) b.comment = s.comment;
  return b;
}
