/** Reads the flat XML of S3's answers. They have no attributes that matter, and no CDATA. */

/** The content of the first `<name>`, unescaped; undefined when there is none. */
export function textIn(xml: string, name: string): string | undefined {
  const [text] = blocksIn(xml, name);
  return text === undefined ? undefined : unescapeXml(text);
}

/** What is inside each `<name>`, as it stands. An element of that name must not hold another. */
export function blocksIn(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return [...xml.matchAll(pattern)].map(([, content = '']) => content);
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return decimal ? String.fromCodePoint(Number(decimal)) : (NAMED[name] ?? whole);
  });
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"'\r\n]/g, (character) => `&#${character.codePointAt(0)};`);
}
