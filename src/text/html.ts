// html: a template in which every value is escaped, so that text of a log or a configuration stays text.
// In: template and values; out: markup. Invariant: only what this tag made is taken as it is; nothing else ever is.
// Example: html`<p>${'<b>'}</p>` → `<p>&lt;b&gt;</p>`.

/** Markup that `html` made. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** What can stand in a template. */
export type HtmlValue = string | number | Html | readonly (string | number | Html)[];

/** Makes markup; every value but markup itself is escaped, for text and for quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = parts[0]!;
  values.forEach((value, index) => {
    markup += markupOf(value) + parts[index + 1]!;
  });
  return new Html(markup);
}

function markupOf(value: HtmlValue): string {
  if (Array.isArray(value)) return (value as readonly (string | number | Html)[]).map(markupOf).join('');
  return value instanceof Html ? value.markup : escapeText(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, sign => ESCAPES[sign]!);
}
