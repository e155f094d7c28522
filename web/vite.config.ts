import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { paintedFirst } from "./painted-first.ts";
import { preload } from "./preload.ts";
import { slimSvelte } from "./slim-svelte.ts";
import { textPartsPlugin } from "./text-parts.ts";

const ours = /[\\/](web|pipelines|svelte|rolldown)[\\/]/;

/** What many parts of the program need, and yet few pages at once. */
const seldom = /[\\/](bindings[\\/]input\.js|components[\\/]Downloads\.svelte|charts[\\/](tip|target)\.ts)$/;

/** What some pages have in common, by the part of the program that it makes: many small parts are packed less well. */
const together = {
  // Charts that a page shows at once.
  chart: /[\\/]web[\\/](components[\\/](VegaChart|PointReader)|charts[\\/]frame)\.\w+$/,
  trend: /[\\/]web[\\/](components[\\/]ChartKey|state[\\/]events|charts[\\/](trend-frame|limits|beside|points))\.\w+$/,
  figure: /[\\/]web[\\/](components[\\/]FaultMark|state[\\/]figure|charts[\\/](scale|tip|target))\.\w+$/,
  further: /[\\/]web[\\/](components[\\/](FaultLines|Later)|state[\\/]levels)\.\w+$/,
};

/** What browsers fetch of the program by itself: what most pages share is one part, and one request. */
const split = {
  groups: [
    { name: "common", minShareCount: 8, test: (id: string) => ours.test(id) && !seldom.test(id) },
    // Just these: what they need is in the parts above.
    ...Object.entries(together).map(([name, test]) => ({ name, test, includeDependenciesRecursively: false })),
  ].map((group, place) => ({ ...group, priority: -place })),
};

export default defineConfig(({ isSsrBuild }) => ({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [svelte({ compilerOptions: { runes: true } }), slimSvelte(), preload(), textPartsPlugin(), paintedFirst()],
  // In development too, charts take statistics from beside this folder, and fonts come from node_modules.
  server: { fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // One style sheet: a page that the server made looks right before any script has come.
    cssCodeSplit: false,
    // Fonts as files: the content policy has no room for data addresses.
    assetsInlineLimit: 0,
    // Vega is one large part, loaded only when a chart comes into view.
    chunkSizeWarningLimit: 1000,
    // Which files each page is made of, for what looks after their weight.
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: isSsrBuild ? {} : { codeSplitting: split },
      treeshake: {
        // What Svelte has for custom elements and for older components counts as doing something where it stands; nothing here is one.
        moduleSideEffects: [
          {
            test: /svelte[\\/]src[\\/](legacy|internal[\\/]client[\\/]dom[\\/](legacy|elements[\\/]custom-element))/,
            sideEffects: false,
          },
        ],
      },
    },
  },
}));
