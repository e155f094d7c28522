import type { Page } from "./page.ts";

export const page: Page = {
  path: "/unit/:unit?",
  menu: { order: 2, label: "nav.units", href: "/unit" },
  texts: ["unit"],
  load: () => import("./Unit.svelte"),
};
