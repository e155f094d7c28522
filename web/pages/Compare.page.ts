import type { Page } from "./page.ts";

export const page: Page = {
  path: "/compare/:id?",
  menu: { order: 3.5, label: "nav.compare", href: "/compare" },
  texts: ["compare"],
  load: () => import("./Compare.svelte"),
};
