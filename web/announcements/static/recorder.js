// Recording on the page: the microphone becomes a WAV file in the form's own file field, heard before it is sent.
"use strict";
(() => {
  const RATE = 24000; // the rate of a clip; a browser that cannot give it records at its own
  const HEADER_BYTES = 44;
  const QUIET = 0.06;
  const LOUD = 0.985;
  const JUDGED_BLOCKS = 3; // seconds

  function wav(blocks, rate) {
    const bytes = blocks.reduce((sum, block) => sum + block.byteLength, 0);
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    const word = (at, text) => [...text].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
    word(0, "RIFF");
    header.setUint32(4, HEADER_BYTES - 8 + bytes, true);
    word(8, "WAVEfmt ");
    header.setUint32(16, 16, true);
    header.setUint16(20, 1, true);
    header.setUint16(22, 1, true);
    header.setUint32(24, rate, true);
    header.setUint32(28, rate * 2, true);
    header.setUint16(32, 2, true);
    header.setUint16(34, 16, true);
    word(36, "data");
    header.setUint32(40, bytes, true);
    return new Blob([header, ...blocks], { type: "audio/wav" });
  }

  function clock(seconds) {
    return Math.floor(seconds / 60) + ":" + String(Math.floor(seconds % 60)).padStart(2, "0");
  }

  class Recorder {
    constructor(box) {
      this.box = box;
      this.form = box.closest("form");
      this.file = this.form.querySelector('input[type="file"]');
      this.blocks = [];
      this.address = null;
      this.part("player").append(this.player());
      this.part("start").addEventListener("click", () => this.start());
      this.part("stop").addEventListener("click", () => this.stop());
      this.file.addEventListener("change", () => this.forget());
      this.form.addEventListener("submit", (event) => this.address && this.send(event));
      addEventListener("beforeunload", (event) => (this.address || this.context) && event.preventDefault());
      box.hidden = false;
    }

    part(name) {
      return this.box.querySelector(`[data-part="${name}"]`);
    }

    player() {
      const sound = document.createElement("audio");
      sound.controls = true;
      sound.tabIndex = -1;
      sound.dataset.part = "sound";
      sound.setAttribute("aria-label", this.part("player").dataset.label);
      return sound;
    }

    // One sentence at a time; without a name none.
    say(name, words = "") {
      for (const each of this.box.querySelectorAll("[data-say]")) each.hidden = each.dataset.say !== name;
      if (words) this.box.querySelector(`[data-say="${name}"]`).textContent = words;
    }

    async start() {
      this.say();
      if (!window.isSecureContext || !navigator.mediaDevices || !window.AudioWorkletNode) return this.say("insecure");
      this.part("start").disabled = true;
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({
          audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
        });
        await this.listen();
      } catch (error) {
        this.close();
        this.say(error.name === "NotAllowedError" ? "refused" : error.name === "NotFoundError" ? "absent" : "failed");
      }
      this.part("start").disabled = false;
    }

    async listen() {
      this.forget();
      this.context = new AudioContext({ sampleRate: RATE });
      let source;
      try {
        source = this.context.createMediaStreamSource(this.stream);
      } catch {
        this.context.close();
        this.context = new AudioContext();
        source = this.context.createMediaStreamSource(this.stream);
      }
      await this.context.audioWorklet.addModule(this.box.dataset.worklet);
      const tap = new AudioWorkletNode(this.context, "tap", { channelCount: 1, channelCountMode: "explicit" });
      tap.port.addEventListener("message", (event) => this.hear(event.data));
      tap.port.start();
      source.connect(tap).connect(this.context.destination);
      this.stream.getAudioTracks()[0].addEventListener("ended", () => this.stop());
      this.blocks = [];
      this.peaks = [];
      this.show(true);
      this.part("stop").focus();
    }

    hear({ pcm, peak }) {
      if (!this.context) return;
      this.blocks.push(pcm);
      const seconds = (this.blocks.length * pcm.length) / this.context.sampleRate;
      const judged = Math.ceil((JUDGED_BLOCKS * this.context.sampleRate) / pcm.length);
      this.peaks.push(peak);
      if (this.peaks.length > judged) this.peaks.shift();
      this.part("level").value = Math.sqrt(peak);
      this.part("elapsed").textContent = clock(seconds);
      const loudest = Math.max(...this.peaks);
      if (loudest >= LOUD) this.say("loud");
      else if (loudest < QUIET && this.peaks.length >= judged) this.say("quiet");
      else this.say();
      const most = Number(this.box.dataset.mostMegabytes) * 1e6;
      if (HEADER_BYTES + (this.blocks.length + 1) * pcm.byteLength >= most) {
        this.stop();
        this.say("full");
      }
    }

    stop() {
      if (!this.context) return;
      const rate = this.context.sampleRate;
      this.close();
      this.show(false);
      if (!this.blocks.length) return this.say("failed");
      const sound = wav(this.blocks, rate);
      this.blocks = [];
      this.keep(new File([sound], this.box.dataset.name, { type: "audio/wav" }));
    }

    keep(file) {
      const files = new DataTransfer();
      files.items.add(file);
      this.file.files = files.files;
      this.address = URL.createObjectURL(file);
      this.part("sound").src = this.address;
      this.part("download").href = this.address;
      this.part("heard").hidden = false;
      this.part("sound").focus();
    }

    // What was recorded before gives way: to a new recording, or to a file somebody chose.
    forget() {
      if (this.address) URL.revokeObjectURL(this.address);
      this.address = null;
      this.part("sound").removeAttribute("src");
      this.part("heard").hidden = true;
      this.say();
    }

    close() {
      if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
      if (this.context) this.context.close();
      this.stream = this.context = null;
    }

    show(recording) {
      this.part("start").hidden = recording;
      this.part("running").hidden = !recording;
    }

    // Sent by script, so that a refusal or a lost connection leaves the recording where it is.
    send(event) {
      event.preventDefault();
      const progress = this.part("progress");
      const request = new XMLHttpRequest();
      const buttons = [...this.form.querySelectorAll("button")];
      const rest = (sending) => {
        buttons.forEach((button) => (button.disabled = sending));
        progress.hidden = !sending;
      };
      this.say();
      request.upload.addEventListener("progress", (step) => (progress.value = step.loaded / step.total));
      request.addEventListener("load", () => {
        rest(false);
        if (request.status < 400) {
          this.forget();
          location.assign(request.responseURL);
          return;
        }
        const answer = new DOMParser().parseFromString(request.responseText, "text/html");
        const alert = answer.querySelector('[role="alert"]');
        this.say("unsent", alert ? alert.textContent.trim() : "");
      });
      request.addEventListener("error", () => {
        rest(false);
        this.say("lost");
      });
      request.open("POST", this.form.action);
      request.send(new FormData(this.form));
      rest(true);
    }
  }

  for (const box of document.querySelectorAll("[data-recorder]")) new Recorder(box);
})();
