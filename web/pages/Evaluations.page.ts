import type { Page } from "./page.ts";

export const page: Page = {
  path: "/evaluations",
  texts: ["evaluation"],
  load: () => import("./Evaluations.svelte"),
};
