// "Nhận trên trình duyệt này": asks the browser for its address for messages, and sends it with the form.
"use strict";
(() => {
  const form = document.getElementById("this-browser");
  if (!form || !window.isSecureContext || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const button = form.querySelector("button");
  const says = (name, shown) => (form.querySelector(`[data-says="${name}"]`).hidden = !shown);
  says("insecure", false);
  button.disabled = false;

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (each) => each.charCodeAt(0));
  }

  async function subscription() {
    const registration = await navigator.serviceWorker.register("/notices-worker.js");
    await navigator.serviceWorker.ready;
    const known = await registration.pushManager.getSubscription();
    if (known) await known.unsubscribe(); // an older station's key would be refused
    const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) };
    return registration.pushManager.subscribe(options);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    says("denied", false);
    try {
      form.elements.target.value = JSON.stringify(await subscription());
      form.submit();
    } catch {
      says("denied", true);
      button.disabled = false;
    }
  });
})();
