import type { Page } from "./page.ts";

export const page: Page = {
  path: "/results",
  texts: ["results"],
  // Without an order: the menu has no room for it; actions, reviews and target figures lead here.
  menu: { label: "nav.results", href: "/results" },
  load: () => import("./Results.svelte"),
};
