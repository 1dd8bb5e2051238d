// A proof of work: ALTCHA's widget lets this machine search for it while the answers stay where they are. This file
// and the widget are loaded only where the server has asked for a proof, and nothing is sent to anyone else.
const files = {
  widget: "static:vendor/altcha/altcha.min.js",
  style: "static:vendor/altcha/altcha.css",
  worker: "static:vendor/altcha/pbkdf2.js",
};

let ready;
function load() {
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: files.style });
  document.head.append(style);
  return import(files.widget).then(() => {
    globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(files.worker));
  });
}

function line(text, role) {
  const p = document.createElement("p");
  p.className = "note";
  if (role) p.setAttribute("role", role);
  p.textContent = text;
  return p;
}

/**
 * Searches inside an element of the page and gives the proof, or "" where this machine cannot: then waiting helps.
 * @param {Element} place emptied and filled with the widget
 * @param {object} challenge as the server asked
 * @param {Record<string, string>} words of the page's language
 */
export async function prove(place, challenge, words) {
  const status = line(words.verifying, "status");
  place.replaceChildren(line(words.why), status);
  const fail = () => {
    place.replaceChildren(line(words.failed, "status"));
    return "";
  };
  try {
    await (ready ??= load());
  } catch {
    ready = undefined;
    return fail();
  }
  const { lang } = document.documentElement;
  globalThis.$altcha.i18n.set(lang, { ...words, footer: "", ariaLinkLabel: "", enterCode: "", enterCodeAria: "", enterCodeFromImage: "", getAudioChallenge: "" });
  const widget = document.createElement("altcha-widget");
  widget.setAttribute("language", lang);
  widget.setAttribute("configuration", JSON.stringify({
    auto: "onload", challenge: JSON.stringify(challenge), hideFooter: true, hideLogo: true, humanInteractionSignature: false, minDuration: 0,
  }));
  return new Promise((done) => {
    widget.addEventListener("statechange", ({ detail: { state, payload } }) => {
      if (state === "verified") {
        status.textContent = words.verified;
        done(payload);
      } else if (state === "error") done(fail());
    });
    place.insertBefore(widget, status);
  });
}

// A page of the form that was answered with a challenge has it with it; the widget adds the proof to the form.
const asked = document.querySelector("#proof[data-challenge]");
if (asked) prove(asked, JSON.parse(asked.dataset.challenge), JSON.parse(asked.dataset.words));
