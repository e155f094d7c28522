import type { Page } from "./page.ts";

export const page: Page = {
  path: "/review/:unit?/:half?",
  menu: { order: 4.5, label: "nav.review", href: "/review" },
  texts: ["review"],
  load: () => import("./Review.svelte"),
};
