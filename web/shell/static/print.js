// Pages about nodes: a button that prints. Without JavaScript the browser's own menu does.
"use strict";
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
