import type { Page } from "./page.ts";

export const page: Page = {
  path: "/",
  menu: { order: 1, label: "nav.overview", href: "/" },
  texts: ["overview"],
  load: () => import("./Overview.svelte"),
};
