import type { Page } from "./page.ts";

export const page: Page = {
  path: "/indicator/:id?",
  menu: { order: 3, label: "nav.indicators", href: "/indicator" },
  texts: ["indicator"],
  load: () => import("./Indicator.svelte"),
};
