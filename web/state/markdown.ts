import type { Options } from "markdown-it";

const options: Options = { html: false, linkify: false, breaks: true };

/** Text as HTML that holds nothing but what Markdown makes of it: no HTML of the writer's, no pictures, links of the web and mail only. */
export async function renderMarkdown(text: string): Promise<string> {
  const { default: Markdown } = await import("markdown-it");
  const markdown = new Markdown(options).disable("image");
  markdown.validateLink = (link) => /^(https?:|mailto:)/i.test(link.trim());
  return markdown.render(text);
}
