// The microphone: opened with a clear word when that fails, its level, and pieces of about 400 ms in the best form the
// browser has: Opus packets (AudioEncoder), slices of a recording (MediaRecorder), or plain samples.
(() => {
  "use strict";
  const PIECE_MS = 400;
  const PROBLEMS = { NotAllowedError: "noPermission", SecurityError: "noPermission", NotFoundError: "noMicrophone",
    OverconstrainedError: "noMicrophone", NotReadableError: "busy", AbortError: "busy" };

  const problem = (name) => Object.assign(new Error(name), { problem: name });

  async function openMicrophone() {
    if (!window.isSecureContext) throw problem("noHttps");
    if (!navigator.mediaDevices || !window.AudioContext) throw problem("tooOld");
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
    } catch (error) {
      throw problem(PROBLEMS[error.name] || "noMicrophone");
    }
  }

  // At the rate of Opus, whatever the device's is; some browsers refuse a microphone of another rate.
  function listening(stream) {
    try {
      const context = new AudioContext({ sampleRate: OPUS.sampleRate });
      return [context, context.createMediaStreamSource(stream)];
    } catch {
      const context = new AudioContext();
      return [context, context.createMediaStreamSource(stream)];
    }
  }

  const loudest = (samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

  const pcm16 = (blocks) => {
    const whole = new Int16Array(blocks.reduce((count, block) => count + block.length, 0));
    let at = 0;
    for (const block of blocks) {
      for (const sample of block) {
        whole[at] = Math.max(-1, Math.min(1, sample)) * 32767;
        at += 1;
      }
    }
    return new Uint8Array(whole.buffer);
  };

  const OPUS = { codec: "opus", sampleRate: 48000, numberOfChannels: 1, bitrate: 32000, opus: { frameDuration: 20000 } };

  async function hasOpus(rate) {
    if (rate !== 48000 || !window.AudioEncoder || !window.AudioData) return false;
    try {
      return (await AudioEncoder.isConfigSupported(OPUS)).supported === true;
    } catch {
      return false;
    }
  }

  const sliceType = () => ["audio/webm;codecs=opus", "audio/ogg;codecs=opus"].find(
    (type) => window.MediaRecorder && MediaRecorder.isTypeSupported(type));

  // Packets of the encoder, each behind its length, as many as make a piece.
  function opusMaker(give) {
    let packets = [], took = 0, at = 0;
    const encoder = new AudioEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        packets.push(bytes);
        if (packets.length * 20 < PIECE_MS) return;
        const body = new Uint8Array(packets.reduce((size, each) => size + each.length + 2, 0));
        let place = 0;
        for (const each of packets) {
          body.set([each.length >> 8, each.length & 255], place);
          body.set(each, place + 2);
          place += each.length + 2;
        }
        give({ kind: "opus", rate: 48000, atMs: at, body });
        at += packets.length * 20;
        packets = [];
      },
      error: () => {},
    });
    encoder.configure(OPUS);
    return (samples) => {
      const data = new AudioData({ format: "f32", sampleRate: 48000, numberOfFrames: samples.length, numberOfChannels: 1,
        timestamp: Math.round(took / 48000 * 1e6), data: samples });
      took += samples.length;
      encoder.encode(data);
      data.close();
    };
  }

  function pcmMaker(give, rate) {
    let blocks = [], at = 0;
    return (samples) => {
      blocks.push(samples);
      const ms = Math.round(blocks.length * 100);
      if (ms < PIECE_MS) return;
      give({ kind: "pcm", rate, atMs: at, body: pcm16(blocks) });
      at += ms;
      blocks = [];
    };
  }

  class Capture {
    // onLevel(0..1) ten times a second.
    static async open(worklet, onLevel) {
      const stream = await openMicrophone();
      const [context, source] = listening(stream);
      await context.resume();
      const capture = new Capture(stream, context);
      const take = (samples) => {
        onLevel(loudest(samples));
        if (capture.maker) capture.maker(samples);
      };
      if (context.audioWorklet) {
        await context.audioWorklet.addModule(worklet);
        capture.node = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
        capture.node.port.onmessage = (event) => take(event.data);
      } else {
        throw problem("tooOld");
      }
      source.connect(capture.node);
      return capture;
    }

    constructor(stream, context) {
      Object.assign(this, { stream, context, maker: null, recorder: null });
    }

    // give({kind, rate, atMs, body}) for every piece from now on.
    async begin(give) {
      const rate = this.context.sampleRate;
      if (await hasOpus(rate)) {
        this.maker = opusMaker(give);
      } else if (sliceType()) {
        this.slices(give);
      } else {
        this.maker = pcmMaker(give, rate);
      }
    }

    slices(give) {
      const began = performance.now();
      this.recorder = new MediaRecorder(this.stream, { mimeType: sliceType(), audioBitsPerSecond: 32000 });
      this.recorder.ondataavailable = async (event) => {
        if (!event.data.size) return;
        const body = new Uint8Array(await event.data.arrayBuffer());
        give({ kind: "slice", rate: 48000, atMs: Math.round(performance.now() - began), body });
      };
      this.recorder.start(PIECE_MS);
    }

    close() {
      this.maker = null;
      if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
      for (const track of this.stream.getTracks()) track.stop();
      this.context.close();
    }
  }

  window.LoaCapture = Capture;
})();
