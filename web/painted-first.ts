import type { Plugin } from "vite";

/** The letters of Dutch and English; those of other languages come when a page has any. */
const letters = /source-sans-3-latin-wght-normal-[\w-]+\.woff2$/;

/**
 * Has browsers fetch first what a page is painted with: the letters together with the style, so that its texts are not
 * painted a second time when they come, and the program, for which no reader waits, after those.
 */
export const paintedFirst = (): Plugin => ({
  name: "painted-first",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle }) {
      const file = Object.keys(bundle ?? {}).find((name) => letters.test(name));
      if (!file) throw new Error(`the build has no font ${letters.source}: see web/fonts.css`);
      const attrs = { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `/${file}` };
      return {
        html: html.replace(/<(script type="module"|link rel="modulepreload")/g, '$& fetchpriority="low"'),
        tags: [{ tag: "link", attrs, injectTo: "head" }],
      };
    },
  },
});
