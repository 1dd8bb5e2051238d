// What is heard and felt: a question read aloud, a tick and a short shake for a press.

/** The recorded file of a question and a voice of the device, whichever there are. */
export function readerOf(lang, file) {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const voice = voices.find((v) => v.lang.toLowerCase().split(/[-_]/)[0] === lang);
  return file || voice ? { file, voice } : null;
}

let playing;

/** Stops reading. */
export function hush() {
  globalThis.speechSynthesis?.cancel();
  playing?.pause();
  playing = null;
}

/** Reads a question: its recording, or else its sentences. */
export function readAloud({ file, voice }, sentences) {
  hush();
  if (!file) return say(voice, sentences);
  const mine = (playing = new Audio(file));
  mine.play().catch(() => voice && playing === mine && say(voice, sentences)); // it is not there, or not here yet
}

function say(voice, sentences) {
  for (const text of sentences) {
    const said = new SpeechSynthesisUtterance(text);
    Object.assign(said, { voice, lang: voice.lang, rate: 0.9 });
    speechSynthesis.speak(said);
  }
}

let sounds;

/** A press is heard and felt. */
export function tickSound() {
  navigator.vibrate?.(15);
  try {
    sounds ??= new AudioContext();
    if (sounds.state === "suspended") sounds.resume();
    const tone = sounds.createOscillator();
    const loud = sounds.createGain();
    tone.frequency.value = 660;
    loud.gain.setValueAtTime(0.08, sounds.currentTime);
    loud.gain.exponentialRampToValueAtTime(0.0001, sounds.currentTime + 0.08);
    tone.connect(loud).connect(sounds.destination);
    tone.start();
    tone.stop(sounds.currentTime + 0.09);
  } catch {} // no sound here: the screen has changed all the same
}
