// Runs beside the page: hands on what the microphone hears as 16-bit blocks, each with its loudest sample.
"use strict";
class Tap extends AudioWorkletProcessor {
  static BLOCK = 1024;

  constructor() {
    super();
    this.start();
  }

  start() {
    this.pcm = new Int16Array(Tap.BLOCK);
    this.filled = 0;
    this.peak = 0;
  }

  process([input]) {
    for (const sample of input[0] || []) this.take(Math.max(-1, Math.min(1, sample)));
    return true;
  }

  take(sample) {
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.pcm[this.filled++] = Math.round(sample * 32767);
    if (this.filled < Tap.BLOCK) return;
    this.port.postMessage({ pcm: this.pcm, peak: this.peak }, [this.pcm.buffer]);
    this.start();
  }
}
registerProcessor("tap", Tap);
