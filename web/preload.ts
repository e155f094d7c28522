import type { Plugin } from "vite";

/** What Vite calls before a part of the program is fetched: so short that it does not weigh on every page. Style sheets are none of its matters, there is only one. */
const helper = `const asked = new Set();
export const __vitePreload = (load, files = []) => {
  for (const file of files) {
    if (asked.has(file)) continue;
    asked.add(file);
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", crossOrigin: "", href: "/" + file }));
  }
  return load();
};`;

/** Asks for what a part of the program needs together with the part, and not one after another. */
export const preload = (): Plugin => ({
  name: "preload",
  apply: "build",
  enforce: "pre",
  load: (id) => (id === "\0vite/preload-helper.js" ? helper : null),
});
