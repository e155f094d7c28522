import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { textPartsPlugin } from "./text-parts.ts";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [svelte(), textPartsPlugin()],
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
      output: {
        // What most pages share comes as one part: packed together it is smaller, and one request.
        codeSplitting: {
          groups: [{ name: "common", minShareCount: 8, test: /[\\/](web|pipelines|svelte)[\\/]/ }],
        },
      },
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
});
