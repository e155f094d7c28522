import type { Page } from "./page.ts";

export const page: Page = {
  path: "/signals",
  menu: { order: 1.5, label: "nav.signals", href: "/signals" },
  texts: ["signals"],
  load: () => import("./Signals.svelte"),
};
