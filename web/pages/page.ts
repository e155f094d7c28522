import type { TextKey } from "../locales/text.ts";

/** What a page file says of itself, in its `page` export: where it lives, and its place in the menu. */
export interface Page {
  /** As `/unit/:unit?`. */
  path: string;
  /** Without it the page is not in the menu. */
  menu?: { order: number; label: TextKey; href: string };
}
