import { autocompletion, closeBrackets, completionKeymap, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, indentOnInput, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { PostgreSQL } from "@codemirror/lang-sql";
import { yaml, yamlLanguage } from "@codemirror/lang-yaml";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { parseMixed } from "@lezer/common";
import { tags } from "@lezer/highlight";
import { suggestionsAt } from "../../state/completion.ts";
import type { WorkFeed } from "../../state/vocabulary.ts";

/** What a text is: a definition file is YAML in a comment, then SQL. */
export type EditorLanguage = "definition" | "sql" | "yaml";

export interface EditorOptions {
  text: string;
  language: EditorLanguage;
  label: string;
  /** How it is left and what helps, said to who comes into it. */
  help: string;
  readOnly: boolean;
  feeds: () => readonly WorkFeed[];
  onchange: (text: string) => void;
}

/** A fault at a line of the text, from 1 on. */
export interface LineFault {
  line: number;
  message: string;
}

/** An editor of text in a shadow root, where its style sheets are objects: the content policy has no room for style elements. */
export class Editor {
  readonly #view: EditorView;
  readonly #options: EditorOptions;
  #faults: readonly LineFault[] = [];

  constructor(host: HTMLElement, options: EditorOptions) {
    this.#options = options;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    root.replaceChildren();
    const help = document.createElement("p");
    help.id = "help";
    help.hidden = true;
    help.textContent = options.help;
    const place = document.createElement("div");
    root.append(help, place);
    this.#view = new EditorView({ parent: place, root, state: this.#stateOf(options.text) });
  }

  /** Another text, from outside: what stays the same keeps its place and can be undone. */
  setText(text: string): void {
    const { state } = this.#view;
    const standing = state.sliceDoc();
    if (text === standing) return;
    // A query is kept without the space around it: that which is being written stays.
    if (this.#options.language === "sql" && tidy(text) === tidy(standing)) return;
    if (separatorOf(text) !== state.facet(EditorState.lineSeparator)) {
      this.#view.setState(this.#stateOf(text));
      return this.setFaults(this.#faults);
    }
    const wanted = state.toText(text);
    const [before, after] = [state.doc.toString(), wanted.toString()];
    let from = 0;
    while (from < before.length && before[from] === after[from]) from++;
    let tail = 0;
    while (tail < Math.min(before.length, after.length) - from && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const insert = wanted.slice(from, wanted.length - tail);
    this.#view.dispatch({ changes: { from, to: state.doc.length - tail, insert } });
  }

  setFaults(faults: readonly LineFault[]): void {
    this.#faults = faults;
    const { doc } = this.#view.state;
    const diagnostics = faults.map(({ line, message }) => {
      const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
      const begin = at.from + (at.text.length - at.text.trimStart().length);
      return { from: Math.min(begin, at.to), to: at.to, severity: "error" as const, message };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Brings the reader to a line. */
  goTo(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #stateOf(text: string): EditorState {
    const { language, label, readOnly, onchange } = this.#options;
    return EditorState.create({
      doc: text,
      extensions: [
        ...lineEnds(text),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        autocompletion({ override: [(context) => this.#complete(context)], icons: false }),
        // Tab is left alone: it goes on to what comes next on the page. What saves and computes is the page's.
        keymap.of([
          { key: "Mod-Enter", run: () => true },
          { key: "Mod-s", run: () => true },
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...lintKeymap,
        ]),
        languages[language],
        syntaxHighlighting(colours),
        theme,
        EditorState.readOnly.of(readOnly),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-describedby": "help",
          "aria-readonly": String(readOnly),
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onchange(update.state.sliceDoc());
        }),
      ],
    });
  }

  #complete(context: CompletionContext) {
    const { language, feeds } = this.#options;
    if (language === "yaml") return null;
    const found = suggestionsAt(context.state.doc.toString(), context.pos, feeds());
    if (!found || (found.from === context.pos && !context.explicit)) return null;
    return {
      from: found.from,
      options: found.options.map(({ text, detail, kind }) => ({
        label: text,
        ...(detail && detail !== text ? { detail } : {}),
        boost: kind === "word" ? -1 : 0,
        ...(text.includes("(") ? { apply: this.#applied(text) } : {}),
      })),
      validFor: /^[\w-]*$/,
    };
  }

  /** A call is put down with the cursor within. */
  #applied(text: string) {
    return (view: EditorView, _: unknown, from: number, to: number) => {
      const anchor = from + text.indexOf("(") + (text.includes("*") ? text.length - text.indexOf("(") : 1);
      view.dispatch({ changes: { from, to, insert: text }, selection: { anchor } });
    };
  }
}

const tidy = (sql: string): string => sql.trim().replace(/;$/, "");

/** How lines end, where all end so other than usual: each byte is kept. */
function separatorOf(text: string): string | undefined {
  const lines = text.match(/\n/g)?.length ?? 0;
  const windows = text.match(/\r\n/g)?.length ?? 0;
  if (!text.includes("\r")) return undefined;
  return windows === lines && text.match(/\r/g)!.length === windows ? "\r\n" : "\n";
}

const lineEnds = (text: string): Extension[] => {
  const separator = separatorOf(text);
  return separator === undefined ? [] : [EditorState.lineSeparator.of(separator)];
};

const opening = "/*---";

/** SQL whose comment at the head is YAML. */
const definition = PostgreSQL.language.configure({
  wrap: parseMixed((node, input) => {
    if (node.name !== "BlockComment" || input.read(node.from, node.from + opening.length) !== opening) return null;
    const overlay = [{ from: node.from + opening.length, to: Math.max(node.from + opening.length, node.to - 5) }];
    return { parser: yamlLanguage.parser, overlay };
  }),
});

const languages: Record<EditorLanguage, Extension> = {
  definition: new LanguageSupport(definition),
  sql: new LanguageSupport(PostgreSQL.language),
  yaml: yaml(),
};

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--blue)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--target)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--muted)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--blue)" },
  { tag: [tags.content], color: "var(--ink)" },
]);

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--page)",
    color: "var(--ink)",
    border: "1px solid var(--grey)",
    borderRadius: "4px",
    fontSize: "0.875rem",
  },
  "&.cm-focused": { outline: "2px solid var(--blue)", outlineOffset: "2px" },
  ".cm-scroller": {
    fontFamily: "ui-monospace, SFMono-Regular, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    lineHeight: "1.55",
  },
  ".cm-content": { padding: "0.5rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.6rem 0 0.35rem" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--blue) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--blue) 22%, transparent)",
  },
  ".cm-tooltip": {
    border: "1px solid var(--line)",
    borderRadius: "4px",
    backgroundColor: "var(--page)",
    color: "var(--ink)",
    boxShadow: "0 2px 12px rgb(0 0 0 / 0.14)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.6rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--blue)",
    color: "var(--page)",
  },
  ".cm-completionDetail": { marginLeft: "1rem", fontStyle: "normal", opacity: "0.8" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-diagnostic": { padding: "0.3rem 0.6rem", borderLeft: "3px solid var(--warn)", whiteSpace: "pre-wrap" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warn)",
    textUnderlineOffset: "0.2em",
    textDecorationSkipInk: "none",
  },
  ".cm-gutter-lint": { width: "1rem" },
  ".cm-lint-marker-error": {
    content: "''",
    width: "0.55rem",
    height: "0.55rem",
    borderRadius: "50%",
    backgroundColor: "var(--warn)",
  },
});
