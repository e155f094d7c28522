import type { Page } from "./page.ts";

export const page: Page = {
  path: "/data",
  menu: { order: 9, label: "nav.data", href: "/data" },
  texts: ["data"],
  load: () => import("./Data.svelte"),
};
