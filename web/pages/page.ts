import type { Component } from "svelte";
import type { TextKey } from "../locales/text.ts";

/** A page's component; its parameters are those of its path. */
export type PageComponent = Component<{ parameters: Record<string, string> }>;

/** What a file `<Name>.page.ts` says of a page: where it lives, its place in the menu, and how its component is fetched. */
export interface Page {
  /** As `/unit/:unit?`. */
  path: string;
  /** Without it the page is not in the menu. */
  menu?: { order: number; label: TextKey; href: string };
  load: () => Promise<{ default: PageComponent | Component<Record<string, never>> }>;
}
