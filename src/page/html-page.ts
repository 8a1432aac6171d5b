import { type Html, htmlParts, joined } from './html.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** A self-contained page: style and script are inline, and it may load nothing. */
export const pageOf = (title: string, body: Html): string => joined(pageParts(title, [body].values()));

/** The same in parts, which are rendered one by one. */
export function pageParts(title: string, body: IteratorObject<Html>): IteratorObject<Html> {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return htmlParts`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${body}
<script>${{ markup: script }}</script>
</body>
</html>
`;
}
