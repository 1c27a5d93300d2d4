// What can be heard: one audio context for all, which browsers let speak only after the page's first click or key.
let context = null;

export function bindSound() {
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => context?.resume());
}

/** Tones one after the other, each a frequency in Hz; silent while the browser forbids it. */
export function play(frequencies, { volume, seconds, wave }) {
  context ??= new AudioContext();
  if (context.state !== "running") return;
  frequencies.forEach((frequency, place) => {
    const tone = new OscillatorNode(context, { frequency, type: wave });
    const gain = new GainNode(context, { gain: volume });
    tone.connect(gain).connect(context.destination);
    tone.start(context.currentTime + place * seconds * 1.2);
    tone.stop(context.currentTime + place * seconds * 1.2 + seconds);
  });
}
