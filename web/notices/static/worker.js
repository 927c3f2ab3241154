// Shows messages of the station in this browser, and opens what they are about.
"use strict";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    said = {};
  }
  const title = typeof said.title === "string" ? said.title : "Loa Làng";
  const options = { tag: said.id, data: { link: said.link }, requireInteraction: true };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const asked = new URL(event.notification.data.link || "/", self.location.origin);
  // never away from this console, whatever a message says
  const path = asked.pathname.startsWith("/notices/") ? asked.pathname : "/";
  event.waitUntil(self.clients.openWindow(new URL(path, self.location.origin).href));
});
