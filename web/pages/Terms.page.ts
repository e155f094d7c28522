import type { Page } from "./page.ts";

export const page: Page = { path: "/terms", texts: ["explanations"], load: () => import("./Terms.svelte") };
